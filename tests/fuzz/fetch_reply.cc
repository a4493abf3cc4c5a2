// What a fetcher answers: never more of a file than was announced, nor other bytes than came.
#include "talk_client/fetch_reply.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace talk;
  const std::string_view bytes = fuzz::text_of(data, size);
  for (const bool lines : {false, true}) {
    for (const std::size_t piece : {size + 1, std::size_t{4}, std::size_t{1}}) {
      FetchReply reply(lines);
      std::string file;
      fuzz::in_pieces(bytes, piece, [&](std::string_view part) {
        if (!reply.refused() && !reply.complete()) file += reply.receive(part);
      });
      if (!reply.refused() && !reply.complete()) file += reply.end();
      check(bytes.find(file) != bytes.npos, "bytes that were never sent");
      check(!reply.size() || file.size() <= *reply.size(), "more than was announced");
      check(!reply.complete() || file.size() == *reply.size(), "complete, and is not");
    }
  }
  return 0;
}
