/* What a store that answers OK when the disk has it cannot be faster than: one process appends
 * whatever lines have come from anybody to a file, has the file synced once for all of them, and
 * answers each with OK. It looks nothing up and remembers nothing.
 *   append_server PORT FILE */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { kMost = 128 };

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  signal(SIGPIPE, SIG_IGN);
  const int log = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((unsigned short)atoi(argv[1])),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (log < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) != 0) return 1;
  if (listen(listener, kMost) != 0) return 1;
  struct pollfd open[kMost] = {{.fd = listener, .events = POLLIN}};
  int count = 1;
  while (1) {
    if (poll(open, (nfds_t)count, -1) < 0) return 1;
    int lines[kMost] = {0};
    for (int i = 1; i < count; ++i) {
      if (open[i].revents == 0) continue;
      char bytes[65536];
      const ssize_t got = read(open[i].fd, bytes, sizeof bytes);
      if (got <= 0) {
        close(open[i].fd);
        open[i].fd = -1; /* poll() passes it over */
        continue;
      }
      for (ssize_t at = 0; at < got; ++at) lines[i] += bytes[at] == '\n';
      if (write(log, bytes, (size_t)got) != got) return 1;
    }
    int any = 0;
    for (int i = 1; i < count; ++i) any |= lines[i];
    if (any && fdatasync(log) != 0) return 1;
    for (int i = 1; i < count; ++i) {
      char answer[3 * 4096];
      size_t size = 0;
      for (; lines[i] > 0 && size < sizeof answer; --lines[i], size += 3)
        memcpy(answer + size, "OK\n", 3);
      if (size > 0 && write(open[i].fd, answer, size) < 0) open[i].fd = -1;
    }
    if (open[0].revents != 0) {
      int slot = 1;
      while (slot < count && open[slot].fd >= 0) ++slot;
      const int visitor = accept(listener, 0, 0);
      if (visitor < 0 || slot == kMost) return 1;
      open[slot] = (struct pollfd){.fd = visitor, .events = POLLIN};
      if (slot == count) ++count;
    }
  }
}
