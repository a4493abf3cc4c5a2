#include "server_handler/upload/accio_start.h"

#include <algorithm>
#include <utility>

#include "common/wire/accio.h"

namespace talk {
namespace {

constexpr std::size_t kMaxHeader = std::size_t{8} << 10;

bool could_become(std::string_view held, std::string_view expected) {
  return held.size() < expected.size() && expected.starts_with(held);
}

}  // namespace

bool AccioStart::take(std::string_view expected) {
  if (!held_.starts_with(expected)) return false;
  held_.erase(0, expected.size());
  return true;
}

bool AccioStart::judge_first_bytes(Step& step) {
  if (could_become(held_, kAccioConfirmation) || could_become(held_, kAccioHeader)) return false;
  if (take(kAccioConfirmation)) {
    step.reply = kAccioGreeting;
    state_ = State::second_confirmation;
  } else {
    state_ = held_.starts_with(kAccioHeader) ? State::header : State::file;
  }
  return true;
}

// The header ends with its first empty line, which may end in LF or CR LF.
bool AccioStart::skip_header() {
  std::size_t end = 0;
  for (const std::string_view blank : {"\n\r\n", "\n\n"}) {
    const std::size_t found = held_.find(blank);
    if (found == std::string::npos) continue;
    const std::size_t after = found + blank.size();
    end = end == 0 ? after : std::min(end, after);
  }
  if (std::max(end, end == 0 ? held_.size() : 0) > kMaxHeader)
    throw BadStart("a header over " + std::to_string(kMaxHeader) + " bytes");
  if (end == 0) return false;
  held_.erase(0, end);
  state_ = State::file;
  return true;
}

// One state further; false where that takes more bytes.
bool AccioStart::advance(Step& step) {
  switch (state_) {
    case State::first_bytes:
      return judge_first_bytes(step);
    case State::second_confirmation:
      if (could_become(held_, kAccioSecondConfirmation)) return false;
      if (!take(kAccioSecondConfirmation)) throw BadStart("no second confirmation");
      state_ = State::blank_line;
      return true;
    case State::blank_line:
      if (could_become(held_, kAccioBlankLine)) return false;
      take(kAccioBlankLine);
      state_ = State::file;
      return true;
    case State::header:
      return skip_header();
    case State::file:
      step.file = std::exchange(held_, {});
      return false;
  }
  return false;
}

AccioStart::Step AccioStart::receive(std::string_view bytes) {
  held_.append(bytes);
  Step step;
  while (advance(step)) {
  }
  return step;
}

std::string AccioStart::end() {
  if (state_ == State::second_confirmation || state_ == State::header)
    throw BadStart("the end before the file's beginning");
  state_ = State::file;
  return std::exchange(held_, {});
}

}  // namespace talk
