#include "talk_client/batch_screen.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "common/posix/tty.h"
#include "common/screen/entry.h"
#include "common/screen/transfer_progress.h"
#include "common/text/display.h"

namespace talk {
namespace {

constexpr milliseconds kRepaint{100};
constexpr std::size_t kOutputFull = std::size_t{64} << 10;
constexpr std::size_t kOutputMost = std::size_t{64} << 20;
constexpr seconds kFinish{2};

}  // namespace

BatchScreen::BatchScreen(bool lines, std::string place)
    : terminal_(::isatty(STDERR_FILENO) == 1),
      place_(std::move(place)),
      output_(STDERR_FILENO, kOutputMost) {
  if (lines) announcer_.emplace();
}

BatchScreen::~BatchScreen() { finish(Clock::now() + kFinish); }

void BatchScreen::show(const Entry& entry) {
  const bool error = entry.kind == Entry::Kind::error;
  failed_ |= error;
  if (!error && !terminal_) return;
  const bool named = !error || entry.text.find(place_) != std::string::npos;
  put_line(stderr_line(entry) + (named ? "" : " (" + display_text(place_) + ")"));
}

void BatchScreen::say(const std::string& text) {
  put_line(entry_line({Entry::Kind::info, {}, text, {}}));
}

void BatchScreen::put_line(const std::string& line) {
  wipe();
  put(line + "\n");
}

// What is not taken now goes out in the next turn, or at the end.
void BatchScreen::put(const std::string& bytes) {
  output_.put(bytes);
  output_.flush(Time{});
}

void BatchScreen::set_status(const Status& status) {
  tell_of_link(status);
  if (!terminal_) return;
  if (announcer_) {
    for (const std::string& line : announcer_->news(status, Clock::now())) say(line);
    return;
  }
  if (status.transfers.empty()) return wipe();
  const Time now = Clock::now();
  if (!output_.empty() || (painted_ && now - painted_at_ < kRepaint)) return;
  painted_at_ = now;
  const int columns = std::max(window_size(STDERR_FILENO).columns, 2);
  paint(transfer_progress(status.transfers, columns - 1));
}

// At a terminal the talk's own words have said it.
void BatchScreen::tell_of_link(const Status& status) {
  const bool lost = status.lost_for && !status.ended;
  if (lost == lost_) return;
  lost_ = lost;
  if (terminal_ || status.ended) return;
  say(lost ? "the link is gone; calling again" : "the link is there again");
}

void BatchScreen::paint(const std::string& bar) {
  put("\r" + bar + "\x1b[K");
  painted_ = true;
}

void BatchScreen::wipe() {
  if (painted_) put("\r\x1b[K");
  painted_ = false;
}

void BatchScreen::prepare(WaitSet& wait, bool) {
  output_.prepare(wait);
  if (!end_said_) wait.wake_by(Time{});  // at once
}

void BatchScreen::turn(const WaitSet& wait, Time, std::vector<Input>& inputs) {
  output_.turn(wait);
  if (!end_said_) inputs.push_back({Input::Kind::end, {}});
  end_said_ = true;
}

bool BatchScreen::has_room() const { return output_.size() < kOutputFull; }

void BatchScreen::finish(Time deadline) {
  wipe();
  output_.flush(deadline);
}

}  // namespace talk
