#include "common/screen/split/scrollback.h"

#include <algorithm>
#include <functional>

#include "common/text/display.h"
#include "common/text/search.h"
#include "common/text/width.h"

namespace talk {
namespace {

constexpr const char* kMark = "---- new ----";
constexpr const char* kUnheardBehind = ">~";  // as wide as what it stands for
constexpr int kWideEnoughForTime = 30;        // columns

// A steady colour: the same name has the same one in every talk.
unsigned hue_of(const std::string& name) {
  unsigned hue = 0;
  for (const char c : name) hue = hue * 31 + static_cast<unsigned char>(c);
  return hue;
}

bool is_said(Entry::Kind kind) { return kind == Entry::Kind::theirs || kind == Entry::Kind::mine; }

// Words stand out by where they are, not by colour: only what the programs say by the way is dim.
Style words_style(Entry::Kind kind) {
  const bool by_the_way = kind == Entry::Kind::info || kind == Entry::Kind::peer_notice;
  return by_the_way ? Style::dim : Style::plain;
}

// In pieces, so that what is looked for stands out.
void push_marked(Row& row, std::string_view text, Style style, std::string_view sought) {
  while (const auto found = find_ignoring_case(text, sought)) {
    const auto at = static_cast<std::size_t>(found->data() - text.data());
    if (at > 0) row.push_back({style, std::string(text.substr(0, at))});
    row.push_back({Style::found, std::string(*found)});
    text.remove_prefix(at + found->size());
  }
  if (!text.empty()) row.push_back({style, std::string(text)});
}

}  // namespace

void Scrollback::add(const Entry& entry) {
  Line line{entry.kind, time_prefix(entry), entry_mark(entry), entry_words(entry)};
  if (line.kind == Entry::Kind::mine) line.own = ++own_;
  bytes_ += line.text.size();
  lines_.push_back(std::move(line));
  ++next_;
  while (lines_.size() > kMostLines || (bytes_ > kMostBytes && lines_.size() > 1)) {
    bytes_ -= lines_.front().text.size();
    lines_.pop_front();
    ++first_;
  }
  if (top_ && top_->line < first_) top_ = Place{first_, 0};
}

void Scrollback::clear() {
  lines_.clear();
  bytes_ = 0;
  end_search();
  first_ = next_;
  top_.reset();
  unread_from_.reset();
}

Row Scrollback::gutter_of(const Line& line, int columns) const {
  Row gutter;
  if (columns >= kWideEnoughForTime) gutter.push_back({Style::dim, line.time});
  if (is_said(line.kind)) {
    const bool theirs = line.kind == Entry::Kind::theirs;
    gutter.push_back({Style::dim, line.mark.before});
    gutter.push_back(
        {theirs ? Style::name : Style::strong, line.mark.name, hue_of(line.mark.name)});
    const bool sign = marks_unheard_ && is_unheard(line);
    gutter.push_back({Style::dim, sign ? kUnheardBehind : line.mark.behind});
  } else {
    const bool error = line.kind == Entry::Kind::error;
    gutter.push_back({error ? Style::error : Style::dim, line.mark.text()});
  }
  return gutter;
}

std::vector<Row> Scrollback::render(std::uint64_t number, int columns) const {
  const Line& line = at(number);
  const Row gutter = gutter_of(line, columns);
  int width = 0;
  for (const Piece& piece : gutter) width += text_width(piece.text);
  std::vector<Row> rows;
  if (unread_from_ == number)
    rows.push_back({{Style::mark, std::string(fit_width(kMark, columns))}});
  // Where the gutter leaves no room it has a row of its own; either way the peer's words never
  // begin a row.
  const bool beside = columns - width >= 8;
  const int indent = beside ? width : columns >= 6 ? 2 : columns >= 3 ? 1 : 0;
  const bool dim = is_unheard(line) && !marks_unheard_;
  const Style style = dim ? Style::dim : words_style(line.kind);
  if (!beside) {
    std::string whole;
    for (const Piece& piece : gutter) whole += piece.text;
    rows.push_back({{gutter.back().style, std::string(fit_width(whole, columns))}});
  }
  bool first = beside;
  for (const std::string_view part : wrap(line.text, std::max(1, columns - indent))) {
    Row row =
        first ? gutter : Row{{Style::plain, std::string(static_cast<std::size_t>(indent), ' ')}};
    push_marked(row, part, style, sought_);
    rows.push_back(std::move(row));
    first = false;
  }
  return rows;
}

int Scrollback::rows_of(std::uint64_t line, int columns) const {
  return static_cast<int>(render(line, columns).size());
}

Scrollback::Place Scrollback::back_from(Place place, int rows, int columns) const {
  while (rows > place.row) {
    if (place.line == first_) return {first_, 0};
    rows -= place.row + 1;
    --place.line;
    place.row = rows_of(place.line, columns) - 1;
  }
  place.row -= rows;
  return place;
}

// Nothing where the end is reached.
std::optional<Scrollback::Place> Scrollback::forward_from(Place place, int rows,
                                                          int columns) const {
  while (place.line < next_) {
    const int left = rows_of(place.line, columns) - place.row;
    if (rows < left) return Place{place.line, place.row + rows};
    rows -= left;
    place = {place.line + 1, 0};
  }
  return std::nullopt;
}

// The place from which the last line ends at the bottom of the pane.
Scrollback::Place Scrollback::bottom(int columns, int rows) const {
  return back_from({next_, 0}, rows, columns);
}

std::vector<Row> Scrollback::view(int columns, int rows) const {
  std::vector<Row> view;
  if (lines_.empty() || rows <= 0) return view;
  Place place = top_.value_or(bottom(columns, rows));
  while (place.line < next_ && static_cast<int>(view.size()) < rows) {
    std::vector<Row> rendered = render(place.line, columns);
    for (std::size_t i = static_cast<std::size_t>(place.row); i < rendered.size(); ++i)
      if (static_cast<int>(view.size()) < rows) view.push_back(std::move(rendered[i]));
    place = {place.line + 1, 0};
  }
  return view;
}

void Scrollback::scroll(int by, int columns, int rows) {
  if (lines_.empty() || (by > 0 && at_bottom())) return;
  const Place end = bottom(columns, rows);
  if (at_bottom()) left_bottom_at_ = next_;
  const Place from = top_.value_or(end);
  if (by < 0) {
    top_ = back_from(from, -by, columns);
  } else {
    const auto place = forward_from(from, by, columns);
    top_ = place ? *place : end;
  }
  const bool reached = top_->line > end.line || (top_->line == end.line && top_->row >= end.row);
  if (reached) top_.reset();
}

void Scrollback::to_top() {
  if (lines_.empty()) return;
  if (at_bottom()) left_bottom_at_ = next_;
  top_ = Place{first_, 0};
}

void Scrollback::to_bottom() { top_.reset(); }

// ---- What is looked for ----

std::optional<Scrollback::Found> Scrollback::find(std::string_view text, int columns, int rows) {
  if (text != sought_) {
    sought_ = text;
    found_ = next_;
  }
  return find_next(true, columns, rows);
}

std::optional<Scrollback::Found> Scrollback::find_next(bool older, int columns, int rows) {
  for (std::uint64_t line = std::max(found_, first_); older ? line > first_ : line + 1 < next_;) {
    line = older ? line - 1 : line + 1;
    if (holds_sought(line)) return show_found(line, columns, rows);
  }
  return std::nullopt;
}

bool Scrollback::holds_sought(std::uint64_t line) const {
  return find_ignoring_case(at(line).text, sought_).has_value();
}

Scrollback::Found Scrollback::show_found(std::uint64_t line, int columns, int rows) {
  found_ = line;
  if (at_bottom()) left_bottom_at_ = next_;
  if (line >= bottom(columns, rows).line)
    to_bottom();  // the last page shows it
  else
    top_ = Place{line, 0};
  Found found;
  for (std::uint64_t other = first_; other < next_; ++other) {
    if (!holds_sought(other)) continue;
    ++found.of;
    found.number += other >= line ? 1 : 0;
  }
  return found;
}

void Scrollback::end_search() { sought_.clear(); }

}  // namespace talk
