// Keeps apart what was typed for another window: one that has just opened may have taken the focus
// in the middle of a sentence, and one whose talk has just ended may give it away. Pure.
#pragma once

#include <optional>
#include <string>

#include "common/posix/clock.h"
#include "common/text/keys.h"
#include "common/text/line_editor.h"

namespace talk {

// Whether the person has paused since something changed before their eyes.
class Settling {
 public:
  static constexpr milliseconds kAge{1000};   // that what is new has at least
  static constexpr milliseconds kQuiet{500};  // without a key

  void begin(Time now) { due_ = now + kAge; }
  void begin_pause(Time now) { due_ = now + kQuiet; }
  // Once a turn. It ends in a turn without keys, so that those which waited while the program did
  // not come to read them count as typed before.
  void turn(bool keys_came, Time now);

  bool settled() const { return !due_; }
  const std::optional<Time>& due() const { return due_; }  // to look again

 private:
  std::optional<Time> due_;  // unset: settled
};

// What is typed into a window that has just opened.
class TypeAhead {
 public:
  TypeAhead();

  // `typing_elsewhere`: the person is in the middle of something in another window. However long
  // they pause, what they type next is meant for that one: the first keys are kept, and those that
  // follow until there is a pause.
  void window_opened(Time now, bool typing_elsewhere = false);
  // The keyboard was given to this window: by the person, if it is not just opening.
  void window_chosen() { distrusts_ = distrusts_ && !settling_.settled(); }

  // Whether keys are to be handed to keep() rather than to the line.
  bool keeping() const { return distrusts_ || !settling_.settled(); }
  void keep(const Key& key);
  bool empty() const { return kept_.empty(); }
  // Once a turn, after the keys. True once, when keeping has ended.
  bool turn(bool keys_came, Time now);
  const std::optional<Time>& due() const { return settling_.due(); }

  // What was kept, lines with a line feed between them; it is forgotten here.
  std::string take();

 private:
  Settling settling_;
  bool distrusts_ = false;  // the first keys, whenever they come
  LineEditor kept_;
};

// What is typed where a talk has ended: Enter, Esc or q closes, where it stands alone and not
// within a sentence; everything else is not sent.
class ClosingKeys {
 public:
  void talk_ended(Time now) { settling_.begin(now); }
  void press(const Key& key);
  enum class Turn { nothing, ready, close };
  // Once a turn, after the keys.
  Turn turn(bool keys_came, Time now);
  std::optional<Time> due() const;

  // Whether a key can close by now: only then it is said which.
  bool ready() const { return settling_.settled(); }

  // What was typed in vain: the last of it, and the end of that which can be named in a row;
  // untrusted.
  const std::string& not_sent() const { return not_sent_; }
  std::string not_sent_lately() const;
  void add_not_sent(const std::string& text);

 private:
  Settling settling_;
  bool closing_ = false;  // the last key was one that closes
  std::optional<Time> closes_at_;
  std::string not_sent_;
};

inline constexpr const char* kHowToClose = "Enter, Esc or q closes";
inline constexpr const char* kWasKept =
    "what you typed as this window opened was kept: ^Y brings it back";
inline constexpr const char* kWillBeKept =
    "you were typing elsewhere: your first words here are kept, not sent";
inline constexpr const char* kIsKept =
    "this window has just opened: what you type is kept, not sent, until you pause";

}  // namespace talk
