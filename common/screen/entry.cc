#include "common/screen/entry.h"

#include <array>
#include <ctime>

#include "common/files/progress.h"
#include "common/text/display.h"
#include "common/text/width.h"

namespace talk {

Mark entry_mark(const Entry& entry) {
  switch (entry.kind) {
    case Entry::Kind::theirs:
    case Entry::Kind::mine:
      return {"<", shown_name(entry.who), "> "};
    case Entry::Kind::peer_notice:
      return {"-- notice from <", shown_name(entry.who), ">: "};
    case Entry::Kind::error:
      return {"-- ERROR: "};
    default:
      return {"-- "};
  }
}

std::string entry_words(const Entry& entry) { return display_text(entry.text); }

std::string entry_line(const Entry& entry) { return entry_mark(entry).text() + entry_words(entry); }

std::string stderr_line(const Entry& entry) {
  if (entry.kind == Entry::Kind::error) return "ERROR: " + entry_words(entry);
  return entry_line(entry);
}

std::string time_prefix(const Entry& entry) {
  const std::time_t time = std::chrono::system_clock::to_time_t(entry.when);
  std::tm local{};
  ::localtime_r(&time, &local);
  std::array<char, 16> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%H:%M ", &local)};
}

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
