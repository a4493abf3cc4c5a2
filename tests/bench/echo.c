/* The smallest echo: what a connection on standard input says goes back. */
#include <unistd.h>

int main(void) {
  char buffer[4096];
  ssize_t count;
  while ((count = read(0, buffer, sizeof buffer)) > 0)
    for (ssize_t sent = 0, n; sent < count; sent += n)
      if ((n = write(0, buffer + sent, (size_t)(count - sent))) <= 0) return 1;
  return 0;
}
