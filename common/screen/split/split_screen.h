// The split screen: the talk above, a status line, the line being typed below. Rows are painted
// whole, at most 60 times a second and only when the terminal takes them, so that a flood costs no
// more than what can be seen of it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/posix/byte_queue.h"
#include "common/posix/tty.h"
#include "common/screen/screen.h"
#include "common/screen/split/rows.h"
#include "common/screen/split/scrollback.h"
#include "common/screen/split/status_line.h"
#include "common/screen/split/terminfo.h"
#include "common/text/keys.h"
#include "common/text/line_editor.h"

namespace talk {

class SplitScreen : public Screen {
 public:
  // Takes the terminal that is standard input and output; `terminal` has no shortcoming. `home` is
  // for completion. Throws std::system_error.
  SplitScreen(const Terminfo& terminal, std::string home);
  ~SplitScreen() override;

  void show(const Entry& entry) override;
  void set_status(const Status& status) override;
  bool command(Verb verb, const std::string& argument) override;
  void talk_ended() override;
  void prepare(WaitSet& wait, Time now, bool listening) override;
  void turn(const WaitSet& wait, Time now, std::vector<Input>& inputs) override;
  bool has_room() const override { return true; }  // what is not painted yet is stored
  void resized() override;
  void suspend() override;
  void resume() override;
  void finish(Time deadline) override;

 private:
  struct Pane {  // of the talk
    int columns = 1;
    int rows = 0;
  };

  void take_terminal();
  void read_keys(Time now, std::vector<Input>& inputs);
  void obey(const Key& key, std::vector<Input>& inputs);
  bool scroll_key(const Key& key);
  bool focus_key(const Key& key);
  void search_key(const Key& key);
  void control(const Key& key, std::vector<Input>& inputs);
  void enter(std::vector<Input>& inputs);
  void insert(std::string text);
  void complete_line();
  void interrupt(std::vector<Input>& inputs);
  void hint(const std::string& text) { hint_ = text; }

  void paint(Time now);
  std::vector<Row> compose(Time now, int& cursor_row, int& cursor_column);
  void paint_row(int row, const Row& content);
  void ring(Time now);
  void write_output();

  const Terminfo& terminal_;
  std::string home_;
  TtyMode tty_;
  OwnedFd terminal_out_;
  WindowSize size_;
  Pane pane_;
  KeyReader keys_;
  LineEditor editor_;
  Scrollback talk_;
  Status status_;
  ByteQueue output_;
  std::vector<Row> painted_;  // what the terminal shows; empty: unknown
  std::string title_;
  bool dirty_ = true;
  bool taken_ = false;   // the terminal is in our hands
  bool broken_ = false;  // it has gone
  bool ended_ = false;
  bool listening_ = true;  // more can be taken from the person
  bool focused_ = true;
  bool leave_asked_ = false;  // ^C was pressed on an empty line
  std::uint64_t unread_ = 0;  // lines that came while the window had no focus
  bool bell_due_ = false;
  std::optional<Time> rang_;
  std::optional<Time> painted_at_;
  std::optional<Time> last_key_;       // while the beginning of a sequence is held
  std::optional<std::string> search_;  // ^R: what is looked for
  std::string hint_;
};

}  // namespace talk
