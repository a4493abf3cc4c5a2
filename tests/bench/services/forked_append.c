/* What a store with a process for each visitor cannot be faster than, whose OK means that the disk
 * has it: each process appends its lines to one file under a lock; one of those that wait syncs it
 * for all, and all answer OK. Nothing is looked up or remembered, and no death is provided for.
 *   forked_append PORT FILE */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

struct shared {
  pthread_mutex_t appending, syncing;
  _Atomic unsigned long end, synced;
  _Atomic unsigned news;
};
static struct shared* shared;
static int file;

static void sync_to(unsigned long mine) {
  while (1) {
    const unsigned seen = shared->news;
    if (shared->synced >= mine) return;
    if (pthread_mutex_trylock(&shared->syncing) != 0) {
      syscall(SYS_futex, &shared->news, FUTEX_WAIT, seen, NULL, NULL, 0);
      continue;
    }
    const unsigned long end = shared->end;
    if (shared->synced < mine && fdatasync(file) == 0) shared->synced = end;
    pthread_mutex_unlock(&shared->syncing);
    ++shared->news;
    syscall(SYS_futex, &shared->news, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
  }
}

static int serve(int visitor) {
  static char bytes[4096], answer[3 * sizeof bytes];
  while (1) {
    const ssize_t got = recv(visitor, bytes, sizeof bytes, 0);
    if (got <= 0) return 0;
    size_t size = 0;
    for (ssize_t at = 0; at < got; ++at)
      if (bytes[at] == '\n') memcpy(answer + size, "OK\n", 3), size += 3;
    pthread_mutex_lock(&shared->appending);
    if (pwrite(file, bytes, (size_t)got, (off_t)shared->end) != got) return 1;
    const unsigned long end = shared->end += (unsigned long)got;
    pthread_mutex_unlock(&shared->appending);
    sync_to(end);
    if (size > 0 && send(visitor, answer, size, MSG_NOSIGNAL) < 0) return 0;
  }
}

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  signal(SIGCHLD, SIG_IGN);
  file = open(argv[2], O_RDWR | O_CREAT | O_TRUNC, 0600);
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (file < 0 || shared == MAP_FAILED) return 1;
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutex_init(&shared->appending, &attributes);
  pthread_mutex_init(&shared->syncing, &attributes);
  const int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((unsigned short)atoi(argv[1])),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(listener, (struct sockaddr*)&address, sizeof address) != 0) return 1;
  if (listen(listener, 128) != 0) return 1;
  while (1) {
    const int visitor = accept(listener, NULL, NULL);
    const int on = 1;
    setsockopt(visitor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (visitor >= 0 && fork() == 0) _exit(serve(visitor));
    close(visitor);
  }
}
