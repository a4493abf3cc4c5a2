#include "talk_server/board/table.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "common/files/progress.h"
#include "common/text/display.h"
#include "common/text/width.h"

namespace talk {
namespace {

constexpr seconds kAwayAfter{300};
constexpr int kGap = 2;            // between columns
constexpr int kTransferLeast = 8;  // "< 45 %"
constexpr int kBarLeast = 8;
constexpr int kTransferWithBar = kTransferLeast - 1 + kBarLeast;
constexpr int kBarMost = 40;
constexpr std::uint64_t kMostSecondsLeft = 10'000'000;  // more is never
constexpr int kFileName = 20;
constexpr int kNameLeast = 4;

enum class Topic { number, name, address, state, unread, idle };

// A column of text, as wide as the widest of it.
struct Column {
  Topic topic = Topic::number;
  bool to_the_right = false;
  std::string title;
  std::vector<std::string> cells;
  int width = 0;
};

std::string padded(std::string_view text, int width, bool to_the_right) {
  const std::string shown(fit_width(text, width));
  const std::string blanks(static_cast<std::size_t>(std::max(0, width - text_width(shown))), ' ');
  return to_the_right ? blanks + shown : shown + blanks;
}

Column make_column(Topic topic, bool to_the_right, const std::string& title, int most,
                   const std::vector<SessionRow>& rows,
                   std::string (*cell)(const SessionRow& row)) {
  Column column{topic, to_the_right, title, {}, text_width(title)};
  for (const SessionRow& row : rows) {
    column.cells.push_back(cell(row));
    column.width = std::max(column.width, std::min(most, text_width(column.cells.back())));
  }
  return column;
}

std::string state_text(const SessionRow& row) {
  const SessionState state = state_of(row);
  if (state != SessionState::silent) return word_of(state);
  return word_of(state) + " " + short_duration(*row.report->silent);
}

std::string unread_text(const SessionRow& row) {
  if (!row.report || row.report->unread == 0) return "";
  return "*" + std::to_string(row.report->unread);
}

// Who gives no name is called by the address, as in the window's title.
std::string name_text(const SessionReport& report) {
  return report.name.empty() ? display_text(report.address) : shown_name(report.name);
}

std::vector<Column> columns_for(const std::vector<SessionRow>& rows) {
  constexpr int kAny = 1000;
  return {
      make_column(Topic::number, true, "N", kAny, rows,
                  [](const SessionRow& row) { return std::to_string(row.number); }),
      make_column(Topic::name, false, "NAME", kNameColumns, rows,
                  [](const SessionRow& row) {
                    return row.report ? name_text(*row.report) : std::string("-");
                  }),
      make_column(Topic::address, false, "ADDRESS", 39, rows,
                  [](const SessionRow& row) {
                    return row.report ? display_text(row.report->address) : std::string();
                  }),
      make_column(Topic::state, false, "STATE", kAny, rows, state_text),
      make_column(Topic::unread, true, "UNREAD", kAny, rows, unread_text),
      make_column(Topic::idle, true, "IDLE", kAny, rows,
                  [](const SessionRow& row) {
                    return row.report ? short_duration(row.report->idle) : std::string();
                  }),
  };
}

int total_width(const std::vector<Column>& columns) {
  int width = 0;
  for (const Column& column : columns) width += column.width + (width == 0 ? 0 : kGap);
  return width;
}

// A column of its own for what is short takes no more room than that: its title is cut.
void narrow(Column& column) {
  column.width = 1;
  for (const std::string& cell : column.cells)
    column.width = std::max(column.width, text_width(cell));
}

// Until the rest fits, and leaves `wanted` columns for the transfers, or `needed` at least.
void leave_out_columns(std::vector<Column>& columns, int room, int wanted, int needed) {
  int left_free = wanted;
  const auto over = [&] { return std::max(0, total_width(columns) + left_free - room); };
  const auto shorten_names = [&](int least) {
    int& width = columns[1].width;
    width = std::max(std::min(width, least), width - over());
  };
  const auto leave_out = [&](Topic topic) {
    if (over() > 0) std::erase_if(columns, [&](const Column& c) { return c.topic == topic; });
  };
  shorten_names(16);
  leave_out(Topic::address);
  shorten_names(12);
  leave_out(Topic::idle);
  for (Column& column : columns)
    if (over() > 0 && column.topic != Topic::name) narrow(column);
  shorten_names(8);
  left_free = needed;
  leave_out(Topic::unread);
  leave_out(Topic::state);
  shorten_names(1);
}

// What stands behind a bar, the longest first.
std::array<std::string, 4> amounts(const TransferReport& transfer) {
  const auto rate = static_cast<double>(transfer.rate);
  const auto text = [&](double shown_rate, std::optional<seconds> time) {
    return " " + amount_text(transfer.done, transfer.total, shown_rate, time);
  };
  if (transfer.rate == 0) return {text(0, {}), text(0, {}), text(0, {}), ""};
  return {text(rate, time_left(transfer)), text(rate, {}), text(0, {}), ""};
}

std::string and_more(std::size_t others) { return others > 0 ? " +" + std::to_string(others) : ""; }

// "> notes.pdf offered, 2.6 MiB"
std::string offers_text(const SessionReport& report, int width, bool blocks) {
  if (report.offers.empty()) return "";
  const OfferReport& first = report.offers.front();
  const std::string more = and_more(report.offers.size() - 1);
  const std::string name = shortened(display_text(first.name), kFileName, blocks);
  const std::string words = "> " + name + " offered";
  const std::string whole = words + ", " + size_text(first.total) + more;
  if (text_width(whole) <= width) return whole;
  if (text_width(words + more) <= width) return words + more;
  return text_width(words) <= width ? words : "> offered";
}

// "< notes.pdf 45 % [####.....] 1.2 of 2.6 MiB +2"
std::string transfers_text(const SessionRow& row, int width, bool blocks) {
  if (!row.report) return "";
  if (row.report->transfers.empty()) return offers_text(*row.report, width, blocks);
  const TransferReport& first = row.report->transfers.front();
  const std::string more = and_more(row.report->transfers.size() - 1 + row.report->offers.size());
  const std::string percent = " " + percent_text(first.done, first.total);
  std::string text = first.outgoing ? "> " : "< ";
  // The bar matters more than the name, the name more than what stands behind the bar.
  const int room = width - text_width(text + percent + more);
  const int beside_bar = room - 1 - kBarLeast;
  const int name = beside_bar >= kNameLeast ? beside_bar : beside_bar >= -1 ? 0 : room;
  text += shortened(display_text(first.name), std::clamp(name, 0, kFileName), blocks);
  text += text.back() == ' ' ? percent.substr(1) : percent;
  for (const std::string& amount : amounts(first)) {
    const int rest = width - text_width(text + amount + more) - 1;
    if (rest < kBarLeast) continue;
    const int columns = std::min(rest, kBarMost);
    return text + " " + bar_text(first.done, first.total, columns, blocks) + amount + more;
  }
  return text + more;
}

bool has_transfers(const std::vector<SessionRow>& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const SessionRow& row) {
    return row.report && (!row.report->transfers.empty() || !row.report->offers.empty());
  });
}

}  // namespace

