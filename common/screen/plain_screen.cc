#include "common/screen/plain_screen.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "common/posix/io.h"
#include "common/screen/entry.h"
#include "common/text/display.h"
#include "common/text/width.h"
#include "common/text/wrap.h"
#include "common/wire/limits.h"

namespace talk {
namespace {

constexpr std::size_t kOutputFull = std::size_t{64} << 10;
constexpr std::size_t kOutputMost = std::size_t{64} << 20;
constexpr milliseconds kSequencePause{50};

}  // namespace

PlainScreen::PlainScreen()
    : tty_(STDIN_FILENO, TtyMode::Controls::signals),
      terminal_out_(open_terminal_output(STDOUT_FILENO)),
      size_(window_size(STDOUT_FILENO)),
      keys_(kMaxText),
      editor_(kMaxText),
      output_(kOutputMost) {}

PlainScreen::~PlainScreen() { finish(Clock::now()); }

// ---- Out ----

void PlainScreen::show(const Entry& entry) {
  const std::string prefix = line_prefix(entry);
  const std::string text = line_text(entry);
  // What is wrapped stays behind the prefix: a peer's words never begin a row.
  const int width = size_.columns - 1;
  const int indent = std::min(text_width(prefix), width / 2);
  std::string lines;
  bool first = true;
  const int room = std::max(1, width - indent);
  const int first_room = width - text_width(prefix);
  if (first_room < 1) lines = prefix + "\r\n";
  for (const std::string_view row : wrap(text, room)) {
    const bool beside = first && first_room >= 1;
    lines += beside ? prefix : std::string(static_cast<std::size_t>(indent), ' ');
    lines.append(row);
    lines += "\r\n";
    first = false;
  }
  put(lines);
}

void PlainScreen::remark(const std::string& text) {
  show({Entry::Kind::info, {}, text, std::chrono::system_clock::now()});
}

void PlainScreen::put(const std::string& text) {
  erase_input();
  output_.append(text);
}

void PlainScreen::erase_input() {
  if (drawn_ > 0) {
    output_.append("\r" + std::string(static_cast<std::size_t>(drawn_), ' ') + "\r");
    drawn_ = 0;
  }
  stale_ = true;
}

std::string PlainScreen::prompt() const {
  if (ended_) return "-- press a key to close ";
  const int most = std::max(0, size_.columns - 24);
  const std::string status(fit_width(progress_, most));
  return status.empty() ? "> " : "[" + status + "] > ";
}

// One row: the prompt, and as much of the line around the cursor as fits.
void PlainScreen::draw_input() {
  erase_input();
  stale_ = false;
  const int width = std::max(4, size_.columns - 1);
  std::string row(fit_width(prompt(), width / 2 + width / 4));
  const int room = std::max(2, width - text_width(row));
  std::string_view before = std::string_view(editor_.text()).substr(0, editor_.cursor());
  std::string left = display_text(before);
  const int cursor_room = std::max(1, room - 1);
  if (const int columns = text_width(left); columns > cursor_room) {  // scrolled, by halves
    std::string_view tail = left;
    for (int excess = columns - (cursor_room / 2 + 1); excess > 0;) {
      const Cluster cluster = first_cluster(tail);
      tail.remove_prefix(cluster.size);
      excess -= cluster.width;
    }
    left = "<" + std::string(tail);
  }
  const std::string rest = display_text(std::string_view(editor_.text()).substr(editor_.cursor()));
  const std::string right(fit_width(rest, std::max(0, room - text_width(left))));
  output_.append(row + left + right);
  drawn_ = text_width(row) + text_width(left) + text_width(right);
  if (!right.empty()) output_.append("\r" + row + left);
}

void PlainScreen::set_status(const Status& status) {
  std::string progress = brief_status(status);
  if (progress == progress_) return;
  progress_ = std::move(progress);
  stale_ = true;
}

void PlainScreen::talk_ended() {
  ended_ = true;
  stale_ = true;
}

// ---- The wait ----

void PlainScreen::prepare(WaitSet& wait, Time now, bool listening) {
  if (broken_) return wait.wake_by(now);
  if (stale_) draw_input();
  if (listening) wait.want_read(STDIN_FILENO);
  if (!output_.empty()) wait.want_write(terminal_out_.get());
  if (last_key_) wait.wake_by(*last_key_ + kSequencePause);
}

void PlainScreen::turn(const WaitSet& wait, Time now, std::vector<Input>& inputs) {
  if (wait.can_read(STDIN_FILENO)) read_keys(now, inputs);
  if (last_key_ && now >= *last_key_ + kSequencePause) {
    last_key_.reset();
    for (const Key& key : keys_.flush()) obey(key, inputs);
  }
  if (wait.can_write(terminal_out_.get())) write_some_output();
  if (broken_) inputs.push_back({Input::Kind::quit, "the window was closed"});
}

void PlainScreen::read_keys(Time now, std::vector<Input>& inputs) {
  std::array<char, 4096> bytes;
  const IoResult result = read_some(STDIN_FILENO, bytes);
  if (result.end() || result.failed()) {
    broken_ = true;
    return;
  }
  for (const Key& key : keys_.read({bytes.data(), result.count})) obey(key, inputs);
  last_key_ = keys_.holding() ? std::optional(now) : std::nullopt;
}

void PlainScreen::obey(const Key& key, std::vector<Input>& inputs) {
  using Code = Key::Code;
  if (ended_) return inputs.push_back({Input::Kind::end, {}});
  stale_ = true;
  if (key.code == Code::enter) return enter(inputs);
  if (key.code == Code::text || key.code == Code::paste) return insert(key.text);
  if (key.code == Code::control && key.letter == 'D' && editor_.empty())
    return inputs.push_back({Input::Kind::end, {}});
  editor_.apply(key);
}

void PlainScreen::enter(std::vector<Input>& inputs) {
  const std::string line = editor_.take();
  if (line.empty()) return;
  if (line.starts_with('/') && !line.starts_with("//")) put("> " + display_text(line) + "\r\n");
  inputs.push_back({Input::Kind::line, line});
}

void PlainScreen::insert(const std::string& text) {
  if (!editor_.insert(text)) remark("a line is at most 64 KiB: what did not fit was not taken");
}

void PlainScreen::write_some_output() {
  const IoResult result = write_some(terminal_out_.get(), output_.view());
  if (result.failed()) broken_ = true;
  output_.consume(result.failed() ? output_.size() : result.count);
}

bool PlainScreen::has_room() const { return output_.size() < kOutputFull; }

void PlainScreen::resized() {
  size_ = window_size(STDOUT_FILENO);
  stale_ = true;
}

void PlainScreen::suspend() { finish(Clock::now() + seconds(1)); }

void PlainScreen::resume() {
  tty_.take();
  resized();
}

void PlainScreen::finish(Time deadline) {
  if (broken_) return tty_.give_back();
  erase_input();
  stale_ = false;
  sigset_t mask;
  ::sigprocmask(SIG_SETMASK, nullptr, &mask);
  while (!output_.empty() && !broken_ && Clock::now() < deadline) {
    WaitSet wait;
    wait.want_write(terminal_out_.get());
    wait.wake_by(deadline);
    wait.wait(mask);
    if (wait.can_write(terminal_out_.get())) write_some_output();
  }
  tty_.give_back();
}

}  // namespace talk
