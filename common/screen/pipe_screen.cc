#include "common/screen/pipe_screen.h"

#include <unistd.h>

#include <array>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/text/display.h"

namespace talk {
namespace {

constexpr std::size_t kInputBite = std::size_t{64} << 10;
constexpr std::size_t kOutputFull = std::size_t{64} << 10;
// One bite from the peer, every byte of it shown by an escape, stays far below.
constexpr std::size_t kOutputMost = std::size_t{64} << 20;

}  // namespace

PipeScreen::PipeScreen() : output_(kOutputMost) {}

void PipeScreen::show(const Entry& entry) {
  switch (entry.kind) {
    case Entry::Kind::theirs:
      output_.append(display_text(entry.text) + "\n");
      break;
    case Entry::Kind::bytes:
      output_.append(entry.text);
      break;
    case Entry::Kind::mine:
      break;
    case Entry::Kind::peer_notice:
    case Entry::Kind::info:
    case Entry::Kind::error: {
      const char* mark = entry.kind == Entry::Kind::error ? "ERROR: " : "-- ";
      const std::string who = entry.kind == Entry::Kind::peer_notice
                                  ? "<" + display_text(entry.who) + "> notice: "
                                  : "";
      write_all(STDERR_FILENO, mark + who + display_text(entry.text) + "\n", "write to stderr");
      break;
    }
  }
}

void PipeScreen::prepare(WaitSet& wait, Time, bool listening) {
  if (listening && !input_ended_) wait.want_read(STDIN_FILENO);
  if (!output_.empty()) wait.want_write(STDOUT_FILENO);
}

void PipeScreen::turn(const WaitSet& wait, Time, std::vector<Input>& inputs) {
  if (wait.can_read(STDIN_FILENO)) read_input(inputs);
  if (wait.can_write(STDOUT_FILENO)) write_output();
}

void PipeScreen::read_input(std::vector<Input>& inputs) {
  std::array<char, kInputBite> bytes;
  const IoResult result = read_some(STDIN_FILENO, bytes);
  if (result.failed()) throw_error(result.error, "read standard input");
  if (result.end()) {
    input_ended_ = true;
    if (!partial_.empty()) inputs.push_back({Input::Kind::line, partial_});
    inputs.push_back({Input::Kind::end, {}});
    return;
  }
  std::string_view left(bytes.data(), result.count);
  for (std::size_t end; (end = left.find('\n')) != std::string_view::npos;) {
    partial_.append(left.substr(0, end));
    if (partial_.ends_with('\r')) partial_.pop_back();
    inputs.push_back({Input::Kind::line, partial_});
    partial_.clear();
    left.remove_prefix(end + 1);
  }
  partial_.append(left);
  if (partial_.size() >= kInputBite) {  // an endless line is passed on in parts
    inputs.push_back({Input::Kind::line, partial_});
    partial_.clear();
  }
}

void PipeScreen::write_output() {
  const IoResult result = write_some(STDOUT_FILENO, output_.view());
  if (result.failed()) throw_error(result.error, "write to standard output");
  output_.consume(result.count);
}

bool PipeScreen::has_room() const { return output_.size() < kOutputFull; }

void PipeScreen::finish(Time deadline) {
  while (!output_.empty() && Clock::now() < deadline) {
    WaitSet wait;
    wait.want_write(STDOUT_FILENO);
    wait.wake_by(deadline);
    sigset_t mask;
    ::sigprocmask(SIG_SETMASK, nullptr, &mask);
    wait.wait(mask);
    if (wait.can_write(STDOUT_FILENO)) write_output();
  }
}

}  // namespace talk
