/* A handler that answers one line and confines itself as barely as the kernel lets it: the floor
   of what confinement adds to a start. bare_confined FD: with TALK_CONFINE=off not at all. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static void confine(void) {
  static const struct {
    uint64_t files, net, scopes;
  } all = {0x7fff, 3, 3};
  static struct sock_filter allow[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  struct sock_fprog program = {1, allow};
  int ruleset = (int)syscall(444, &all, sizeof all, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  syscall(446, ruleset, 0);
  close(ruleset);
  syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

int main(int argc, char** argv) {
  const char* how = getenv("TALK_CONFINE");
  char line[4096];
  int fd = argc > 1 ? atoi(argv[1]) : 0;
  ssize_t size;
  if (!how || strcmp(how, "off") != 0) confine();
  while ((size = read(fd, line, sizeof line)) > 0)
    if (write(fd, line, (size_t)size) != size) return 1;
  return 0;
}
