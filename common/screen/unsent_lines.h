// What was said while the other side takes nothing: the lines wait here in their order, so that the
// keyboard is always read and a command or ^C never waits behind words. Pure.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "common/screen/screen.h"
#include "common/wire/limits.h"

namespace talk {

class UnsentLines {
 public:
  static constexpr std::size_t kMostBytes = std::size_t{4} << 20;

  // Once a turn: whether more can be taken from the person (Screen::prepare()).
  void listen(bool listening);

  // False at kMostBytes: then nothing is to be said until some of it has gone.
  bool has_room() const { return bytes_ < kMostBytes; }
  bool waiting() const { return !lines_.empty(); }
  // Lines wait, and may go at once.
  bool due() const { return listening_ && waiting(); }

  // Words, or the end of all words, in their order. Appends to `inputs` what can be taken now.
  void say(Input input, std::vector<Input>& inputs);
  // A command overtakes words that the other side does not take.
  void obey(std::string line, std::vector<Input>& inputs);
  // Appends what has waited and can be taken now: no more than a share in a turn.
  void release(std::vector<Input>& inputs);

 private:
  std::deque<Input> lines_;
  std::size_t bytes_ = 0;  // in lines_
  bool listening_ = true;
  std::size_t taken_ = 0;  // bytes in this turn
};

inline constexpr const char* kNotSentYet =
    "not sent yet: the other side does not take more now; /bye leaves without it";
// What was typed or pasted is over kMaxText with what is there.
inline const std::string kLineIsFull =
    "a line is at most " + std::string(kMaxTextInWords) + ": this did not fit and was not taken";

}  // namespace talk
