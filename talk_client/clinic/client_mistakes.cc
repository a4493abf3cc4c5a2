#include "talk_client/clinic/mistake_tables.h"

namespace talk::clinic {
namespace {

constexpr Mistake kClientMistakes[] = {
    {"speaks-first",
     "it sent before the server's greeting, or in spite of a wrong one: bytes must never be "
     "poured into somebody else's service; read the greeting and compare it first",
     R"(if (read_line(fd, line) < 0 || strcmp(line, "accio\r\n") != 0)
  return fail("this is no accio server");)",
     R"(if read_line(connection) != b"accio\r\n":
    sys.exit("ERROR: this is no accio server"))"},
    {"leaves-unread",
     "it left while the server's answer was still on its way: read up to the end of the stream",
     R"(while ((n = recv(fd, buffer, sizeof buffer, 0)) > 0)
  fwrite(buffer, 1, n, stdout);)",
     R"(while piece := connection.recv(4096):
    sys.stdout.buffer.write(piece))"},
};

}  // namespace

std::span<const Mistake> client_mistakes() { return kClientMistakes; }

}  // namespace talk::clinic
