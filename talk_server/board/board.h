// The board: all talks of one server on a terminal, and the keys that act on them. It starts and
// ends without any talk noticing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/desk/register.h"
#include "common/posix/signals.h"
#include "common/screen/split/painter.h"
#include "common/screen/split/terminfo.h"
#include "common/screen/tty_link.h"
#include "common/text/line_editor.h"
#include "talk_server/board/house.h"
#include "talk_server/board/orders.h"
#include "talk_server/board/page.h"

namespace talk {

class Board {
 public:
  enum class Opened { by_the_person, by_the_server };

  // Takes the terminal. Throws std::runtime_error where there is none that can carry a page. One
  // that the server has opened goes when the server and all its sessions have gone.
  Board(const RegisteredServer& server, Opened opened);

  // Until the person leaves it, the terminal has gone or a signal ends it.
  void run();

 private:
  // A line that is being typed, and what it is for: bound to a session when it was begun.
  struct Question {
    std::string request;                   // "say", "close"
    std::optional<std::uint64_t> session;  // none: all
    std::string label;
    LineEditor editor;
  };

  void prepare(WaitSet& wait, Time now) const;
  void turn(const WaitSet& wait, Time now);
  bool take_signals();
  bool is_left_behind();
  void suspend();
  void look_at_sessions();
  void obey(const Key& key, Time now);
  void command(char letter, Time now);
  void move(std::ptrdiff_t step);
  void ask(const std::string& request, bool all);
  void answer(const Key& key, Time now);
  void give(const Question& question, Time now);
  void raise(Time now);
  void hear_results();
  void paint(Time now);
  const SessionRow* selected() const;

  std::string server_;
  Opened opened_;
  Signals signals_;
  Terminfo terminal_;
  TtyLink tty_;
  Painter painter_;
  House house_;
  Orders orders_;
  std::vector<SessionRow> sessions_;     // as they were last heard of
  std::size_t selected_ = 0;             // index
  std::optional<std::uint64_t> chosen_;  // by the person; else it is the first
  std::optional<Question> question_;
  std::string doing_;  // what the order was that is being waited for: "said to 3 alice"
  std::string message_;
  // A window was raised, and may not have the keyboard: letters are words for it, not commands.
  bool meant_for_window_ = false;
  std::optional<Time> painted_at_;
  bool dirty_ = true;
  bool leaving_ = false;
  bool server_seen_ = false;
};

}  // namespace talk
