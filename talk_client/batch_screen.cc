#include "talk_client/batch_screen.h"

#include <unistd.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "common/files/progress.h"
#include "common/posix/io.h"
#include "common/posix/program.h"
#include "common/posix/tty.h"
#include "common/text/display.h"

namespace talk {
namespace {

constexpr milliseconds kRepaint{100};

// Nobody may be left to read it; that ends no transfer.
void write_quietly(const std::string& text) {
  try {
    write_all(STDERR_FILENO, text, "write to standard error");
  } catch (const std::system_error&) {
  }
}

}  // namespace

BatchScreen::BatchScreen() : terminal_(::isatty(STDERR_FILENO) == 1) {}

void BatchScreen::show(const Entry& entry) {
  const bool error = entry.kind == Entry::Kind::error;
  failed_ |= error;
  if (!error && !terminal_) return;
  wipe();
  const std::string text = display_text(entry.text);
  if (error)
    print_error(text);
  else if (entry.kind == Entry::Kind::theirs || entry.kind == Entry::Kind::peer_notice)
    write_quietly("<" + shown_name(entry.who) + "> " + text + "\n");
  else
    write_quietly("-- " + text + "\n");
}

void BatchScreen::say(const std::string& text) {
  wipe();
  write_quietly("-- " + display_text(text) + "\n");
}

void BatchScreen::set_status(const Status& status) {
  for (const TransferView& view : status.transfers) {
    const auto before = std::find_if(last_.begin(), last_.end(), [&](const TransferView& other) {
      return other.number == view.number;
    });
    if (before != last_.end() && before->done < view.done) moved_ = true;
  }
  last_ = status.transfers;
  if (!terminal_) return;
  if (last_.empty()) return wipe();
  const Time now = Clock::now();
  if (painted_ && now - painted_at_ < kRepaint) return;
  painted_at_ = now;
  const TransferView& first = last_.front();
  const std::string more =
      last_.size() > 1 ? " (and " + std::to_string(last_.size() - 1) + " more)" : "";
  const auto columns = static_cast<std::size_t>(std::max(window_size(STDERR_FILENO).columns, 2));
  paint(progress_bar(display_text(first.name) + more, first.done, first.total, first.rate,
                     first.left, columns - 1));
}

void BatchScreen::paint(const std::string& bar) {
  write_quietly("\r" + bar + "\x1b[K");
  painted_ = true;
}

void BatchScreen::wipe() {
  if (painted_) write_quietly("\r\x1b[K");
  painted_ = false;
}

void BatchScreen::prepare(WaitSet& wait, Time now, bool) {
  if (!end_said_) wait.wake_by(now);
}

void BatchScreen::turn(const WaitSet&, Time, std::vector<Input>& inputs) {
  if (!end_said_) inputs.push_back({Input::Kind::end, {}});
  end_said_ = true;
}

bool BatchScreen::take_moved() { return std::exchange(moved_, false); }

}  // namespace talk
