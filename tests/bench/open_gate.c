// Preloaded into a sender, it takes the gate away that keeps file data out of the chat's way: the
// kernel seems to report a link without end. For the picture of what the gate is good for.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

int getsockopt(int fd, int level, int name, void *value, socklen_t *size) {
  static int (*real)(int, int, int, void *, socklen_t *);
  if (real == 0) *(void **)&real = dlsym(RTLD_NEXT, "getsockopt");
  const int result = real(fd, level, name, value, size);
  static unsigned long long acknowledged;
  if (result == 0 && level == IPPROTO_TCP && name == TCP_INFO && *size >= sizeof(struct tcp_info)) {
    ((struct tcp_info *)value)->tcpi_delivery_rate = 1000000000000ull;
    ((struct tcp_info *)value)->tcpi_bytes_acked = acknowledged += 1000000000ull;
  }
  return result;
}
