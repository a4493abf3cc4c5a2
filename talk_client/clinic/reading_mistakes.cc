#include "talk_client/clinic/mistake_tables.h"

namespace talk::clinic {
namespace {

constexpr KnownMistake kReadingMistakes[] = {
    {"one-recv",
     "one recv() is not one message: TCP carries bytes, and a message may come in any number of "
     "pieces; collect until the line feed",
     R"(while (!(end = memchr(buffer, '\n', used))) {
  ssize_t n = recv(fd, buffer + used, sizeof buffer - used, 0);
  if (n <= 0) return finish(fd);
  used += n;
})",
     R"(while b"\n" not in buffer:
    piece = connection.recv(4096)
    if not piece:
        return
    buffer += piece)"},
    {"lost-remainder",
     "what stood behind the first message of a recv() was thrown away: it is the next message "
     "(or "
     "its beginning) and must be kept",
     R"(size_t length = end + 1 - buffer;
answer(fd, buffer, length);
memmove(buffer, end + 1, used - length);
used -= length;  /* and look for the next line feed before recv() */)",
     R"(while b"\n" in buffer:
    line, buffer = buffer.split(b"\n", 1)
    answer(line)        # buffer keeps the rest for the next turn)"},
    {"strlen-binary",
     "strlen() and the other str… functions stop at a NUL byte, and data may hold one: go by the "
     "count that recv() or read() returned",
     R"(ssize_t n = recv(fd, buffer, sizeof buffer, 0);
if (n > 0)
  send_all(out, buffer, n);  /* never strlen(buffer) */)",
     R"(data = connection.recv(4096)
out.sendall(data)       # bytes as they are: no decode(), no rstrip("\0"))"},
    {"text-only",
     "bytes that are no UTF-8 broke it: the exercise is about bytes; decode only what is shown, "
     "and never let one bad byte end the program",
     R"(fwrite(data, 1, n, stdout);      /* n bytes, whatever they are */
if (isalpha((unsigned char)c))   /* a char may be negative */)",
     R"(text = data.decode("utf-8", errors="replace")  # for showing only
connection.sendall(data)                       # the bytes themselves go on)"},
    {"fixed-buffer",
     "a long message was cut, or broke the program: a buffer of fixed size needs a rule for what "
     "does not fit: go on reading, and grow or refuse",
     R"(if (used == size) {
  size *= 2;                       /* up to the limit of the exercise */
  buffer = realloc(buffer, size);  /* check for NULL */
})",
     R"(buffer += connection.recv(4096)   # grows
if len(buffer) > LIMIT:
    refuse(connection))"},
    {"cr-kept",
     "the carriage return of CR LF was taken for a part of the message: telnet and many "
     "Windows programs end lines so; take one CR before the LF away",
     R"(if (length > 0 && line[length - 1] == '\r')
  --length;)",
     R"(if line.endswith(b"\r"):
    line = line[:-1])"},
    {"waits-for-line-feed",
     "a message without a line feed is never answered: many clients of these exercises send a "
     "string and nothing behind it; a pause of 50 ms, or a NUL, ends a message too",
     R"(struct pollfd p = {fd, POLLIN, 0};
if (used > 0 && poll(&p, 1, 50) == 0)
  answer(fd, buffer, used);  /* nothing more came: that was all */)",
     R"(ready, _, _ = select.select([connection], [], [], 0.05)
if buffer and not ready:
    answer(buffer)      # nothing more came: that was all)"},
    {"empty-message",
     "an empty message broke the conversation: recv() never returns an empty line as 0; ignore "
     "the message and go on",
     R"(if (length == 0)
  continue;  /* a line with nothing on it */)",
     R"(if not line:
    continue            # a line with nothing on it)"},
    {"half-close-lost",
     "the other side had said all it wanted and was still listening (a half-close): what it had "
     "asked for must be answered before the connection is closed",
     R"(if (n == 0) {                 /* it will say no more */
  answer_what_is_left(fd);
  shutdown(fd, SHUT_WR);
  close(fd);
})",
     R"(if not piece:           # it will say no more
    answer_what_is_left(connection)
    connection.shutdown(socket.SHUT_WR)
    connection.close())"},
    {"wait-all",
     "it waits for a full buffer, or for the end of the connection, before it answers: answer "
     "as soon as a message is whole",
     R"(ssize_t n = recv(fd, buffer, sizeof buffer, 0);  /* not MSG_WAITALL, not fread() */
if (n > 0)
  take(buffer, n);)",
     R"(piece = connection.recv(4096)   # not makefile().read(): that waits for the end)"},
};

}  // namespace

std::span<const KnownMistake> reading_mistakes() { return kReadingMistakes; }

}  // namespace talk::clinic
