// The board: all talks of one server on a terminal, and the keys that act on them. It starts and
// ends without any talk noticing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/desk/register.h"
#include "common/posix/signals.h"
#include "common/screen/split/painter.h"
#include "common/screen/split/terminfo.h"
#include "common/screen/tty_link.h"
#include "common/text/line_editor.h"
#include "talk_server/board/house.h"
#include "talk_server/board/orders.h"
#include "talk_server/board/page.h"
#include "talk_server/board/presence.h"

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
    std::string request;            // "say", "close"
    std::vector<std::uint64_t> to;  // those who were there then
    std::string label;
    LineEditor editor;
    bool to_be_confirmed = false;  // a close, with its reason: one key more does it
  };
  // What was ordered last, and what came of it.
  struct Doing {
    std::string what;   // "said"
    std::string words;  // that were to be said
    std::size_t of = 0;
    std::size_t done = 0;
    std::string problem;
  };

  void prepare(WaitSet& wait, Time now) const;
  void turn(const WaitSet& wait, Time now);
  bool take_signals();
  bool is_left_behind();
  void suspend();
  void look_at_sessions();
  void obey(const Key& key, Time now);
  void act_on(const Key& key, Time now);
  void command(char letter, Time now);
  bool is_typing() const;
  void move(std::ptrdiff_t step);
  void ask(const std::string& request, bool all);
  void answer(const Key& key, Time now);
  void confirm(const Key& key, Time now);
  void drop_question();
  void give(const Question& question, Time now);
  void hear(const OrderResult& result);
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
  Doing doing_;
  std::string unsaid_;  // for ^Y: words whose session had ended
  std::string message_;
  // A window was raised, and may not have the keyboard: letters are words for it, not commands.
  bool meant_for_window_ = false;
  Time typed_at_{};
  BoardPresence presence_;
  std::optional<Time> painted_at_;
  bool dirty_ = true;
  bool leaving_ = false;
  bool server_seen_ = false;
};

}  // namespace talk
