// The line being typed on the split screen: what each key makes of it, with ^R's search, completion
// and the question before ^C leaves.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/screen/screen.h"
#include "common/screen/split/completion.h"
#include "common/screen/split/input_area.h"
#include "common/screen/unsent_lines.h"
#include "common/text/keys.h"
#include "common/text/line_editor.h"

namespace talk {

class LineInput {
 public:
  LineInput(std::string home, ListDirectory list);  // for completion

  // Appends what the person did by it.
  void obey(const Key& key, std::vector<Input>& inputs);

  // What has been said waits here while the other side takes nothing.
  UnsentLines& unsent() { return unsent_; }

  bool empty() const { return editor_.empty(); }
  const std::string& text() const { return editor_.text(); }
  bool unsent_waits() const { return unsent_.waiting(); }
  void keep_for_yank(std::string text) { editor_.keep_for_yank(std::move(text)); }

  // At most `most_rows` rows of `columns`; without a prompt where no words are taken.
  InputArea lay_out(bool takes_words, int columns, int most_rows) const;
  // What there is to say about the line, in `columns`.
  std::string hint(int columns) const;
  // Is said until the next key.
  void set_hint(std::string text) { hint_ = std::move(text); }

 private:
  void search(const Key& key);
  void control(const Key& key, std::vector<Input>& inputs);
  void enter(std::vector<Input>& inputs);
  void insert(const std::string& text);
  void complete_path();
  void drop_paste();
  void interrupt(std::vector<Input>& inputs);

  std::string home_;
  ListDirectory list_;
  LineEditor editor_;
  UnsentLines unsent_;
  std::optional<std::string> search_;  // ^R: what is looked for
  bool leave_asked_ = false;           // ^C was pressed on an empty line
  std::string hint_;
  std::vector<std::string> candidates_;  // that Tab found; safe
};

}  // namespace talk
