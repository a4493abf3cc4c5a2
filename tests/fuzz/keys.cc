// Whatever a terminal sends, the line that is edited by it is UTF-8 within its limit.
#include "common/text/keys.h"

#include "common/text/line_editor.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/valid_utf8.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace talk;
  constexpr std::size_t kLongest = 64;
  for (const std::size_t piece : {size + 1, std::size_t{3}, std::size_t{1}}) {
    KeyReader reader(kLongest);
    LineEditor editor(kLongest);
    const auto edit = [&](const std::vector<Key>& keys) {
      for (const Key& key : keys) {
        if (key.code == Key::Code::text) check(is_valid_utf8(key.text), "typed text is no UTF-8");
        if (key.code == Key::Code::paste && !is_valid_utf8(key.text))
          continue;  // the screens' work
        if (!editor.apply(key)) editor.insert(key.text);
        if (key.code == Key::Code::enter) editor.take();
        check(editor.text().size() <= kLongest, "a line over its limit");
        check(editor.cursor() <= editor.text().size(), "the cursor is behind the line");
        check(is_valid_utf8(editor.text()), "the line is no UTF-8");
        check(is_valid_utf8(editor.text().substr(0, editor.cursor())), "a cursor in a character");
      }
    };
    fuzz::in_pieces(fuzz::text_of(data, size), piece,
                    [&](std::string_view part) { edit(reader.read(part)); });
    edit(reader.flush());
    check(!reader.holding(), "bytes are held for ever");
  }
  return 0;
}
