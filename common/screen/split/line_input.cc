#include "common/screen/split/line_input.h"

#include <algorithm>
#include <utility>

#include "common/screen/split/completion.h"
#include "common/text/display.h"
#include "common/text/width.h"
#include "common/wire/limits.h"

namespace talk {
namespace {

constexpr std::size_t kNearTheLimit = 4096;  // bytes of the line that are left

// Pasted lines end in any of the three ways.
std::string with_line_feeds(const std::string& text) {
  std::string lines;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r')
      lines += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      lines += '\n';
  }
  return lines;
}

std::size_t count_lines(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return 1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string joined(const std::vector<std::string>& names, const char* gap) {
  std::string row;
  for (const std::string& name : names) row += (row.empty() ? "" : gap) + name;
  return row;
}

// All of them, close together if need be; else as many as there is room for, and how many more
// there are.
std::string names_that_fit(const std::vector<std::string>& names, int columns) {
  constexpr int kMore = 16;  // columns for "and 123 more"
  for (const char* const gap : {"  ", " "})
    if (std::string row = joined(names, gap); text_width(row) <= columns - 2) return row;
  std::string row;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (text_width(row) + text_width(names[i]) > columns - 2 - kMore && i > 0)
      return row + "and " + std::to_string(names.size() - i) + " more";
    row += names[i] + "  ";
  }
  return row;
}

}  // namespace

LineInput::LineInput(std::string home, ListDirectory list)
    : home_(std::move(home)), list_(std::move(list)), editor_(kMaxText) {}

void LineInput::obey(const Key& key, std::vector<Input>& inputs) {
  using Code = Key::Code;
  hint_.clear();
  candidates_.clear();
  const bool interrupting = key.code == Code::control && key.letter == 'C';
  if (!interrupting) leave_asked_ = false;
  if (search_) return search(key);
  switch (key.code) {
    case Code::enter:
      return enter(inputs);
    case Code::text:
    case Code::paste:
      return insert(key.text);
    case Code::tab:
      return complete_path();
    case Code::control:
      return control(key, inputs);
    default:
      editor_.apply(key);
  }
}

void LineInput::control(const Key& key, std::vector<Input>& inputs) {
  if (key.letter == 'C') return interrupt(inputs);
  if (key.letter == 'D' && editor_.empty()) return unsent_.say({Input::Kind::end, {}}, inputs);
  if (key.letter == 'R')
    search_ = "";
  else if (key.letter == 'U' && count_lines(editor_.text()) > 1)
    drop_paste();
  else
    editor_.apply(key);
}

void LineInput::search(const Key& key) {
  using Code = Key::Code;
  const bool again = key.code == Code::control && key.letter == 'R';
  if (key.code == Code::text)
    *search_ += key.text;
  else if (key.code == Code::backspace && !search_->empty())
    search_->resize(cluster_before(*search_, search_->size()));
  else if (!again) {  // Enter or any other key: what was found is edited on
    search_.reset();
    if (key.code == Code::control && (key.letter == 'C' || key.letter == 'G'))
      editor_.clear();
    else if (key.code != Code::enter)
      editor_.apply(key);
    return;
  }
  if (!search_->empty() && !editor_.search_back(*search_, again)) hint_ = "not in the history";
}

// Pasted lines are said as they are: none of them is a command.
void LineInput::enter(std::vector<Input>& inputs) {
  if (is_said(editor_.text()) && !editor_.empty() && !unsent_.has_room()) {
    // What comes next, of a paste perhaps, is a line of its own.
    if (!editor_.text().ends_with('\n')) insert("\n");
    hint_ = kNotSentYet;
    return;
  }
  std::string text = editor_.take();
  if (text.empty()) return inputs.push_back({Input::Kind::nudge, {}});
  if (text.find('\n') == std::string::npos && !is_said(text)) return unsent_.obey(text, inputs);
  const bool pasted = text.find('\n') != std::string::npos;
  if (pasted && text.ends_with('\n')) text.pop_back();
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string line = text.substr(start, end - start);
    unsent_.say({Input::Kind::line, pasted ? line_that_says(line) : line}, inputs);
    start = end + 1;
  }
}

void LineInput::insert(const std::string& text) {
  if (!editor_.insert(with_line_feeds(text)))
    hint_ = kLineIsFull;
  else if (editor_.room() < kNearTheLimit)
    hint_ = std::to_string(editor_.room()) + " bytes are left on this line";
}

void LineInput::complete_path() {
  const std::string before = editor_.text().substr(0, editor_.cursor());
  const Completion completion = complete(before, home_, list_);
  if (completion.text != before)
    editor_.replace(completion.text + editor_.text().substr(editor_.cursor()),
                    completion.text.size());
  if (completion.text != before) return;
  for (const std::string& name : completion.candidates) candidates_.push_back(display_text(name));
}

// All of it, wherever the cursor stands; ^Y brings it back.
void LineInput::drop_paste() {
  editor_.apply({Key::Code::control, {}, 'K'});
  editor_.apply({Key::Code::control, {}, 'U'});
}

void LineInput::interrupt(std::vector<Input>& inputs) {
  if (!editor_.empty()) {
    editor_.take();  // into the history: it can be had back
    return;
  }
  if (leave_asked_) return inputs.push_back({Input::Kind::quit, {}});
  leave_asked_ = true;
  hint_ = "press ^C again to leave the talk";
}

InputArea LineInput::lay_out(bool takes_words, int columns, int most_rows) const {
  const std::string prompt = !takes_words ? ""
                             : search_    ? "search '" + display_text(*search_) + "': "
                                          : "> ";
  return lay_out_input(prompt, editor_.text(), editor_.cursor(), columns, most_rows);
}

std::string LineInput::hint(int columns) const {
  if (!candidates_.empty()) return names_that_fit(candidates_, columns);
  if (!hint_.empty()) return hint_;
  if (unsent_.waiting()) return kNotSentYet;
  const std::size_t lines = count_lines(editor_.text());
  return lines > 1 ? std::to_string(lines) + " lines: Enter sends them, ^U drops them" : "";
}

}  // namespace talk
