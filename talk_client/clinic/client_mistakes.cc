#include "talk_client/clinic/mistake_tables.h"

namespace talk::clinic {
namespace {

constexpr KnownMistake kClientMistakes[] = {
    {"leaves-unread",
     "it left while the server's answer was still on its way: what is not read when a connection "
     "is closed resets it, and may take with it what was sent; read up to the end of the stream",
     R"(shutdown(fd, SHUT_WR);  /* I have said all */
while ((n = recv(fd, buffer, sizeof buffer, 0)) > 0)
  fwrite(buffer, 1, n, stdout);
close(fd);)",
     R"(connection.shutdown(socket.SHUT_WR)   # I have said all
while piece := connection.recv(4096):
    sys.stdout.buffer.write(piece)
connection.close())"},
    {"leaves-early",
     "it left, or broke, while the server had not ended: only recv() that returns 0 is the end "
     "of "
     "the conversation",
     R"(while ((n = recv(fd, buffer, sizeof buffer, 0)) > 0)
  fwrite(buffer, 1, n, stdout);  /* printf("%s", …), never printf(buffer) */
close(fd);  /* n is 0: now it is over */)",
     R"(while piece := connection.recv(4096):
    show(piece)
connection.close()      # b"": now it is over)"},
    {"never-ends",
     "the server waits for the end of what is handed in, and it never comes: after the last byte "
     "this side must be shut down",
     R"(send_all(fd, data, length);
shutdown(fd, SHUT_WR);  /* the server's recv() returns 0 */
while (recv(fd, buffer, sizeof buffer, 0) > 0)
  ;                     /* until the server has it all */
close(fd);)",
     R"(connection.sendall(data)
connection.shutdown(socket.SHUT_WR)   # the server's recv() returns b""
while connection.recv(4096):          # until the server has it all
    pass)"},
    {"ends-by-reset",
     "the connection was reset, not ended: what was on its way is lost with it; no SO_LINGER with "
     "a time of 0, and nothing that came left unread",
     R"(shutdown(fd, SHUT_WR);  /* the orderly end */
while (recv(fd, buffer, sizeof buffer, 0) > 0)
  ;                     /* all that came */
close(fd);              /* without SO_LINGER */)",
     R"(connection.shutdown(socket.SHUT_WR)   # the orderly end
while connection.recv(4096):          # all that came
    pass
connection.close()                    # without SO_LINGER)"},
    {"waits-first",
     "nothing was handed in: the client waits for the server to speak, which has said all that it "
     "says; send the file at once",
     R"(int fd = connect_to(host, port);
send_file(fd, file);       /* no recv() before: upload does not greet */
shutdown(fd, SHUT_WR);)",
     R"(connection = socket.create_connection((host, port))
connection.sendfile(file)             # no recv() before: upload does not greet
connection.shutdown(socket.SHUT_WR))"},
    {"size-ignored",
     "the reply tells how many bytes the file has: as many are the file, and an end of the "
     "connection before the last of them is an error, not the end of the file",
     R"(while (kept < size && (n = recv(fd, buffer, sizeof buffer, 0)) > 0) {
  fwrite(buffer, 1, n, file);
  kept += n;
}
if (kept < size) return failed(fd, file);  /* keep no part of it */)",
     R"(while len(content) < size:
    piece = connection.recv(65536)
    if not piece:
        raise EOFError("only a part of the file came")
    content += piece)"},
    {"line-in-file",
     "a name that ends in a line feed is answered with a line, 8402 OK 1234, and then the file: "
     "take the whole line off, not only the process ID",
     R"(char *end = memchr(buffer, '\n', used);
if (sscanf(buffer, "%d OK %lld", &id, &size) != 2) return failed(fd, file);
fwrite(end + 1, 1, buffer + used - (end + 1), file);  /* the file begins here */)",
     R"(line, _, content = buffer.partition(b"\n")
process, ok, size = line.split()      # content is where the file begins)"},
    {"stays",
     "the server has ended the connection and the client stays, or spins: recv() returned 0, "
     "which is the end of the stream, also while it waits for the keyboard",
     R"(struct pollfd both[2] = {{0, POLLIN, 0}, {fd, POLLIN, 0}};
poll(both, 2, -1);      /* the keyboard and the socket */
if (both[1].revents && recv(fd, buffer, sizeof buffer, 0) <= 0)
  return finish(fd);)",
     R"(ready, _, _ = select.select([sys.stdin, connection], [], [])
if connection in ready and not (piece := connection.recv(4096)):
    connection.close()
    return)"},
    {"impatient",
     "it did not wait for a slow answer: what comes late comes all the same; give each step the "
     "time that the exercise gives it (10 s)",
     R"(struct timeval t = {10, 0};
setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
/* no MSG_DONTWAIT, no sleep() instead of recv() */)",
     R"(connection.settimeout(10)
# not setblocking(False), not time.sleep() instead of recv())"},
    {"waits-forever",
     "a server that falls silent is waited for without an end: give up after 10 s and say so",
     R"(struct timeval t = {10, 0};
setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
if (recv(fd, buffer, sizeof buffer, 0) < 0)  /* EAGAIN: 10 s are over */
  return fail("the server says nothing");)",
     R"(connection.settimeout(10)
try:
    piece = connection.recv(4096)
except TimeoutError:
    sys.exit("ERROR: the server says nothing"))"},
    {"speaks-first",
     "it sent before the server's greeting, or in spite of a wrong one: bytes must never be "
     "poured into somebody else's service; read the greeting and compare it first",
     R"(if (read_line(fd, line) < 0 || strcmp(line, "accio\r\n") != 0)
  return fail("this is no accio server");)",
     R"(if read_line(connection) != b"accio\r\n":
    sys.exit("ERROR: this is no accio server"))"},
    {"glued-to-confirmation",
     "the file came in one piece with the confirmation: servers that take one recv() for the "
     "confirmation lose the file's beginning; pause 200 ms between the two",
     R"(send_all(fd, "confirm-accio-again\r\n\r\n", 23);
usleep(200 * 1000);
send_file(fd, file);)",
     R"(connection.sendall(b"confirm-accio-again\r\n\r\n")
time.sleep(0.2)
connection.sendfile(file))"},
    {"request-without-ending",
     "a message without its ending: the server waits for it, or can only guess from a pause where "
     "the message stops",
     R"(snprintf(request, sizeof request, "get %s\n", key);
send_all(fd, request, strlen(request));)",
     R"(connection.sendall(b"get %d\n" % key))"},
    {"sends-buffer",
     "the whole buffer was sent, with what an earlier message left in it: send as many bytes as "
     "the message has",
     R"(send_all(fd, buffer, strlen(buffer));  /* not sizeof buffer */)",
     R"(connection.sendall(message)   # without padding)"},
    {"no-as-file", "NO was kept as if it were the file: it says that there is none",
     R"(if (length == 2 && memcmp(reply, "NO", 2) == 0)
  return fail("there is no such file");  /* compared when all has come */)",
     R"(if reply == b"NO":      # compared when all has come
    sys.exit("ERROR: there is no such file"))"},
};

}  // namespace

std::span<const KnownMistake> client_mistakes() { return kClientMistakes; }

}  // namespace talk::clinic
