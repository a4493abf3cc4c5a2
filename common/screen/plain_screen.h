// The plain screen at a terminal: the talk scrolls, the line being typed stays in the last row and
// is never torn by what comes in. It needs nothing of the terminal but carriage return, so every
// terminal will do.
#pragma once

#include <optional>

#include "common/posix/byte_queue.h"
#include "common/posix/tty.h"
#include "common/screen/screen.h"
#include "common/text/keys.h"
#include "common/text/line_editor.h"

namespace talk {

class PlainScreen : public Screen {
 public:
  // Takes the terminal that is standard input and output. Throws std::system_error.
  PlainScreen();
  ~PlainScreen() override;

  void show(const Entry& entry) override;
  void set_status(const Status& status) override;
  bool command(Verb, const std::string&) override { return false; }
  void talk_ended() override;
  void prepare(WaitSet& wait, Time now, bool listening) override;
  void turn(const WaitSet& wait, Time now, std::vector<Input>& inputs) override;
  bool has_room() const override;
  void resized() override;
  void suspend() override;
  void resume() override;
  void finish(Time deadline) override;

 private:
  void read_keys(Time now, std::vector<Input>& inputs);
  void obey(const Key& key, std::vector<Input>& inputs);
  void enter(std::vector<Input>& inputs);
  void insert(const std::string& text);
  void remark(const std::string& text);
  void put(const std::string& text);
  void erase_input();
  void draw_input();
  std::string prompt() const;
  void write_some_output();

  TtyMode tty_;
  OwnedFd terminal_out_;
  WindowSize size_;
  KeyReader keys_;
  LineEditor editor_;
  ByteQueue output_;
  int drawn_ = 0;      // columns of the input row that are painted; 0: none
  bool stale_ = true;  // the input row is to be painted anew
  bool ended_ = false;
  bool broken_ = false;           // the terminal has gone
  std::optional<Time> last_key_;  // while the beginning of a sequence is held
  std::string progress_;
};

}  // namespace talk
