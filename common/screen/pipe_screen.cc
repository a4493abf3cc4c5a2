#include "common/screen/pipe_screen.h"

#include <unistd.h>

#include <array>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/screen/entry.h"
#include "common/text/utf8.h"

namespace talk {
namespace {

constexpr std::size_t kInputBite = std::size_t{64} << 10;
constexpr std::size_t kOutputFull = std::size_t{64} << 10;
// One bite from the peer, every byte of it shown by an escape, stays far below, and so does one of
// short commands that are answered at length.
constexpr std::size_t kOutputMost = std::size_t{256} << 20;

}  // namespace

PipeScreen::PipeScreen()
    : output_(STDOUT_FILENO, kOutputMost), remarks_(STDERR_FILENO, kOutputMost) {}

// What went wrong may be the last thing that is said.
PipeScreen::~PipeScreen() { remarks_.flush(Clock::now() + milliseconds(200)); }

void PipeScreen::show(const Entry& entry) {
  switch (entry.kind) {
    case Entry::Kind::theirs:
      output_.put(entry_words(entry) + "\n");
      break;
    case Entry::Kind::bytes:
      output_.put(entry.text);
      break;
    case Entry::Kind::mine:
      break;
    case Entry::Kind::peer_notice:
    case Entry::Kind::info:
    case Entry::Kind::error:
      remarks_.put(stderr_line(entry) + "\n");
      break;
  }
}

void PipeScreen::prepare(WaitSet& wait, bool listening) {
  // What comes in may be answered: --commands.
  if (listening && !input_ended_ && has_room()) wait.want_read(STDIN_FILENO);
  remarks_.prepare(wait);
  output_.prepare(wait);
}

void PipeScreen::turn(const WaitSet& wait, Time, std::vector<Input>& inputs) {
  if (wait.can_read(STDIN_FILENO)) read_input(inputs);
  remarks_.turn(wait);
  output_.turn(wait);
  if (output_.error() != 0) throw_error(output_.error(), "write to standard output");
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
  if (partial_.size() < kInputBite) return;
  // An endless line is passed on in parts, of whole characters.
  const std::string part(whole_utf8(partial_));
  inputs.push_back({Input::Kind::line, part});
  partial_.erase(0, part.size());
}

bool PipeScreen::has_room() const {
  return output_.size() < kOutputFull && remarks_.size() < kOutputFull;
}

void PipeScreen::finish(Time deadline) {
  remarks_.flush(deadline);
  output_.flush(deadline);
  if (output_.error() != 0) throw_error(output_.error(), "write to standard output");
}

}  // namespace talk
