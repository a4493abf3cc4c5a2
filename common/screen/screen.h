// What a conversation asks of a screen, and what a screen tells of the person before it. The split
// screen, the plain one and the pipe's stand behind it, those of programs that no person sits at,
// and the scripted one of the tests.
//
// Nothing that is handed to a screen is safe to be shown: the screen makes it so (text/display.h)
// at the place where it is painted.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/posix/clock.h"
#include "common/posix/wait_set.h"
#include "common/text/command.h"
#include "common/transfer/types.h"

namespace talk {

// One thing that was said or happened.
struct Entry {
  enum class Kind {
    theirs,       // the other person's words
    mine,         // what was typed here, as it was sent
    peer_notice,  // said by the other side's program
    info,         // said by this program
    error,        // said by this program: something could not be done
    bytes,        // with --raw on a pipe: what came, byte by byte; text alone is set
  };
  Kind kind = Kind::info;
  std::string who;   // theirs, mine, peer_notice: the name; untrusted
  std::string text;  // one line; untrusted
  std::chrono::system_clock::time_point when{};
};

// What is true now; a screen shows of it what it has room for.
struct Status {
  std::string peer_name;              // untrusted; empty while not known
  std::string peer_address;           // "10.0.0.7"
  Time since{};                       // when the talk began
  std::optional<seconds> silent_for;  // set when it is worth saying
  std::optional<std::chrono::microseconds> round_trip;
  std::vector<TransferView> transfers;
  std::vector<OfferView> offers;      // that wait for the person's answer, the oldest first
  std::vector<OfferView> unanswered;  // the same of one's own, for the peer to answer
  bool ended = false;
  bool server_gone = false;          // at the desk: another one counts its sessions from 1 again
  std::optional<seconds> lost_for;   // the link is gone, and another one is waited for
  std::optional<seconds> next_call;  // where this side calls: when; 0: it is calling
  std::size_t unheard = 0;  // the newest of one's own lines that are not known to have arrived
  std::optional<seconds> late_by;  // the oldest of them; set when it is worth saying

  bool operator==(const Status&) const = default;
};

// How much of the talk the person may have missed, and what of theirs would be lost.
struct Attention {
  std::uint64_t unread = 0;  // lines of the other's words that nobody is known to have looked at
  bool half_typed = false;   // something was typed and not sent
  Time typed_at{};           // the last key that was typed
  Time looked_at{};          // the last sign of somebody before it: a key, scrolling, a turn to it
  bool typing_on = false;    // the talk has ended, and keys may still come that were meant for it
};

// What a screen's terminal is: the person's own, where they have started the program by hand, or a
// window that was opened for a visitor while they were doing something else.
struct WindowKind {
  bool opened_for_visitor = false;
  std::uint64_t session = 0;      // its number; 0: none
  bool typing_elsewhere = false;  // the person, in another such window, as this one opened
};

// What the person did.
struct Input {
  enum class Kind {
    line,   // Enter: one line, without its end
    nudge,  // Enter where nothing is typed: says nothing, and waits no longer for a link
    end,    // nothing more will be said: end of input, ^D on an empty line, an ended talk's window
            // closed
    quit,   // leave at once (^C, confirmed where the screen asks); `line` may say why
  };
  Kind kind = Kind::line;
  std::string line;
};

// What only a screen with a person before it can do has an empty answer here.
class Screen {
 public:
  virtual ~Screen() = default;

  virtual void show(const Entry& entry) = 0;
  virtual void set_status(const Status& status) = 0;

  // /clear and /find, which concern the screen alone. False: this screen has no such command.
  virtual bool command(Verb, const std::string&) { return false; }

  // What keys do here, a line each, for /help.
  virtual std::vector<std::string> key_help() const { return {}; }

  // The talk has ended and stays to be read: nothing is said any more, and a key that closes (see
  // ClosingKeys) is Input::end.
  virtual void talk_ended() {}

  virtual Attention attention() const { return {}; }

  // Another window of the same desk has closed, and may have given the keyboard to this one.
  virtual void another_closed(Time) {}

  // States what to wait for, and does no more. `listening` is false while no more words can be
  // taken from the person because what they said before is still waiting to be sent.
  virtual void prepare(WaitSet& wait, bool listening) = 0;
  // After the wait: reads the keyboard, paints, writes. Appends what the person did; words only
  // where prepare() was told that they can be taken.
  virtual void turn(const WaitSet& wait, Time now, std::vector<Input>& inputs) = 0;

  // False while the screen's own output is stuck: then the peer is not read from, so that nothing
  // is lost and nothing grows.
  virtual bool has_room() const = 0;

  // Lines of words that came while the window was not looked at; nothing where the screen does not
  // know whether it is.
  virtual std::optional<std::uint64_t> unread() const { return std::nullopt; }
  // Brings its window to the front. False: it has none.
  virtual bool raise() { return false; }

  // SIGWINCH; and before and after the process is stopped (^Z).
  virtual void resized() {}
  virtual void suspend() {}
  virtual void resume() {}

  // Writes what is still waiting, at most until `deadline`, and gives the terminal back. Safe to
  // call twice; the destructor gives the terminal back too.
  virtual void finish(Time deadline) = 0;
};

}  // namespace talk
