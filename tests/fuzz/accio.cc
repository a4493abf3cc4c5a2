// The same file comes of an accio upload whatever the pieces are in which it comes.
#include "server_handler/upload/accio_start.h"
#include "tests/fuzz/fuzz.h"

namespace {

using namespace talk;

// Replies and file, or how it failed.
std::string take_all(std::string_view bytes, std::size_t piece) {
  AccioStart start;
  std::string replies;
  std::string file;
  try {
    fuzz::in_pieces(bytes, piece, [&](std::string_view part) {
      AccioStart::Step step = start.receive(part);
      replies += step.reply;
      file += step.file;
    });
    if (!start.done()) file += start.end();
  } catch (const BadStart& error) {
    return error.what();
  }
  check(bytes.ends_with(file), "another file than was sent");
  return replies + file;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  const std::string whole = take_all(bytes, size + 1);
  for (const std::size_t piece : std::initializer_list<std::size_t>{1, 2, 13})
    check(take_all(bytes, piece) == whole, "pieces make a difference");
  return 0;
}
