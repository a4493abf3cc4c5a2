#include "common/screen/entry.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "common/files/progress.h"
#include "common/text/display.h"
#include "common/text/width.h"

namespace talk {
namespace {

constexpr const char* kLeftOut = "~\"";  // at the end of a quoted name
constexpr int kLeastName = 8;            // columns

}  // namespace

Mark entry_mark(const Entry& entry) {
  switch (entry.kind) {
    case Entry::Kind::theirs:
    case Entry::Kind::mine:
      return {"<", shown_name(entry.who), "> "};
    case Entry::Kind::peer_notice:
      return {"-- notice from <", shown_name(entry.who), ">: "};
    case Entry::Kind::error:
      return {"-!- "};
    default:
      return {"-- "};
  }
}

// The peer's program has no word of its own among ours.
std::string entry_words(const Entry& entry) {
  const bool notice = entry.kind == Entry::Kind::peer_notice;
  return display_text(notice ? quoted(entry.text) : entry.text);
}

std::string entry_line(const Entry& entry) { return entry_mark(entry).text() + entry_words(entry); }

std::vector<std::string> entry_rows(const Entry& entry, int columns) {
  columns = std::max(columns, 1);
  const std::string prefix = time_prefix(entry) + entry_mark(entry).text();
  const std::string words = entry_words(entry);
  const int prefix_width = text_width(prefix);
  std::vector<std::string> rows = {std::string(fit_width(prefix, columns))};
  std::string_view left = words;
  if (prefix_width < columns) {
    const std::string_view beside = wrap(left, columns - prefix_width).front();
    if (text_width(beside) <= columns - prefix_width) {  // not so a wide one in the last column
      rows[0].append(beside);
      left.remove_prefix(beside.size());
      if (left.empty()) return rows;
      if (left.starts_with(' ')) left.remove_prefix(1);
    }
  }
  const std::string indent(static_cast<std::size_t>(std::min(prefix_width, columns / 2)), ' ');
  for (const std::string_view row : wrap(left, columns - static_cast<int>(indent.size())))
    rows.push_back(indent + std::string(fit_width(row, columns)));
  return rows;
}

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

std::string no_link_text(const Status& status) {
  std::string text = "no link for " + std::to_string(status.lost_for->count()) + " s";
  if (!status.next_call) return text;
  const bool calling = *status.next_call == seconds(0);
  return text + (calling ? ", calling"
                         : ", calling in " + std::to_string(status.next_call->count()) + " s");
}

std::string silence_text(seconds silent_for) {
  return "heard " + std::to_string(silent_for.count()) + " s ago";
}

std::string offer_text(const OfferView& offer, int columns) {
  const std::string_view place = offer.place;
  const std::string files = offer.files > 0 ? std::to_string(offer.files) + " files, " : "";
  const std::string name = display_text(quoted(place.substr(place.starts_with("./") ? 2 : 0)));
  const std::string rest =
      " (" + files + size_text(offer.bytes) + "): " + how_to_answer(offer.number);
  if (text_width(name + rest) <= columns) return name + rest;
  const int room = std::max(kLeastName, columns - text_width(rest)) - text_width(kLeftOut);
  return std::string(fit_width(name, room)) + kLeftOut + rest;
}

}  // namespace talk
