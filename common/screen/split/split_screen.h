// The split screen: the talk above, a status line, the line being typed below. It is painted at
// most 60 times a second and only when the terminal has taken what it was sent before, so that a
// flood costs no more than what can be seen of it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/screen/screen.h"
#include "common/screen/split/line_input.h"
#include "common/screen/split/painter.h"
#include "common/screen/split/scrollback.h"
#include "common/screen/split/status_line.h"
#include "common/screen/split/terminfo.h"
#include "common/screen/tty_link.h"
#include "common/screen/type_ahead.h"

namespace talk {

class SplitScreen : public Screen {
 public:
  // Takes the terminal that is standard input and output; `terminal`, which is borrowed, has no
  // shortcoming. `home` and `list` are for completion. Throws std::system_error.
  SplitScreen(const Terminfo& terminal, const WindowKind& window, std::string home,
              ListDirectory list);
  ~SplitScreen() override;

  void show(const Entry& entry) override;
  void set_status(const Status& status) override;
  bool command(Verb verb, const std::string& argument) override;
  std::vector<std::string> key_help() const override;
  void talk_ended() override;
  Attention attention() const override;
  void another_closed(Time when) override { turns_.another_closed(when); }
  void prepare(WaitSet& wait, bool listening) override;
  void turn(const WaitSet& wait, Time now, std::vector<Input>& inputs) override;
  bool has_room() const override { return true; }  // what is not painted yet is stored
  std::optional<std::uint64_t> unread() const override { return unread_; }
  bool raise() override { return tty_.raise_window(); }
  void resized() override;
  void suspend() override;
  void resume() override;
  void finish(Time deadline) override;

 private:
  struct Pane {  // of the talk
    int columns = 1;
    int rows = 0;
  };

  // Whether somebody looks, as far as the terminal tells: it is not known of a window to which the
  // keyboard came by itself.
  enum class Focus { unknown, here, gone };

  void take_keys(const std::vector<Key>& keys, Time now, std::vector<Input>& inputs);
  // Whether it was typed, and is no sign of the terminal's or a look at something else.
  bool obey(const Key& key, Time now, std::vector<Input>& inputs);
  bool is_sign(const Key& key) const;
  void looked(Time now);
  bool is_looked_at(Time now) const;
  void end_type_ahead();
  bool focus_key(const Key& key, Time now);
  bool scroll_key(const Key& key);
  bool screen_key(const Key& key);
  bool find_key(const Key& key);
  void tell_found(const std::optional<Scrollback::Found>& found);
  void scroll(int rows);
  void paint_if_due(Time now);
  Page compose(Time now);
  std::string hint() const;
  void ring(Time now);
  void tell_not_sent();
  std::string last_screenful();

  const Terminfo& terminal_;
  const WindowKind window_;
  const bool utf8_;  // the person's locale
  TtyLink tty_;
  Painter painter_;
  LineInput line_;
  Scrollback talk_;
  Status status_;
  Pane pane_;
  bool dirty_ = true;  // what is painted is no longer true
  bool ended_ = false;
  bool left_ = false;  // the terminal was given back for good
  Focus focus_;
  bool focus_is_told_ = false;  // by the terminal
  std::uint64_t unread_ = 0;    // lines of words that came where nobody looked
  Time typed_at_{};
  Time looked_at_;
  bool seen_ = false;  // somebody has looked since the window opened
  Turns turns_;
  TypeAhead type_ahead_;
  ClosingKeys closing_;
  bool bell_due_ = false;
  std::optional<Time> rang_;
  std::optional<Time> painted_at_;
};

}  // namespace talk
