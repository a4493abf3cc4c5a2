// Whatever a stranger says: what is shown is UTF-8 on one line, without anything that a terminal
// would obey, and breaks into rows that fit.
#include "common/text/display.h"

#include <clocale>

#include "common/text/utf8.h"
#include "common/text/width.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/valid_utf8.h"

namespace {

using namespace talk;

void check_safe(std::string_view text) {
  check(is_valid_utf8(text), "no UTF-8");
  for (std::size_t at = 0; at < text.size();) {
    const Decoded decoded = decode_utf8(text.substr(at));
    check(decoded.code >= 0x20 && (decoded.code < 0x7f || decoded.code > 0x9f), "a control");
    check(decoded.code < 0x202a || decoded.code > 0x202e, "a control of direction");
    at += decoded.size;
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const bool wide = std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr;  // widths need it
  const std::string_view bytes = fuzz::text_of(data, size);
  const std::string shown = display_text(bytes);
  for (const std::string& text : {shown, shown_name(bytes), display_text(quoted(bytes))})
    check_safe(text);
  const std::string name = shown_name(bytes);
  check(!name.empty() && name.find_first_of("<>") == name.npos, "a name that can look like ours");
  check(!wide || text_width(name) <= kNameColumns, "a name that is too wide");
  for (const char c : log_text(bytes))
    check(c >= 0x20 && c < 0x7f, "a log line that can be forged");
  constexpr int kColumns = 20;
  for (const std::string_view row : wrap(shown, kColumns))
    check(text_width(row) <= kColumns || first_cluster(row).size == row.size(), "a row too wide");
  return 0;
}
