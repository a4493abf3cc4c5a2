// The terminal that a program sits at, standard input and output, owned by one object: its mode,
// its size, the keys that come from it and the bytes that go to it. Every program that paints a
// page, or reads keys one by one, has one; what is painted is its own affair.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/posix/clock.h"
#include "common/posix/output_queue.h"
#include "common/posix/tty.h"
#include "common/posix/wait_set.h"
#include "common/text/keys.h"

namespace talk {

class TtyLink {
 public:
  struct Options {
    TtyMode::Controls controls = TtyMode::Controls::signals;
    std::string begin = {};  // sent whenever the terminal is taken
    std::string end = {};    // sent whenever it is given back, and also should the program crash
  };

  // Takes the terminal. Throws std::system_error.
  explicit TtyLink(Options options);
  // Gives it back at once; what is still queued is lost.
  ~TtyLink();
  TtyLink(const TtyLink&) = delete;
  TtyLink& operator=(const TtyLink&) = delete;

  // Writes what is queued, at most until `deadline`, and gives the terminal back; take() takes it
  // again. Either is safe to call twice.
  // `farewell` stays in the terminal behind what it showed before; safe.
  void give_back(Time deadline, std::string_view farewell = "",
                 TtyMode::Typed typed = TtyMode::Typed::stays);
  void take();

  // States the interest in keys and in room for what is queued.
  void prepare(WaitSet& wait) const;
  // After the wait: the keys that were typed. A sequence that stays a beginning for 50 ms is taken
  // for what it is.
  std::vector<Key> read_keys(const WaitSet& wait, Time now);
  // Writes as much as the terminal takes without waiting.
  void write(const WaitSet& wait) { output_.turn(wait); }

  void put(std::string_view bytes) { output_.put(bytes); }
  std::size_t queued() const { return output_.size(); }  // bytes that were put and not yet written

  // Asks for the terminal's window to be shown and brought to the front. False where it is of a
  // kind that has none.
  bool raise_window();

  // There is no terminal any more: nothing is read, nothing will be written.
  bool gone() const { return hung_up_ || output_.error() != 0; }

  WindowSize size() const { return size_; }
  void resized();  // SIGWINCH: looks at the size anew

 private:
  Options options_;
  TtyMode mode_;
  OutputQueue output_;
  KeyReader keys_;
  WindowSize size_;
  bool taken_ = false;
  bool hung_up_ = false;
  std::optional<Time> held_since_;  // while the beginning of a sequence is held
};

}  // namespace talk
