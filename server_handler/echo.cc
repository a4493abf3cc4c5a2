#include "server_handler/echo.h"

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
  // The rest is padding, stale bytes, or the beginning of a message.
  const std::string_view rest = bytes.substr(start);
  const std::string_view message = reader_.partial();
  if (in_long_message_ || !could_become_exit(message)) {
    out += std::exchange(held_, {});
    out += rest;
    return true;
  }
  const std::size_t keep = std::min(message.size(), rest.size());
  out += rest.substr(0, rest.size() - keep);
  held_ += rest.substr(rest.size() - keep);
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
  if (!reader_.has_shown_ending()) return end();
  return std::exchange(held_, {});
}

std::string Echo::end() {
  const std::string message = reader_.take_partial();
  over_ = !std::exchange(in_long_message_, false) && message == kExit;
  return over_ ? std::string() : std::exchange(held_, {});
}

bool Echo::awaits_pause() const {
  const bool in_message = in_long_message_ || !reader_.partial().empty();
  return !held_.empty() || (in_message && !reader_.has_shown_ending());
}

}  // namespace talk
