// Reports for people and for machines, all from the same results. Pure. Whatever an examined
// program has said is harmless in each of them.
#pragma once

#include <string>
#include <vector>

#include "talk_client/clinic/result.h"

namespace talk::clinic {

// How a page looks where it is read.
struct Look {
  bool colours = false;
  std::size_t width = 0;  // columns, at least 40; 0: lines are as long as they are
};

// A line for each case; the whole of what was found about it, where it did not go well.
std::string page_line(const Result& result, const Look& look);
// `told` is an earlier case with the same mistake, of which the hint stands there.
std::string page_details(const Result& result, const Look& look, const Result* told = nullptr);
std::string page_end(const Report& report, const Look& look);

// A server a line, for many.
std::string table(const std::vector<Report>& reports);

std::string tap(const std::vector<Report>& reports);
std::string junit(const std::vector<Report>& reports);
std::string html(const std::vector<Report>& reports);

// What several of them say alike.
std::string summary(const Report& report);          // "41 well, 2 fail, 1 fragile, …"
std::string who_says(const Said& said);             // "clinic 2 →"
std::string ids_of_mistakes(const Report& report);  // "one-recv, sigpipe"
// Behind a row: the mistakes, or why there are none to be told of, or that it is not finished.
std::string remark(const Report& report);
// The first result of the report with the same mistake, where that is another one; otherwise null.
const Result* told_before(const Report& report, const Result& result);

}  // namespace talk::clinic
