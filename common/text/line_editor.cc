#include "common/text/line_editor.h"

#include <algorithm>
#include <utility>

#include "common/text/utf8.h"
#include "common/text/width.h"

namespace talk {
namespace {

constexpr std::size_t kMostUndo = 200;
constexpr std::size_t kMostHistory = 1000;

// Letters, digits and everything beyond ASCII make words.
bool in_word(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= 'a' && byte <= 'z') || byte == '_';
}

}  // namespace

bool LineEditor::insert(std::string_view text) {
  if (text.size() > room()) return false;
  const bool kept = typing_;
  if (!kept) remember();
  killing_ = false;
  typing_ = true;
  text_.insert(cursor_, text);
  cursor_ += text.size();
  return true;
}

bool LineEditor::apply(const Key& key) {
  using Code = Key::Code;
  if (key.code == Code::control) return apply_control(key.letter);
  if (key.code == Code::meta) return apply_meta(key.letter);
  switch (key.code) {
    case Code::left:
      move_to(cursor_ == 0 ? 0 : cluster_before(text_, cursor_));
      return true;
    case Code::right:
      if (cursor_ < text_.size())
        move_to(cursor_ + first_cluster(std::string_view(text_).substr(cursor_)).size);
      return true;
    case Code::home:
      move_to(0);
      return true;
    case Code::end:
      move_to(text_.size());
      return true;
    case Code::word_left:
      move_to(word_before());
      return true;
    case Code::word_right:
      move_to(word_after());
      return true;
    case Code::backspace:
      if (cursor_ > 0) erase(cluster_before(text_, cursor_), cursor_, false);
      return true;
    case Code::del:
      if (cursor_ < text_.size())
        erase(cursor_, cursor_ + first_cluster(std::string_view(text_).substr(cursor_)).size,
              false);
      return true;
    case Code::word_erase:
      erase(word_before(), cursor_, true);
      return true;
    case Code::up:
      return recall(-1);
    case Code::down:
      return recall(1);
    default:
      return false;
  }
}

bool LineEditor::apply_control(char letter) {
  using Code = Key::Code;
  switch (letter) {
    case 'A':
      return apply({Code::home});
    case 'E':
      return apply({Code::end});
    case 'B':
      return apply({Code::left});
    case 'F':
      return apply({Code::right});
    case 'D':
      return apply({Code::del});
    case 'P':
      return apply({Code::up});
    case 'N':
      return apply({Code::down});
    case 'K':
      erase(cursor_, text_.size(), true);
      return true;
    case 'U':
      erase(0, cursor_, true);
      return true;
    case 'W': {
      std::size_t start = cursor_;
      while (start > 0 && text_[start - 1] == ' ') --start;
      while (start > 0 && text_[start - 1] != ' ') --start;
      erase(start, cursor_, true);
      return true;
    }
    case 'Y':
      yank();
      return true;
    case 'T':
      transpose();
      return true;
    case '_':
      undo();
      return true;
    default:
      return false;
  }
}

bool LineEditor::apply_meta(char letter) {
  switch (letter) {
    case 'b':
      move_to(word_before());
      return true;
    case 'f':
      move_to(word_after());
      return true;
    case 'd':
      erase(cursor_, word_after(), true);
      return true;
    default:
      return false;
  }
}

std::size_t LineEditor::word_before() const {
  std::size_t at = cursor_;
  while (at > 0 && !in_word(text_[at - 1])) --at;
  while (at > 0 && in_word(text_[at - 1])) --at;
  return at;
}

std::size_t LineEditor::word_after() const {
  std::size_t at = cursor_;
  while (at < text_.size() && !in_word(text_[at])) ++at;
  while (at < text_.size() && in_word(text_[at])) ++at;
  return at;
}

void LineEditor::remember() {
  if (undo_.size() == kMostUndo) undo_.erase(undo_.begin());
  undo_.push_back({text_, cursor_});
}

// `keep`: for yank. Kills one after the other are kept as one.
void LineEditor::erase(std::size_t from, std::size_t to, bool keep) {
  if (from == to) return;
  remember();
  typing_ = false;
  if (keep) {
    const std::string piece = text_.substr(from, to - from);
    if (!killing_) killed_.clear();
    killed_ = to <= cursor_ ? piece + killed_ : killed_ + piece;
  }
  killing_ = keep;
  text_.erase(from, to - from);
  cursor_ = from;
}

void LineEditor::move_to(std::size_t cursor) {
  cursor_ = cursor;
  typing_ = false;
  killing_ = false;
}

void LineEditor::yank() {
  typing_ = false;
  insert(killed_);
  typing_ = false;
}

void LineEditor::keep_for_yank(std::string text) {
  killed_ = std::move(text);
  killing_ = false;
}

// The two characters around the cursor, or the last two at the end, change places.
void LineEditor::transpose() {
  if (cursor_ == 0 || text_.empty()) return;
  const std::size_t middle = cursor_ == text_.size() ? cluster_before(text_, cursor_) : cursor_;
  if (middle == 0) return;
  const std::size_t first = cluster_before(text_, middle);
  const std::size_t size = first_cluster(std::string_view(text_).substr(middle)).size;
  remember();
  typing_ = killing_ = false;
  std::rotate(text_.begin() + static_cast<std::ptrdiff_t>(first),
              text_.begin() + static_cast<std::ptrdiff_t>(middle),
              text_.begin() + static_cast<std::ptrdiff_t>(middle + size));
  cursor_ = middle + size;
}

void LineEditor::undo() {
  if (undo_.empty()) return;
  text_ = std::move(undo_.back().text);
  cursor_ = undo_.back().cursor;
  undo_.pop_back();
  typing_ = killing_ = false;
}

bool LineEditor::recall(std::ptrdiff_t step) {
  const auto wanted = static_cast<std::ptrdiff_t>(recalled_) + step;
  if (wanted < 0 || wanted > static_cast<std::ptrdiff_t>(history_.size())) return true;
  if (recalled_ == history_.size()) unsent_ = text_;
  recalled_ = static_cast<std::size_t>(wanted);
  remember();
  text_ = recalled_ == history_.size() ? unsent_ : history_[recalled_];
  move_to(text_.size());
  return true;
}

bool LineEditor::search_back(std::string_view part, bool again) {
  std::size_t at = std::min(recalled_, history_.size());
  if (!again && at < history_.size()) ++at;
  while (at-- > 0) {
    const std::size_t found = history_[at].find(part);
    if (found == std::string::npos) continue;
    if (recalled_ == history_.size()) unsent_ = text_;
    recalled_ = at;
    text_ = history_[at];
    move_to(found);
    return true;
  }
  return false;
}

std::string LineEditor::take() {
  std::string line = text_;
  if (!line.empty() && (history_.empty() || history_.back() != line)) {
    if (history_.size() == kMostHistory) history_.erase(history_.begin());
    history_.push_back(line);
  }
  clear();
  return line;
}

void LineEditor::replace(std::string text, std::size_t cursor) {
  remember();
  text_ = std::move(text);
  move_to(cursor);
}

void LineEditor::clear() {
  text_.clear();
  undo_.clear();
  unsent_.clear();
  recalled_ = history_.size();
  move_to(0);
}

}  // namespace talk
