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
constexpr int kBarMost = 40;
constexpr std::uint64_t kMostSecondsLeft = 10'000'000;  // more is never
constexpr int kFileName = 20;

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
  const std::string word = state_word(row);
  return word == "silent" ? word + " " + short_duration(*row.report->silent) : word;
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

// Until the rest fits.
void leave_out_columns(std::vector<Column>& columns, int room) {
  const auto over = [&] { return std::max(0, total_width(columns) - room); };
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
  shorten_names(8);
  leave_out(Topic::unread);
  leave_out(Topic::state);
  shorten_names(1);
}

// What stands behind a bar, the longest first.
std::array<std::string, 4> amounts(const TransferReport& transfer) {
  const auto rate = static_cast<double>(transfer.rate);
  const std::uint64_t left = transfer.total - std::min(transfer.done, transfer.total);
  const auto text = [&](double shown_rate, std::optional<seconds> time) {
    return " " + amount_text(transfer.done, transfer.total, shown_rate, time);
  };
  if (transfer.rate == 0) return {text(0, {}), text(0, {}), text(0, {}), ""};
  const std::uint64_t time = std::min(left / transfer.rate, kMostSecondsLeft);
  return {text(rate, seconds(static_cast<seconds::rep>(time))), text(rate, {}), text(0, {}), ""};
}

// "< notes.pdf 45 % [####.....] 1.2 of 2.6 MiB +2"
std::string transfers_text(const SessionRow& row, int width, bool blocks) {
  if (!row.report || row.report->transfers.empty()) return "";
  const TransferReport& first = row.report->transfers.front();
  const std::size_t others = row.report->transfers.size() - 1;
  const std::string more = others > 0 ? " +" + std::to_string(others) : "";
  const std::string percent = " " + percent_text(first.done, first.total);
  std::string text = first.outgoing ? "> " : "< ";
  const int room = width - text_width(text + percent + more);
  text += fit_width(display_text(first.name), std::clamp(room, 0, kFileName));
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
    return row.report && !row.report->transfers.empty();
  });
}

}  // namespace

std::string state_word(const SessionRow& row) {
  using Link = SessionReport::Link;
  if (row.frozen || !row.report) return "frozen";
  if (row.report->link == Link::left) return "left";
  if (row.report->link == Link::lost) return "lost";
  if (row.report->silent) return "silent";
  return row.report->idle >= kAwayAfter ? "away" : "here";
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
  return row.report ? number + " " + name_text(*row.report) : number;
}

Table lay_out_table(const std::vector<SessionRow>& rows, int columns, bool blocks) {
  std::vector<Column> texts = columns_for(rows);
  const bool transfers = has_transfers(rows);
  leave_out_columns(texts, transfers ? columns - kTransferLeast - kGap : columns);
  const int left = columns - total_width(texts) - kGap;
  const auto line_of = [&](const auto& cell, const std::string& end) {
    std::string line;
    for (const Column& column : texts) {
      if (!line.empty()) line.append(kGap, ' ');
      line += padded(cell(column), column.width, column.to_the_right);
    }
    if (transfers) line.append(kGap, ' ').append(end);
    line.erase(line.find_last_not_of(' ') + 1);
    return std::string(fit_width(line, columns));
  };
  Table table;
  table.header = line_of([](const Column& column) { return column.title; }, "FILES");
  for (std::size_t i = 0; i < rows.size(); ++i)
    table.lines.push_back(line_of([&](const Column& column) { return column.cells[i]; },
                                  transfers_text(rows[i], left, blocks)));
  return table;
}

}  // namespace talk