std::string shortened(std::string_view text, int width, bool blocks) {
  if (text_width(text) <= width) return std::string(text);
  if (width < 2) return std::string(fit_width(text, width));
  return std::string(fit_width(text, width - 1)) + (blocks ? "…" : "~");
}

seconds time_left(const TransferReport& transfer) {
  const std::uint64_t left = transfer.total - std::min(transfer.done, transfer.total);
  return seconds(static_cast<seconds::rep>(std::min(left / transfer.rate, kMostSecondsLeft)));
}

SessionState state_of(const SessionRow& row) {
  using enum SessionState;
  if (row.frozen || !row.report) return frozen;
  if (row.report->link == TalkLink::left) return left;
  if (row.report->link == TalkLink::lost) return lost;
  if (row.report->silent) return silent;
  return row.report->idle >= kAwayAfter ? away : here;
}

std::string word_of(SessionState state) {
  constexpr std::array kWords = {"here", "away", "silent", "lost", "left", "frozen"};
  return kWords[static_cast<std::size_t>(state)];
}

std::string short_duration(seconds time) {
  using std::chrono::days, std::chrono::hours, std::chrono::minutes;
  if (time < minutes(1)) return std::to_string(time.count()) + " s";
  if (time < hours(1)) return std::to_string(time / minutes(1)) + " min";
  if (time < days(2)) return std::to_string(time / hours(1)) + " h";
  return std::to_string(time / days(1)) + " d";
}

std::string session_title(const SessionRow& row) {
  const std::string number = std::to_string(row.number);
  if (!row.report) return number;
  const std::string& name = row.report->name;
  return number + " " + (name.empty() ? name_text(*row.report) : name_among_words(name));
}

Table lay_out_table(const std::vector<SessionRow>& rows, int columns, bool blocks) {
  std::vector<Column> texts = columns_for(rows);
  const bool transfers = has_transfers(rows);
  leave_out_columns(texts, columns, transfers ? kTransferWithBar + kGap : 0,
                    transfers ? kTransferLeast + kGap : 0);
  const int left = columns - total_width(texts) - kGap;
  const auto line_of = [&](const auto& cell, const std::string& end) {
    std::string line;
    for (const Column& column : texts) {
      if (!line.empty()) line.append(kGap, ' ');
      line += padded(cell(column), column.width, column.to_the_right);
    }
    if (transfers) line.append(kGap, ' ').append(end);
    line.erase(line.find_last_not_of(' ') + 1);
    return shortened(line, columns, blocks);
  };
  Table table;
  table.header = line_of([](const Column& column) { return column.title; }, "FILES");
  for (std::size_t i = 0; i < rows.size(); ++i)
    table.lines.push_back(line_of(
        [&](const Column& column) { return shortened(column.cells[i], column.width, blocks); },
        transfers_text(rows[i], left, blocks)));
  return table;
}

}  // namespace talk
