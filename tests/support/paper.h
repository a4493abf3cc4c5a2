// A printing terminal: it knows carriage return, line feed and printable characters, a column
// each, and wraps at its last column. Whatever else a program sends is kept as a complaint.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace talk::test {

class Paper {
 public:
  explicit Paper(std::string_view output, std::size_t columns = 80);

  // From the first printed to the one with the cursor; blanks at the end are left out.
  const std::vector<std::string>& rows() const& { return rows_; }
  const std::string& last() const { return rows_.back(); }
  // How many rows hold `part`.
  int count(std::string_view part) const;
  // The control characters among the output, as numbers; empty where there are none.
  const std::string& complaints() const { return complaints_; }

 private:
  std::vector<std::string> rows_;
  std::string complaints_;
};

}  // namespace talk::test
