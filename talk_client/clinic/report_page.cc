// The page on the terminal and the table of many servers.
#include <algorithm>
#include <set>
#include <sstream>

#include "common/text/display.h"
#include "talk_client/clinic/reports.h"

namespace talk::clinic {
namespace {

std::string coloured(const std::string& text, Weight weight, bool colours) {
  if (!colours) return text;
  switch (weight) {
    case Weight::well:
      return "\x1b[32m" + text + "\x1b[m";
    case Weight::skipped:
      return "\x1b[2m" + text + "\x1b[m";
    case Weight::differs:
      return "\x1b[36m" + text + "\x1b[m";
    case Weight::fragile:
      return "\x1b[33m" + text + "\x1b[m";
    case Weight::fails:
      return "\x1b[1;31m" + text + "\x1b[m";
  }
  return text;
}

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

// The lines of `text`, each behind `margin`.
std::string indented(std::string_view text, const std::string& margin) {
  std::istringstream lines{std::string(text)};
  std::string out;
  for (std::string line; std::getline(lines, line);) out += margin + line + "\n";
  return out;
}

std::string evidence(const Result& result) {
  std::string out;
  for (const Said& said : result.evidence) {
    const std::string head = "      " + padded(who_says(said), 14);
    if (said.by == Said::By::event) {
      out += head + display_text(said.bytes) + "\n";
      continue;
    }
    const std::string rest =
        said.total > said.bytes.size() ? " … " + std::to_string(said.total) + " bytes" : "";
    out += head + escaped(said.bytes) + rest + "\n";
    if (said.mark)
      out +=
          std::string(20 + 1 + escaped_width(said.bytes.substr(0, *said.mark)), ' ') + "^ here\n";
  }
  return out;
}

}  // namespace

std::string who_says(const Said& said) {
  const std::string number = std::to_string(said.visitor);
  if (said.by == Said::By::clinic) return "clinic  " + number + " ->";
  if (said.by == Said::By::program) return "        " + number + " <-";
  return "        " + number + "  .";
}

std::string page_line(const Result& result, bool colours) {
  std::string line = coloured(padded(to_text(result.weight), 8), result.weight, colours) + " " +
                     padded(result.id, 17) + " " + result.story;
  if (result.weight == Weight::skipped) line += " (" + display_text(result.what) + ")";
  return line + "\n";
}

std::string page_details(const Result& result, bool colours) {
  std::string out;
  if (result.weight == Weight::well && !result.what.empty())
    return "      " + display_text(result.what) + "\n";
  if (result.weight <= Weight::skipped) return out;
  out += "      " + display_text(result.what) + "\n";
  out += evidence(result);
  out += "      The specification: " + result.specification + "\n";
  if (result.mistake == nullptr) return out;
  out += "      " +
         coloured("Usually: " + std::string(result.mistake->id), result.weight, colours) + ": " +
         std::string(result.mistake->words) + "\n";
  if (!result.mistake->c.empty())
    out += "      in C:\n" + indented(result.mistake->c, "        | ");
  if (!result.mistake->python.empty())
    out += "      in Python:\n" + indented(result.mistake->python, "        | ");
  return out + "\n";
}

std::string summary(const Report& report) {
  if (!report.unreachable.empty()) return display_text(report.unreachable);
  std::string out = std::to_string(report.count(Weight::well)) + " well";
  const auto add = [&](Weight weight, const char* words) {
    if (const std::size_t count = report.count(weight); count > 0)
      out += ", " + std::to_string(count) + " " + words;
  };
  add(Weight::fails, "fail");
  add(Weight::fragile, "fragile");
  add(Weight::differs, "differ");
  add(Weight::skipped, "skipped");
  if (!report.broken_off.empty()) out += "; broken off: " + report.broken_off;
  return out;
}

std::string ids_of_mistakes(const Report& report) {
  std::vector<std::string> ids;
  for (const Result& result : report.results) {
    if (result.weight <= Weight::skipped || result.mistake == nullptr) continue;
    const std::string id(result.mistake->id);
    if (std::ranges::find(ids, id) == ids.end()) ids.push_back(id);
  }
  std::string out;
  for (const std::string& id : ids) out += (out.empty() ? "" : ", ") + id;
  return out;
}

std::string page_end(const Report& report, bool colours) {
  const std::string mistakes = ids_of_mistakes(report);
  std::string out = coloured(summary(report), report.worst(), colours) + "\n";
  if (!mistakes.empty()) out += "Mistakes: " + mistakes + "\n";
  return out;
}

std::string table(const std::vector<Report>& reports) {
  std::size_t names = 4;
  for (const Report& report : reports)
    names = std::max(names, std::min<std::size_t>(40, shown_name(report.name).size()));
  std::string out = padded("NAME", names) + "  well  fail  frag  diff  skip  MISTAKES\n";
  for (const Report& report : reports) {
    out += padded(shown_name(report.name), names);
    for (const Weight weight :
         {Weight::well, Weight::fails, Weight::fragile, Weight::differs, Weight::skipped}) {
      const std::string count = std::to_string(report.count(weight));
      out += std::string(6 - std::min<std::size_t>(5, count.size()), ' ') + count;
    }
    out += "  " + (report.unreachable.empty() ? ids_of_mistakes(report) : summary(report)) + "\n";
  }
  return out;
}

}  // namespace talk::clinic
