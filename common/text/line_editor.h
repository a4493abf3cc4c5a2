// The line being typed: text, cursor, kill and yank, undo, history. Pure; both screens edit with
// it. The text may hold line feeds, from a paste.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/keys.h"

namespace talk {

class LineEditor {
 public:
  // `longest` in bytes: what would go beyond it is refused whole.
  explicit LineEditor(std::size_t longest) : longest_(longest) {}

  const std::string& text() const { return text_; }
  std::size_t cursor() const { return cursor_; }  // in bytes, at a character's boundary
  std::size_t room() const { return longest_ - text_.size(); }
  bool empty() const { return text_.empty(); }

  // False where it would not fit; nothing is inserted then.
  bool insert(std::string_view text);
  // Moves or edits as a key asks. False where the key means nothing to an editor.
  bool apply(const Key& key);

  // Enter: the text, which goes into the history; the line is empty again.
  std::string take();
  void replace(std::string text, std::size_t cursor);
  void clear();
  // What ^Y brings back.
  void keep_for_yank(std::string text);

  // ^R: the newest entry before the last one found that holds `part`; false where none does.
  bool search_back(std::string_view part, bool again);

 private:
  struct State {
    std::string text;
    std::size_t cursor;
  };

  bool apply_control(char letter);
  bool apply_meta(char letter);
  std::size_t word_before() const;
  std::size_t word_after() const;
  void remember();
  void erase(std::size_t from, std::size_t to, bool keep);
  void move_to(std::size_t cursor);
  void yank();
  void transpose();
  void undo();
  bool recall(std::ptrdiff_t step);

  std::size_t longest_;
  std::string text_;
  std::size_t cursor_ = 0;
  std::string killed_;
  bool typing_ = false;   // the last change was an insertion that undo takes back with this one
  bool killing_ = false;  // the last change was a kill that the next one adds to
  std::vector<State> undo_;
  std::vector<std::string> history_;
  std::size_t recalled_ = 0;  // index into the history; its size: the unsent line
  std::string unsent_;        // kept while the history is looked at
};

}  // namespace talk
