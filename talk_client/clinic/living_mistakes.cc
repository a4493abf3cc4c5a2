#include "talk_client/clinic/mistake_tables.h"

namespace talk::clinic {
namespace {

constexpr KnownMistake kLivingMistakes[] = {
    {"no-accept-loop",
     "only the first visitor was served: accept() gives one connection, and must be called again "
     "for the next",
     R"(for (;;) {
  int fd = accept(listener, NULL, NULL);
  if (fd < 0) continue;
  serve(fd);
})",
     R"(while True:
    connection, address = listener.accept()
    serve(connection))"},
    {"one-at-a-time",
     "while one client is connected nobody else is served: give each connection a process or a "
     "thread of its own, or wait for all of them with poll()",
     R"(int fd = accept(listener, NULL, NULL);
if (fork() == 0) {
  close(listener);
  serve(fd);
  _exit(0);
}
close(fd);)",
     R"(connection, address = listener.accept()
threading.Thread(target=serve, args=(connection,), daemon=True).start())"},
    {"blocked-by-silent",
     "a client that has connected and says nothing keeps all others waiting: recv() waits for "
     "one, poll() or select() for all; never wait for a client in the loop that accepts",
     R"(poll(all, count, -1);
for (int i = 0; i < count; ++i)
  if (all[i].revents & POLLIN)
    read_once(&all[i]);  /* one recv(), then back to poll() */)",
     R"(connection, address = listener.accept()
# not connection.recv() here: the first recv() belongs into the client's own thread
threading.Thread(target=serve, args=(connection,), daemon=True).start())"},
    {"blocked-by-deaf",
     "a client that asks and does not read keeps all others waiting: send() waits until it takes "
     "more; never let it wait in the loop that serves all, keep what was not taken for later",
     R"(ssize_t n = send(fd, out, left, MSG_DONTWAIT | MSG_NOSIGNAL);
if (n > 0) memmove(out, out + n, left -= n);
poll_for(fd, left > 0 ? POLLIN | POLLOUT : POLLIN);  /* the rest when it reads */)",
     R"(connection.setblocking(False)
out = out[connection.send(out):]   # BlockingIOError: later, when select() says so
# or a thread for each connection: then each waits for its own client)"},
    {"short-write",
     "send() may take less than it was given, and says how much: what it did not take must be "
     "sent again, or it is lost",
     R"(while (length > 0) {
  ssize_t n = send(fd, data, length, MSG_NOSIGNAL);
  if (n < 0) return -1;  /* EAGAIN: poll() for POLLOUT first */
  data += n;
  length -= n;
})",
     R"(connection.sendall(data)   # not send(), which may take only a part)"},
    {"sigpipe",
     "the whole server died when a client was gone before its answer: writing to such a "
     "connection raises SIGPIPE (in Python BrokenPipeError), which ends a program that does not "
     "expect it",
     R"(signal(SIGPIPE, SIG_IGN);  /* once, at the start */
if (send(fd, data, length, MSG_NOSIGNAL) < 0)
  close(fd);               /* EPIPE: this client is gone, the others are not */)",
     R"(try:
    connection.sendall(answer)
except OSError:          # this client is gone, the others are not
    connection.close())"},
    {"reset-kills",
     "the whole server died when a client's connection was reset: an error of recv() is the end "
     "of that client, not of the server",
     R"(ssize_t n = recv(fd, buffer, sizeof buffer, 0);
if (n <= 0) {              /* 0: its end; -1: ECONNRESET and others */
  close(fd);
  return;                  /* not exit() */
})",
     R"(try:
    piece = connection.recv(4096)
except OSError:          # a reset: the end of this client only
    piece = b"")"},
    {"dies", "the server was gone after this: nothing that a client does may end the server",
     R"(ssize_t n = recv(fd, buffer, sizeof buffer - 1, 0);  /* room for the NUL */
if (n <= 0) return;        /* an end or an error of this client */
buffer[n] = '\0';
printf("%s", buffer);      /* never printf(buffer) */)",
     R"(try:
    serve(connection)
except Exception as error:   # of this client: the server goes on
    print("session:", error, file=sys.stderr))"},
    {"no-close",
     "the client has ended and its connection is never closed: recv() returned 0, which is the "
     "end of the stream; without close() descriptors run out (and a loop spins)",
     R"(if (n == 0) {  /* the end of its stream */
  close(fd);
  return;
})",
     R"(if piece == b"":         # the end of its stream
    connection.close()
    return)"},
    {"leak",
     "after some hundred visitors no more were served: each one left something behind (an open "
     "descriptor, a thread, a process)",
     R"(if (fork() == 0) { close(listener); serve(fd); _exit(0); }
close(fd);  /* the parent's own copy */)",
     R"(with connection:         # closed whatever happens
    serve(connection))"},
    {"closes-early",
     "the connection was closed after the first answer: a client may ask again on the same one",
     R"(while (read_message(fd, &message) > 0)
  answer(fd, &message);
close(fd);)",
     R"(for message in messages(connection):
    answer(connection, message)
connection.close())"},
    {"hangs-up",
     "the connection was closed, or reset, before the first request was answered: keep it until "
     "the client has ended",
     R"(int fd = accept(listener, NULL, NULL);
serve(fd);                 /* until its recv() returns 0 */
close(fd);                 /* and only then */)",
     R"(connection, address = listener.accept()
serve(connection)          # until its recv() returns b""
connection.close()         # and only then)"},
    {"no-reuseaddr",
     "started again within a minute this server will not get its port (\"Address already in "
     "use\"): set SO_REUSEADDR before bind()",
     R"(int on = 1;
setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
bind(listener, …);)",
     R"(listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", port)))"},
    {"zombies",
     "children that have ended stay in the process table (zombies): their parent must wait for "
     "them",
     R"(while (waitpid(-1, NULL, WNOHANG) > 0)
  ;                        /* after each accept(), or: */
signal(SIGCHLD, SIG_IGN);  /* the kernel collects them itself */)",
     R"(signal.signal(signal.SIGCHLD, signal.SIG_IGN)
# or after each accept: os.waitpid(-1, os.WNOHANG) until it returns 0)"},
    {"no-timeout",
     "a client that falls silent is waited for without an end: the exercise gives it 10 s",
     R"(struct timeval t = {10, 0};
setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
/* recv() then fails with EAGAIN after 10 s without a byte */)",
     R"(connection.settimeout(10)
# recv() then raises TimeoutError after 10 s without a byte)"},
    {"early-timeout",
     "a client was given up too early: the 10 s count from the last byte that came, not from the "
     "beginning, and a slow client is no silent one",
     R"(struct timeval t = {10, 0};  /* from the last byte: each recv() has its own 10 s */
setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
while ((n = recv(fd, buffer, sizeof buffer, 0)) > 0)
  fwrite(buffer, 1, n, file);)",
     R"(connection.settimeout(10)     # from the last byte: each recv() has its own 10 s
while piece := connection.recv(65536):
    file.write(piece))"},
    {"endless", "it does not stop sending: more came than any answer of this exercise has",
     R"(while ((n = read(file, buffer, sizeof buffer)) > 0)  /* 0: the end, -1: an error */
  send_all(fd, buffer, n);
close(fd);                 /* and then no more */)",
     R"(while piece := file.read(65536):   # b"": the end
    connection.sendall(piece)
connection.close()                 # and then no more)"},
};

}  // namespace

std::span<const KnownMistake> living_mistakes() { return kLivingMistakes; }

}  // namespace talk::clinic
