// Keeps apart what was typed for another window. Pure.
//
// One rule says what a window may take as meant for it: what is typed there since the person turned
// to it by their own act. Where the keyboard came by itself, because the window opened or another
// of ours closed, it may be the rest of a sentence that was begun elsewhere. That rest is held up
// to and including its Enter, however long the pauses in it, and shown to be sent or dropped. The
// window trusts again
//   - after that Enter and a breath,
//   - when the person turns to it (Turns), or takes back by ^Y what was held,
//   - where it is not known that they were typing elsewhere: after a long time without a key.
// With nothing typed elsewhere, a window that opens takes what is typed a second later.
#pragma once

#include <optional>
#include <string>

#include "common/posix/clock.h"
#include "common/text/keys.h"
#include "common/text/line_editor.h"

namespace talk {

inline constexpr milliseconds kYouth{1000};  // what is new is before the eyes so long, at least
inline constexpr milliseconds kBreath{500};  // without a key

// Whether the keyboard came to a window by an act of the person's, or by itself.
class Turns {
 public:
  // Within it the window manager has given the keyboard to somebody: it need not be the person.
  static constexpr seconds kManagers{2};

  void window_opened(Time now) { opened_ = now; }
  // Another window of ours.
  void another_closed(Time when) { closed_ = when; }

  bool is_opening(Time now) const { return opened_ && now < *opened_ + kManagers; }
  // Since the last key here, where the terminal does not tell who has the keyboard.
  bool another_has_closed(Time now, Time last_key) const;
  // Where it tells: a focus that comes now, and not from the person.
  bool was_given(Time now) const { return closed_ && now < *closed_ + kManagers; }

 private:
  std::optional<Time> opened_;
  std::optional<Time> closed_;
};

class TypeAhead {
 public:
  static constexpr seconds kLong{10};

  TypeAhead();

  // `typing_elsewhere`: the person is in the middle of something in another window.
  void window_opened(Time now, bool typing_elsewhere = false);
  // The keyboard came here as another window closed.
  void keyboard_given(Time now);
  // By an act of the person's.
  void person_turned() { doubt_ = Doubt::none; }

  // Whether keys are to be handed to keep() rather than to the line.
  bool keeping() const { return doubt_ != Doubt::none; }
  // What is to be said of it; empty where nothing is.
  const char* hint() const;
  void keep(const Key& key);
  // ^Y: then keeping ends with it.
  bool is_taken_back_by(const Key& key);
  bool empty() const { return kept_.empty(); }
  // Once a turn, after the keys. True once, when keeping has ended.
  bool turn(bool keys_came, Time now);
  const std::optional<Time>& due() const { return ends_at_; }

  // What was kept, lines with a line feed between them; it is forgotten here.
  std::string take();
  // The same; nothing is kept from here on, for nothing is sent any more.
  std::string talk_ended();

 private:
  enum class Doubt {
    none,
    opening,    // a key within its youth is the rest of something
    rest,       // and this is it
    given,      // another window closed
    elsewhere,  // something is half typed there
  };

  Doubt doubt_ = Doubt::none;
  bool was_keeping_ = false;
  bool over_ = false;
  bool line_ended_ = false;  // by Enter, and no key came since
  Time grown_up_{};
  std::optional<Time> ends_at_;
  LineEditor kept_;
};

// What is typed where a talk has ended: Enter, Esc or q closes, where it stands alone and not
// within a sentence; everything else is not sent. The Enter of a line that was begun ends that line
// and closes nothing.
class ClosingKeys {
 public:
  void talk_ended(Time now, bool line_begun);
  void press(const Key& key);
  enum class Turn { nothing, ready, close };
  // Once a turn, after the keys.
  Turn turn(bool keys_came, Time now);
  std::optional<Time> due() const { return closes_at_ ? closes_at_ : ready_at_; }

  // Whether a key can close by now: only then it is said which.
  bool ready() const { return !ready_at_; }
  const char* how_to_close() const;

  // What was typed in vain: the last of it, and the end of that which can be named in a row;
  // untrusted.
  const std::string& not_sent() const { return not_sent_; }
  std::string not_sent_lately() const;
  void add_not_sent(const std::string& text);

 private:
  std::optional<Time> ready_at_;  // unset: by now
  bool line_begun_ = false;
  bool closing_ = false;  // the last key was one that closes
  std::optional<Time> closes_at_;
  std::string not_sent_;
};

inline constexpr const char* kWasKept =
    "what you typed as this window came up was kept: ^Y brings it back";
inline constexpr const char* kGoesElsewhere =
    "you were typing elsewhere: your first line here is kept, not sent";
inline constexpr const char* kWasGiven =
    "another window has closed: a line typed now is kept, not sent";
inline constexpr const char* kIsKept =
    "this window came up by itself: what you type is kept, not sent, up to Enter";

}  // namespace talk
