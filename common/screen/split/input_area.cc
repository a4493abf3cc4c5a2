#include "common/screen/split/input_area.h"

#include <algorithm>

#include "common/text/display.h"
#include "common/text/width.h"

namespace talk {
namespace {

// Fills rows character by character and notes where the cursor comes to stand.
class Filler {
 public:
  Filler(InputArea& area, int columns) : area_(area), columns_(std::max(columns, 1)) {
    area_.rows.emplace_back();
  }

  void put(std::string_view safe) {
    while (!safe.empty()) {
      const Cluster cluster = first_cluster(safe, std::min(columns_, kWidestCluster));
      const bool too_wide = cluster.width > columns_;  // a wide one in a single column
      const int width = too_wide ? 1 : cluster.width;
      if (column_ + width > columns_) new_row();
      area_.rows.back().append(too_wide ? "?" : without_joiner(safe.substr(0, cluster.size)));
      column_ += width;
      safe.remove_prefix(cluster.size);
    }
  }
  void new_row() {
    area_.rows.emplace_back();
    column_ = 0;
  }
  void set_cursor() {
    if (column_ >= columns_) new_row();
    area_.cursor_row = static_cast<int>(area_.rows.size()) - 1;
    area_.cursor_column = column_;
  }

 private:
  InputArea& area_;
  int columns_;
  int column_ = 0;
};

void put_lines(Filler& filler, std::string_view text) {
  while (true) {
    const std::size_t end = text.find('\n');
    filler.put(display_text(text.substr(0, end)));
    if (end == std::string_view::npos) return;
    filler.new_row();
    text.remove_prefix(end + 1);
  }
}

}  // namespace

InputArea lay_out_input(std::string_view prompt, std::string_view text, std::size_t cursor,
                        int columns, int most_rows) {
  InputArea area;
  Filler filler(area, columns);
  filler.put(fit_width(prompt, std::max(0, columns - 2)));
  put_lines(filler, text.substr(0, cursor));
  filler.set_cursor();
  put_lines(filler, text.substr(cursor));

  const int rows = static_cast<int>(area.rows.size());
  if (rows > most_rows) {  // the rows up to the cursor's, or from the beginning
    const int first = std::max(0, area.cursor_row - most_rows + 1);
    area.rows.erase(area.rows.begin() + first + most_rows, area.rows.end());
    area.rows.erase(area.rows.begin(), area.rows.begin() + first);
    area.cursor_row -= first;
  }
  return area;
}

}  // namespace talk
