/* The least a listener can do that gives each connection a process of its own: accept, vfork, exec.
 *   vfork_loop PORT PROGRAM        the connection is its standard input and output */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  signal(SIGCHLD, SIG_IGN); /* nobody is a zombie */
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons((unsigned short)atoi(argv[1])),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) return 1;
  if (listen(listener, 512) != 0) return 1;
  while (1) {
    const int visitor = accept4(listener, 0, 0, SOCK_CLOEXEC);
    if (visitor < 0) continue;
    if (vfork() == 0) {
      dup2(visitor, 0);
      dup2(visitor, 1);
      execl(argv[2], argv[2], (char *)0);
      _exit(127);
    }
    close(visitor);
  }
}
