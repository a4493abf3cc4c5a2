// What a terminal sends, as keys: UTF-8, control and meta keys, the usual escape sequences (ECMA-48
// with xterm's additions), bracketed paste, focus and mouse wheel. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace talk {

struct Key {
  enum class Code {
    text,     // `text` holds one or more characters
    paste,    // `text` holds all that was pasted
    control,  // `letter` 'A' to 'Z', or '_', '\\', ']', '^', '@': with Ctrl
    meta,     // `letter`: with Alt, or after ESC
    enter,
    tab,
    backspace,
    del,
    left,
    right,
    up,
    down,
    home,
    end,
    page_up,
    page_down,
    word_left,  // Ctrl- or Alt-Left
    word_right,
    word_erase,  // Alt-Backspace
    escape,      // alone
    wheel_up,
    wheel_down,
    focus_in,
    focus_out,
    other,  // a sequence that means nothing here
  };
  Code code = Code::other;
  std::string text = {};
  char letter = 0;
};

class KeyReader {
 public:
  // A paste longer than `longest_paste` bytes is handed on in parts.
  explicit KeyReader(std::size_t longest_paste) : longest_paste_(longest_paste) {}

  std::vector<Key> read(std::string_view bytes);

  // Bytes are held that may be the beginning of a sequence. After a pause (50 ms, say) they are
  // what they are: call flush().
  bool holding() const { return !held_.empty() && !in_paste_; }
  std::vector<Key> flush();

 private:
  bool take_one(std::vector<Key>& keys);
  bool take_escape(std::vector<Key>& keys);
  bool take_csi(std::vector<Key>& keys);
  bool take_paste(std::vector<Key>& keys);
  void take_text(std::vector<Key>& keys);
  void add(std::vector<Key>& keys, std::size_t size, Key key);

  std::size_t longest_paste_;
  std::string held_;
  bool in_paste_ = false;
};

}  // namespace talk
