#include "common/screen/window_title.h"

#include "common/screen/transfer_progress.h"
#include "common/text/display.h"

namespace talk {

std::string window_title(const Status& status, const WindowKind& window, std::uint64_t unread,
                         bool utf8) {
  std::string title;
  const auto add = [&title](const std::string& word) {
    if (!word.empty()) title += (title.empty() ? "" : " ") + word;
  };
  if (window.session > 0) add(std::to_string(window.session));
  add(status.peer_name.empty() ? display_text(status.peer_address)
                               : name_among_words(status.peer_name));
  if (title.empty()) return "talk";  // with nobody yet
  if (unread > 0) add("(" + std::to_string(unread) + ")");
  if (status.ended)
    add("(left)");
  else if (status.lost_for)
    add("(lost)");
  else if (!status.offers.empty() || !status.unanswered.empty())
    add("waiting");
  else
    add(transfer_percent(status.transfers));
  add(utf8 ? "— talk" : "- talk");
  if (status.server_gone) add("(server gone)");
  return title;
}

}  // namespace talk
