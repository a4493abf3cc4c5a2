#include "common/screen/entry.h"

#include <array>
#include <ctime>

#include "common/files/progress.h"
#include "common/text/display.h"
#include "common/text/width.h"

namespace talk {
std::string clock_time(std::chrono::system_clock::time_point when) {
  const std::time_t time = std::chrono::system_clock::to_time_t(when);
  std::tm local{};
  ::localtime_r(&time, &local);
  std::array<char, 16> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%H:%M", &local)};
}

std::string line_prefix(const Entry& entry) {
  const std::string time = clock_time(entry.when) + " ";
  switch (entry.kind) {
    case Entry::Kind::theirs:
    case Entry::Kind::mine:
      return time + "<" + shown_name(entry.who) + "> ";
    case Entry::Kind::peer_notice:
      return time + "-- notice from <" + shown_name(entry.who) + ">: ";
    case Entry::Kind::error:
      return time + "-- ERROR: ";
    default:
      return time + "-- ";
  }
}

std::string line_text(const Entry& entry) { return display_text(entry.text); }

std::string brief_status(const Status& status) {
  constexpr int kNameWidth = 20;
  std::string text;
  if (status.silent_for)
    text = "heard " + std::to_string(status.silent_for->count()) + " s ago, /bye leaves";
  for (const TransferView& transfer : status.transfers)
    text += (text.empty() ? "" : " | ") + std::string(transfer.outgoing ? "> " : "< ") +
            progress_text(std::string(fit_width(display_text(transfer.name), kNameWidth)),
                          transfer.done, transfer.total, transfer.rate, transfer.left);
  return text;
}

}  // namespace talk
