// Every byte comes back as it came, up to the message that ends the session.
#include "server_handler/echo/echo.h"

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace talk;
  const std::string_view bytes = fuzz::text_of(data, size);
  for (const std::size_t piece : {size + 1, std::size_t{6}, std::size_t{1}}) {
    Echo echo;
    std::string back;
    fuzz::in_pieces(bytes, piece, [&](std::string_view part) {
      if (!echo.over()) back += echo.receive(part);
      if (!echo.over() && part.ends_with('!') && echo.awaits_pause()) back += echo.pause();
    });
    if (!echo.over()) back += echo.end();
    check(bytes.starts_with(back), "other bytes come back");
    check(echo.over() || back.size() == size, "a byte is missing");
  }
  return 0;
}
