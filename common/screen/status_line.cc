#include "common/screen/status_line.h"

#include <algorithm>

#include "common/screen/format.h"
#include "common/text/display.h"
#include "common/text/width.h"

namespace talk {
namespace {

std::string who(const Status& status) {
  if (status.peer_name.empty()) return display_text(status.peer_address);
  return safe_name(status.peer_name) + " " + display_text(status.peer_address);
}

std::string how_long(seconds time) {
  const auto minutes = time.count() / 60;
  if (minutes < 60) return std::to_string(minutes) + " min";
  return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

std::string milliseconds_text(std::chrono::microseconds time) {
  const auto tenths = time.count() / 100;
  if (tenths >= 100) return std::to_string(tenths / 10) + " ms";
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " ms";
}

}  // namespace

std::string status_line(const Status& status, const StatusExtras& extras, Time now, int columns) {
  std::string left = " " + (extras.hint.empty() ? who(status) : extras.hint);
  const auto add = [&](const std::string& part) {
    if (part.empty() || text_width(left) + text_width(part) + 4 > columns) return;
    left += " | " + part;
  };
  if (extras.new_below > 0) add(std::to_string(extras.new_below) + " new below");
  add(brief_status(status));
  if (status.ended) {
    add("ended: a key closes");
  } else {
    add(how_long(std::chrono::duration_cast<seconds>(now - status.since)));
    if (status.round_trip) add(milliseconds_text(*status.round_trip));
  }
  std::string line(fit_width(left, columns));
  line.append(static_cast<std::size_t>(std::max(0, columns - text_width(line))), ' ');
  return line;
}

std::string window_title(const Status& status, std::uint64_t unread) {
  return (unread > 0 ? "(" + std::to_string(unread) + ") " : "") + "talk: " + who(status);
}

}  // namespace talk
