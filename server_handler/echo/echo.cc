#include "server_handler/echo/echo.h"

#include <algorithm>
#include <utility>

namespace talk {
namespace {

constexpr std::string_view kExit = ":exit";

bool could_become_exit(std::string_view message) {
  return !message.empty() && std::string_view(":exit\r").starts_with(message);
}

}  // namespace

// Echoes the messages that end in these bytes; false at `:exit`.
bool Echo::finish_messages(std::string_view bytes, std::string& out) {
  std::size_t start = 0;
  bool begun_before = !reader_.partial().empty();
  while (const auto line = reader_.next()) {
    const bool whole = !in_long_message_ && line->ending != Ending::none;
    in_long_message_ = line->ending == Ending::none;
    if (whole && line->text == kExit) {
      // The padding before it is echoed, if there is any; it is not part of the message.
      if (!begun_before) out += bytes.substr(start, bytes.find(kExit.front(), start) - start);
      return false;
    }
    out += std::exchange(held_, {});
    out += bytes.substr(start, reader_.position() - start);
    start = reader_.position();
    begun_before = false;
  }
  // The rest is padding, stale bytes, or the beginning of a message. Where no ending was ever shown
  // it may also be a message of its own: such clients send what they send in one piece, often
  // before the pause that should have ended the one before.
  const std::string_view rest = bytes.substr(start);
  const std::string unechoed = held_ + std::string(rest);
  const bool lines = reader_.has_shown_ending();
  const std::string_view message = lines ? reader_.partial() : unechoed;
  if ((lines && in_long_message_) || !could_become_exit(message)) {
    out += unechoed;
    held_.clear();
    return true;
  }
  const std::size_t keep = std::min(message.size(), unechoed.size());
  held_ = unechoed.substr(unechoed.size() - keep);
  out += unechoed.substr(0, unechoed.size() - keep);
  return true;
}

std::string Echo::receive(std::string_view bytes) {
  std::string out;
  reader_.feed(bytes);
  over_ = !finish_messages(bytes, out);
  return out;
}

// For a peer that ends its messages with nothing, the pause is the end; for any other the message
// goes on, but what was held has waited long enough.
std::string Echo::pause() {
  if (!reader_.has_shown_ending()) {
    reader_.take_partial();
    in_long_message_ = false;
    over_ = held_ == kExit;
    if (over_) return {};
  }
  return std::exchange(held_, {});
}

std::string Echo::end() {
  over_ = !in_long_message_ && reader_.take_partial() == kExit;
  return over_ ? std::string() : std::exchange(held_, {});
}

bool Echo::awaits_pause() const {
  const bool in_message = in_long_message_ || !reader_.partial().empty();
  return !held_.empty() || (in_message && !reader_.has_shown_ending());
}

}  // namespace talk
