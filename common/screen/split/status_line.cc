#include "common/screen/split/status_line.h"

#include <algorithm>
#include <array>
#include <vector>

#include "common/files/progress.h"
#include "common/screen/entry.h"
#include "common/screen/type_ahead.h"
#include "common/text/display.h"
#include "common/text/width.h"

namespace talk {
namespace {

constexpr std::size_t kMostTransfers = 4;  // the others are counted
constexpr int kNameWidth = 20;
constexpr int kBarWidth = 10;

// What is left out first stands last.
enum class Rank {
  hint,
  offer,
  new_below,
  silence,
  name,
  ended,
  address,
  how_to_leave,
  transfer,
  percent,
  time_left,
  rate,
  bar,
  since,
  round_trip,
};

struct Part {
  Rank rank;
  std::string text;  // with what sets it off from the part before it
};

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

class Line {
 public:
  // Begins something new.
  void add(Rank rank, const std::string& text) { parts_.push_back({rank, " | " + text}); }
  // More about the same.
  void extend(Rank rank, const std::string& text) { parts_.push_back({rank, text}); }

  std::string fit(int columns) {
    while (parts_.size() > 1 && text_width(whole()) > columns) drop_least();
    std::string line(fit_width(whole(), columns));
    line.append(static_cast<std::size_t>(std::max(0, columns - text_width(line))), ' ');
    return line;
  }

 private:
  std::string whole() const {
    std::string text;
    for (const Part& part : parts_) text += part.text;
    return text.starts_with(" | ") ? text.erase(1, 2) : text;
  }

  // Of several that matter as little, the last.
  void drop_least() {
    const auto matters_more = [](const Part& a, const Part& b) { return a.rank < b.rank; };
    const auto least = std::max_element(parts_.rbegin(), parts_.rend(), matters_more);
    parts_.erase(std::next(least).base());
  }

  std::vector<Part> parts_;
};

void add_transfer(Line& line, const TransferView& transfer) {
  const double part = transfer.total == 0 ? 1.0
                                          : static_cast<double>(transfer.done) /
                                                static_cast<double>(transfer.total);
  const auto filled = std::clamp(static_cast<int>(part * kBarWidth), 0, kBarWidth);
  const std::string name(fit_width(display_text(transfer.name), kNameWidth));
  line.add(Rank::transfer, (transfer.outgoing ? "> " : "< ") + name);
  line.extend(Rank::bar, " [" + std::string(static_cast<std::size_t>(filled), '#') +
                             std::string(static_cast<std::size_t>(kBarWidth - filled), '.') + "]");
  line.extend(Rank::percent, " " + std::to_string(static_cast<int>(part * 100)) + " %");
  if (transfer.rate >= 1)
    line.extend(Rank::rate, " " + size_text(static_cast<std::uint64_t>(transfer.rate)) + "/s");
  if (transfer.left) line.extend(Rank::time_left, " " + duration_text(*transfer.left) + " left");
}

void add_transfers(Line& line, const std::vector<TransferView>& transfers) {
  const std::size_t shown = std::min(transfers.size(), kMostTransfers);
  for (std::size_t i = 0; i < shown; ++i) add_transfer(line, transfers[i]);
  if (shown < transfers.size())
    line.extend(Rank::bar, " and " + std::to_string(transfers.size() - shown) + " more");
}

// One at a time: the others come when it is answered.
void add_offers(Line& line, const std::vector<OfferView>& offers) {
  if (offers.empty()) return;
  const std::string more =
      offers.size() > 1 ? " and " + std::to_string(offers.size() - 1) + " more" : "";
  line.add(Rank::offer, offer_text(offers.front()) + more);
}

void add_who(Line& line, const Status& status) {
  if (status.peer_name.empty()) return line.add(Rank::name, display_text(status.peer_address));
  line.add(Rank::name, shown_name(status.peer_name));
  line.extend(Rank::address, " " + display_text(status.peer_address));
}

}  // namespace

std::string status_line(const Status& status, const StatusExtras& extras, Time now, int columns) {
  Line line;
  if (extras.hint.empty())
    add_who(line, status);
  else
    line.add(Rank::hint, extras.hint);
  add_offers(line, status.offers);
  if (extras.new_below > 0)
    line.add(Rank::new_below, std::to_string(extras.new_below) + " new below");
  if (status.silent_for) {
    line.add(Rank::silence, "heard " + std::to_string(status.silent_for->count()) + " s ago");
    line.extend(Rank::how_to_leave, ", /bye leaves");
  }
  add_transfers(line, status.transfers);
  if (status.ended) {
    line.add(Rank::ended, "left");
    if (extras.may_be_closed) line.extend(Rank::ended, std::string(": ") + kHowToClose);
  } else {
    line.add(Rank::since, how_long(std::chrono::duration_cast<seconds>(now - status.since)));
    if (status.round_trip) line.add(Rank::round_trip, milliseconds_text(*status.round_trip));
  }
  return line.fit(columns);
}

std::string window_title(const Status& status, std::uint64_t unread) {
  std::string who = display_text(status.peer_address);
  if (!status.peer_name.empty()) who = shown_name(status.peer_name) + " " + who;
  return (unread > 0 ? "(" + std::to_string(unread) + ") " : "") + "talk: " + who;
}

}  // namespace talk
