#include "common/screen/split/status_line.h"

#include <algorithm>
#include <array>
#include <vector>

#include "common/screen/entry.h"
#include "common/screen/transfer_progress.h"
#include "common/text/display.h"
#include "common/text/width.h"

namespace talk {
namespace {

constexpr int kSeparator = 4;            // " | " and the blank before the line
constexpr int kLeastProgress = 24;       // columns
constexpr int kWideEnoughForBoth = 100;  // the name and a transfer with its bar

// What is left out first stands last.
enum class Rank {
  hint,
  offer,
  new_below,
  silence,
  late,
  name,
  ended,
  transfer,
  how_to_leave,
  help,
  address,
  since,
  reading_back,
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

  int width() const { return text_width(whole()); }

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

// One at a time: the others come when it is answered.
void add_offers(Line& line, const std::vector<OfferView>& offers, int columns) {
  if (offers.empty()) return;
  const std::string more =
      offers.size() > 1 ? " and " + std::to_string(offers.size() - 1) + " more (/accept all)" : "";
  line.add(Rank::offer, offer_text(offers.front(), columns - text_width(more) - kSeparator) + more);
}

void add_who(Line& line, const Status& status) {
  if (status.peer_name.empty()) return line.add(Rank::name, display_text(status.peer_address));
  line.add(Rank::name, name_among_words(status.peer_name));
  line.extend(Rank::address, " (" + display_text(status.peer_address) + ")");
}

// While nothing else is to be said: what a newcomer looks for.
void add_talk(Line& line, const Status& status, Time now) {
  const auto since = std::chrono::duration_cast<seconds>(now - status.since);
  if (since >= std::chrono::minutes(1)) line.add(Rank::since, "for " + how_long(since));
  if (status.round_trip)
    line.add(Rank::round_trip, "answers in " + milliseconds_text(*status.round_trip));
  line.add(Rank::help, "/help lists commands and keys");
  line.add(Rank::reading_back, "PageUp reads back");
}

}  // namespace

std::string status_line(const Status& status, const StatusExtras& extras, Time now, int columns) {
  Line line;
  const bool moving = !status.ended && !status.transfers.empty();
  if (!extras.hint.empty())
    line.add(Rank::hint, extras.hint);
  else if (!moving || columns >= kWideEnoughForBoth)
    add_who(line, status);
  add_offers(line, status.offers, columns);
  if (extras.new_below > 0)
    line.add(Rank::new_below, std::to_string(extras.new_below) + " new below");
  if (status.lost_for && !status.ended) {
    line.add(Rank::silence, no_link_text(status));
    if (status.next_call) line.extend(Rank::how_to_leave, std::string(": ") + kHowToHurry);
  } else if (status.silent_for) {
    line.add(Rank::silence, silence_text(*status.silent_for));
    line.extend(Rank::how_to_leave, std::string(", ") + kHowToLeave);
  }
  if (status.late_by)
    line.add(Rank::late, "not delivered yet, " + std::to_string(status.late_by->count()) + " s");
  if (status.ended) {
    line.add(Rank::ended, "left");
    if (!extras.how_to_close.empty()) line.extend(Rank::ended, ": " + extras.how_to_close);
  } else if (moving) {
    const int room = columns - line.width() - (line.width() > 0 ? kSeparator : 2);
    line.add(Rank::transfer, transfer_progress(status.transfers, std::max(room, kLeastProgress)));
  } else {
    add_talk(line, status, now);
  }
  return line.fit(columns);
}

}  // namespace talk
