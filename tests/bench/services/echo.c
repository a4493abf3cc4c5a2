/* The smallest echo: what comes on standard input goes to standard output. */
#include <unistd.h>

int main(void) {
  char buffer[4096];
  ssize_t count;
  while ((count = read(0, buffer, sizeof buffer)) > 0)
    for (ssize_t sent = 0, n; sent < count; sent += n)
      if ((n = write(1, buffer + sent, (size_t)(count - sent))) <= 0) return 1;
  return 0;
}
