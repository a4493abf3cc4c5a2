// The plain screen at a terminal: the talk scrolls, the line being typed stays in the last row and
// is never torn by what comes in. It needs nothing of the terminal but carriage return, so every
// terminal will do; and, for whoever hears the screen, not even that: then nothing is painted
// twice, and what is news is a line, once.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/screen/announcer.h"
#include "common/screen/input_row.h"
#include "common/screen/plain_status.h"
#include "common/screen/screen.h"
#include "common/screen/tty_link.h"
#include "common/screen/type_ahead.h"
#include "common/screen/unsent_lines.h"
#include "common/text/line_editor.h"

namespace talk {

class PlainScreen : public Screen {
 public:
  // Takes the terminal that is standard input and output. Throws std::system_error.
  // `titles`, where the terminal's window has one, makes of a title what sets it.
  using Titles = std::function<std::string(const std::string& title)>;
  enum class Way { repainting, writing };
  explicit PlainScreen(const WindowKind& window, Way way, Titles titles = nullptr);
  ~PlainScreen() override;

  void show(const Entry& entry) override;
  void set_status(const Status& status) override;
  void talk_ended() override;
  Attention attention() const override;
  void another_closed(Time when) override { turns_.another_closed(when); }
  void prepare(WaitSet& wait, bool listening) override;
  void turn(const WaitSet& wait, Time now, std::vector<Input>& inputs) override;
  bool has_room() const override;
  bool raise() override { return tty_.raise_window(); }
  void resized() override;
  void suspend() override;
  void resume() override;
  void finish(Time deadline) override;

 private:
  void take_keys(const std::vector<Key>& keys, Time now, std::vector<Input>& inputs);
  void obey(const Key& key, std::vector<Input>& inputs);
  void enter(std::vector<Input>& inputs);
  void say(Input input, std::vector<Input>& inputs);
  void insert(const std::string& text);
  void end_type_ahead();
  void remark(const std::string& text);
  void put(const std::string& text);
  const char* end_of_row() const;
  void draw_input();
  bool stands_already(const std::string& words);
  void tell_how_to_close(ClosingKeys::Turn turn);
  std::string prompt() const;
  void say_status(Time now);
  // In the person's own terminal nothing is left to be closed.
  bool closes_by_key() const { return closing_.ready() && window_.opened_for_visitor; }
  void set_title();
  void tell_not_sent(const std::string& words);
  void give_back(Time deadline, TtyMode::Typed typed);

  TtyLink tty_;
  LineEditor editor_;
  UnsentLines unsent_;
  const std::unique_ptr<InputRow> row_;
  bool stale_ = true;  // the row is to be drawn anew
  bool ended_ = false;
  bool finished_ = false;
  Status status_;
  std::optional<Announcer> announcer_;  // in place of the status, where nothing is painted anew
  std::deque<std::string> entered_;     // that stand where they were typed, and are not yet shown
  UnheardMark unheard_;
  std::string status_text_;  // stands in the prompt
  const WindowKind window_;
  const Titles titles_;
  std::string title_;
  Turns turns_;
  TypeAhead type_ahead_;
  ClosingKeys closing_;
  bool vain_told_ = false;
  std::uint64_t unread_ = 0;  // lines of words since the last key
  Time typed_at_{};
  Time looked_at_;
};

}  // namespace talk
