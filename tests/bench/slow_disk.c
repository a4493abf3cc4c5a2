// Preloaded into a receiver or a sender, it gives it a disk that takes or gives 1 MB a second, and
// has nothing in the page cache.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static void take_time(size_t bytes) {
  const uint64_t ns = (uint64_t)bytes * 1000;
  const struct timespec pause = {(time_t)(ns / 1000000000), (long)(ns % 1000000000)};
  nanosleep(&pause, 0);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  static ssize_t (*real)(int, const void *, size_t, off_t);
  if (real == 0) *(void **)&real = dlsym(RTLD_NEXT, "pwrite");
  take_time(count);
  return real(fd, bytes, count, at);
}

ssize_t pread(int fd, void *bytes, size_t count, off_t at) {
  static ssize_t (*real)(int, void *, size_t, off_t);
  if (real == 0) *(void **)&real = dlsym(RTLD_NEXT, "pread");
  take_time(count);
  return real(fd, bytes, count, at);
}

ssize_t preadv2(int fd, const struct iovec *into, int count, off_t at, int flags) {
  static ssize_t (*real)(int, const struct iovec *, int, off_t, int);
  if (real == 0) *(void **)&real = dlsym(RTLD_NEXT, "preadv2");
  if (flags & RWF_NOWAIT) {
    errno = EAGAIN;
    return -1;
  }
  return real(fd, into, count, at, flags);
}

int fsync(int fd) {
  static int (*real)(int);
  if (real == 0) *(void **)&real = dlsym(RTLD_NEXT, "fsync");
  take_time(1000000);
  return real(fd);
}
