#include "talk_server/board/page.h"

#include <algorithm>

#include "common/text/display.h"
#include "common/text/width.h"
#include "talk_server/board/table.h"

namespace talk {
namespace {

constexpr int kAround = 4;           // rows that are no session's: title, header, message, keys
constexpr int kRowsForDetails = 10;  // then there is one more, for the selected session's
constexpr int kMark = 2;             // columns before a session's row
constexpr const char* kKeys = "Enter raise  s say  a say to all  c close  q leave";
constexpr const char* kKeysNarrow = "Enter raise s say a all c close q leave";

std::string filled(std::string_view text, int columns) {
  std::string line(fit_width(text, columns));
  line.append(static_cast<std::size_t>(std::max(0, columns - text_width(line))), ' ');
  return line;
}

std::string counted(std::size_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

// What matters least stands last, and is left out first.
std::vector<std::string> title_parts(const BoardView& view) {
  std::vector<std::string> parts = {" desk " + display_text(view.server)};
  if (!view.listener) parts.push_back("the server does not answer");
  if (view.listener && view.listener->waiting.value_or(0) > 0)
    parts.push_back(std::to_string(*view.listener->waiting) + " waiting");
  parts.push_back(counted(view.sessions.size(), "session"));
  if (!view.listener) return parts;
  parts.push_back(std::to_string(view.listener->limit) + " at most");
  const auto up = std::chrono::duration_cast<seconds>(view.now - view.listener->since);
  parts.push_back("up " + short_duration(std::max(up, seconds(0))));
  return parts;
}

std::string title_line(const BoardView& view, int columns) {
  std::string line;
  for (const std::string& part : title_parts(view)) {
    const std::string longer = line + (line.empty() ? "" : " | ") + part;
    if (text_width(longer) > columns) break;
    line = longer;
  }
  return filled(line, columns);
}

std::uint64_t unread_lines(const std::vector<SessionRow>& rows) {
  std::uint64_t lines = 0;
  for (const SessionRow& row : rows) lines += row.report ? row.report->unread : 0;
  return lines;
}

// A row that wants something differs in its words too: a count behind a star, a state.
Style style_of(const SessionRow& row, bool selected) {
  if (selected) return Style::status;
  using enum SessionState;
  const SessionState state = state_of(row);
  if (state == frozen || state == lost || state == silent) return Style::error;
  if (row.report && row.report->unread > 0) return Style::strong;
  return state == left || state == away ? Style::dim : Style::plain;
}

// The sessions that are shown: as many as there is room for, around the selected one.
struct Section {
  std::size_t first = 0;
  std::size_t count = 0;
};

Section visible_section(const BoardView& view, int rows) {
  const int around = kAround + (rows >= kRowsForDetails ? 1 : 0);
  const std::size_t room = static_cast<std::size_t>(std::max(1, rows - around));
  const std::size_t all = view.sessions.size();
  const std::size_t before = std::min(view.selected, room / 2);
  const std::size_t most_first = all > room ? all - room : 0;
  return {std::min(view.selected - before, most_first), std::min(room, all)};
}

std::string beyond_text(const Section& section, std::size_t all) {
  const std::size_t below = all - section.first - section.count;
  std::string text;
  if (section.first > 0) text = std::to_string(section.first) + " more above";
  if (below > 0) text += (text.empty() ? "" : ", ") + std::to_string(below) + " more below";
  return text.empty() ? "" : "  " + text;
}

// The end of what was typed before the cursor, as much as fits, and what stands behind it.
void compose_prompt(const BoardPrompt& prompt, int columns, Page& page) {
  const std::string label(fit_width(prompt.label, std::max(0, columns - 10)));
  const int room = std::max(1, columns - text_width(label) - 1);
  std::string before = display_text(prompt.text.substr(0, prompt.cursor));
  while (text_width(before) > room) before.erase(0, first_cluster(before).size);
  const std::string behind = display_text(prompt.text.substr(prompt.cursor));
  page.cursor_row = static_cast<int>(page.rows.size());
  page.cursor_column = text_width(label) + text_width(before);
  page.rows.push_back(
      {{Style::strong, label}, {Style::plain, before + std::string(fit_width(behind, room))}});
}

void compose_sessions(const BoardView& view, const Section& section, int columns, Page& page) {
  const Table table = lay_out_table(view.sessions, columns - kMark, view.blocks);
  page.rows.push_back({{Style::dim, std::string(kMark, ' ') + table.header}});
  for (std::size_t i = section.first; i < section.first + section.count; ++i) {
    const bool selected = i == view.selected;
    if (selected) page.cursor_row = static_cast<int>(page.rows.size());
    const std::string line = (selected ? "> " : "  ") + table.lines[i];
    page.rows.push_back(
        {{style_of(view.sessions[i], selected), selected ? filled(line, columns) : line}});
  }
}

}  // namespace

Page compose_board(const BoardView& view, WindowSize size) {
  const auto rows = static_cast<std::size_t>(std::max(1, size.rows));
  const Section section = visible_section(view, size.rows);
  Page page;
  page.title = "desk " + display_text(view.server);
  if (const auto unread = unread_lines(view.sessions); unread > 0)
    page.title = "(" + std::to_string(unread) + ") " + page.title;
  page.rows.push_back({{Style::status, title_line(view, size.columns)}});
  if (view.sessions.empty())
    page.rows.push_back({{Style::dim, "  nobody is here"}});
  else
    compose_sessions(view, section, size.columns, page);

  page.rows.resize(std::max<std::size_t>(rows, 2) - 2);
  if (size.rows >= kRowsForDetails && view.selected < view.sessions.size())
    page.rows.back() = {
        {Style::plain, session_details(view.sessions[view.selected], size.columns, view.blocks)}};
  const std::string beyond = beyond_text(section, view.sessions.size());
  page.rows.push_back(
      {{view.message.empty() ? Style::dim : Style::strong,
        shortened(view.message.empty() ? beyond : view.message, size.columns, view.blocks)}});
  const bool narrow = size.columns < text_width(kKeys);
  if (view.prompt)
    compose_prompt(*view.prompt, size.columns, page);
  else
    page.rows.push_back({{Style::dim, narrow ? kKeysNarrow : kKeys}});
  if (page.rows.size() > rows)
    page.rows.erase(page.rows.begin(), page.rows.end() - static_cast<long>(rows));
  page.cursor_row = std::min(page.cursor_row, static_cast<int>(rows) - 1);
  return page;
}

}  // namespace talk
