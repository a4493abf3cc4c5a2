// What was said, kept as lines to be read back, and the place in it that is looked at. Pure.
//
// The place is held by the line itself, not by a count from the end: while one reads back, nothing
// moves. Rows are wrapped when they are looked at, so a new width costs nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/screen/entry.h"
#include "common/screen/screen.h"
#include "common/screen/split/rows.h"

namespace talk {

class Scrollback {
 public:
  static constexpr std::size_t kMostLines = 20'000;
  static constexpr std::size_t kMostBytes = std::size_t{32} << 20;

  // `marks_unheard`: where dimness cannot be shown, a sign stands for it.
  explicit Scrollback(bool marks_unheard = false) : marks_unheard_(marks_unheard) {}

  void add(const Entry& entry);
  // So many of one's own lines, the newest, are not known to have arrived: they are dim.
  void set_unheard(std::size_t lines) { unheard_ = lines; }
  void clear();

  // The rows to be shown in a pane of that size, top to bottom; fewer where there are fewer.
  std::vector<Row> view(int columns, int rows) const;

  // Moves the place by rows, up being negative; a pane of that size is looked at.
  void scroll(int by, int columns, int rows);
  void to_top();
  void to_bottom();
  bool at_bottom() const { return !top_; }
  // Lines that came since the place left the bottom.
  std::uint64_t new_below() const { return at_bottom() ? 0 : next_ - left_bottom_at_; }

  // Of the lines that hold what is looked for, the one that is shown: the newest is number 1.
  struct Found {
    std::size_t number = 0;
    std::size_t of = 0;
  };
  // The newest line that holds `text` (case as typed) comes to the top, and all are marked; asked
  // for the same again, the one before it. Nothing where there is none, or no more.
  std::optional<Found> find(std::string_view text, int columns, int rows);
  // The next older line, or the next newer one.
  std::optional<Found> find_next(bool older, int columns, int rows);
  bool searching() const { return !sought_.empty(); }
  const std::string& sought() const { return sought_; }
  void end_search();

  std::size_t bytes() const { return bytes_; }  // that are kept

  // Lines from here on are unread: a mark stands before the first of them, where there are others
  // above it.
  void mark_unread() {
    if (!lines_.empty()) unread_from_ = next_;
  }
  void unmark() { unread_from_.reset(); }
  void unmark_if_all_read() {
    if (unread_from_ == next_) unmark();
  }
  bool marked() const { return unread_from_.has_value(); }

 private:
  struct Line {
    Entry::Kind kind;
    std::string time;  // "09:30 "
    Mark mark;
    std::string text;       // safe
    std::uint64_t own = 0;  // of one's own: which
  };
  struct Place {
    std::uint64_t line = 0;  // counted from the first that ever was
    int row = 0;
  };

  const Line& at(std::uint64_t line) const {
    return lines_[static_cast<std::size_t>(line - first_)];
  }
  int rows_of(std::uint64_t line, int columns) const;
  Row gutter_of(const Line& line, int columns) const;
  std::vector<Row> render(std::uint64_t line, int columns) const;
  Place back_from(Place place, int rows, int columns) const;
  std::optional<Place> forward_from(Place place, int rows, int columns) const;
  Place bottom(int columns, int rows) const;
  bool holds_sought(std::uint64_t line) const;
  Found show_found(std::uint64_t line, int columns, int rows);

  bool is_unheard(const Line& line) const {
    return line.kind == Entry::Kind::mine && line.own + unheard_ > own_;
  }

  bool marks_unheard_;
  std::uint64_t own_ = 0;  // lines of one's own that there ever were
  std::size_t unheard_ = 0;
  std::deque<Line> lines_;
  std::uint64_t first_ = 0;  // number of lines_.front()
  std::uint64_t next_ = 0;   // of the line that comes next
  std::size_t bytes_ = 0;
  std::optional<Place> top_;  // of the view; unset: the bottom is followed
  std::uint64_t left_bottom_at_ = 0;
  std::optional<std::uint64_t> unread_from_;
  std::string sought_;
  std::uint64_t found_ = 0;  // the line; next_ and beyond: none yet
};

}  // namespace talk
