#include "common/screen/unsent_lines.h"

#include <utility>

namespace talk {
namespace {

constexpr std::size_t kAtOnce = std::size_t{64} << 10;  // bytes a turn
constexpr std::size_t kFrame = 64;  // what a line costs beside its bytes, generously

std::size_t cost_of(const Input& input) { return input.line.size() + kFrame; }

}  // namespace

void UnsentLines::listen(bool listening) {
  listening_ = listening;
  taken_ = 0;
}

void UnsentLines::say(Input input, std::vector<Input>& inputs) {
  bytes_ += cost_of(input);
  lines_.push_back(std::move(input));
  release(inputs);
}

void UnsentLines::obey(std::string line, std::vector<Input>& inputs) {
  Input command{Input::Kind::line, std::move(line)};
  if (listening_) return say(std::move(command), inputs);
  inputs.push_back(std::move(command));
}

void UnsentLines::release(std::vector<Input>& inputs) {
  while (due() && taken_ < kAtOnce) {
    const std::size_t cost = cost_of(lines_.front());
    bytes_ -= cost;
    taken_ += cost;
    inputs.push_back(std::move(lines_.front()));
    lines_.pop_front();
  }
}

}  // namespace talk
