// The split screen's terminal, given back and taken again, and what remains in it.
#include "common/screen/split/split_screen.h"
#include "common/text/display.h"

namespace talk {
namespace {

constexpr int kRoomForShell = 2;  // rows for the reason and the next prompt

}  // namespace

void SplitScreen::suspend() { tty_.give_back(Clock::now() + seconds(1)); }

void SplitScreen::resume() {
  tty_.take();
  painter_.forget_title();
  resized();
}

void SplitScreen::finish(Time deadline) {
  if (left_) return;
  left_ = true;
  if (window_.opened_for_visitor) return tty_.give_back(deadline);
  if (ended_) tell_not_sent();
  const auto typed = ended_ ? TtyMode::Typed::is_dropped : TtyMode::Typed::stays;
  tty_.give_back(deadline, last_screenful(), typed);
}

// The half line, and what was typed of it while the talk was ending.
void SplitScreen::tell_not_sent() {
  const std::string words = line_.text() + closing_.not_sent();
  if (words.empty()) return;
  show({Entry::Kind::info, {}, "not sent: " + quoted(words), std::chrono::system_clock::now()});
}

// What remains in the person's own terminal, where the shell goes on.
std::string SplitScreen::last_screenful() {
  talk_.to_bottom();
  talk_.unmark();
  const auto [columns, rows] = tty_.size();
  std::string text;
  for (const Row& row : talk_.view(columns, rows - kRoomForShell)) {
    for (const Piece& piece : row) text += piece.text;
    text += "\r\n";
  }
  return text;
}

}  // namespace talk
