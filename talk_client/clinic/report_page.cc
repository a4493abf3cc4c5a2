// The page on the terminal and the table of many servers.
#include <algorithm>
#include <optional>
#include <set>
#include <sstream>

#include "common/text/display.h"
#include "common/text/width.h"
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

constexpr std::size_t kEvidence = 20;  // the column at which it begins
constexpr std::size_t kCase = 9;       // the columns of a case's name and of its story
constexpr std::size_t kStory = 27;
constexpr std::size_t kDetails = 6;

// Words, of which the first stands at column `at`, in lines that begin at column `margin`.
std::string wrapped(const std::string& text, std::size_t at, std::size_t margin, const Look& look) {
  std::istringstream words(text);
  std::string out;
  std::size_t column = at;
  for (std::string word; std::getline(words, word, ' ');) {
    const auto width = static_cast<std::size_t>(text_width(word));
    if (look.width != 0 && column > margin && column + width + 1 > look.width) {
      out += "\n" + std::string(margin, ' ');
      column = margin;
    } else if (!out.empty()) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width;
  }
  return out;
}

std::string paragraph(const std::string& text, const Look& look) {
  return std::string(kDetails, ' ') + wrapped(text, kDetails, kDetails, look) + "\n";
}

// Escaped, in lines that fit; the byte that is wrong has a mark below it.
std::string bytes_said(const Said& said, const Look& look) {
  std::string out;
  std::string line = "\"";
  std::optional<std::size_t> mark;
  const auto end_line = [&] {
    out += line + "\n";
    if (mark) out += std::string(kEvidence + *mark, ' ') + "^ here\n";
    mark.reset();
  };
  for (std::size_t i = 0; i <= said.bytes.size(); ++i) {
    const std::string one = i < said.bytes.size() ? escaped(said.bytes.substr(i, 1)) : "\"\"\"";
    const std::string unit = one.substr(1, one.size() - 2);
    if (look.width != 0 && kEvidence + line.size() + unit.size() > look.width) {
      end_line();
      out += std::string(kEvidence, ' ');
      line = " ";
    }
    if (said.mark == i) mark = line.size();
    line += unit;
  }
  end_line();
  if (said.total > said.bytes.size())
    out += std::string(kEvidence, ' ') + "… " + bytes_in_words(said.total) + " in all\n";
  return out;
}

std::string evidence(const Result& result, const Look& look) {
  std::string out;
  for (const Said& said : result.evidence) {
    out += std::string(kDetails, ' ') + padded(who_says(said), kEvidence - kDetails);
    if (said.by == Said::By::event)
      out += wrapped(display_text(said.bytes), kEvidence, kEvidence, look) + "\n";
    else
      out += bytes_said(said, look);
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

std::string page_line(const Result& result, const Look& look) {
  std::string story = result.story;
  if (result.weight == Weight::skipped) story += " (" + display_text(result.what) + ")";
  const std::string weight = padded(to_text(result.weight), kCase - 1);
  return coloured(weight, result.weight, look.colours) + " " +
         padded(result.id, kStory - kCase - 1) + " " + wrapped(story, kStory, kStory, look) + "\n";
}

std::string page_details(const Result& result, const Look& look, const Result* told) {
  if (result.weight == Weight::well && !result.what.empty())
    return paragraph(display_text(result.what), look);
  if (result.weight <= Weight::skipped) return "";
  std::string out = paragraph(display_text(result.what), look) + evidence(result, look) +
                    paragraph("The specification: " + result.specification, look);
  if (result.mistake == nullptr) return out;
  const std::string usually = "Usually: " + std::string(result.mistake->id);
  if (told != nullptr)
    return out + paragraph(usually + ", as in the case " + told->id, look) + "\n";
  std::string words = paragraph(usually + ": " + std::string(result.mistake->words), look);
  words.replace(kDetails, usually.size(), coloured(usually, result.weight, look.colours));
  return out + words + "      in C:\n" + indented(result.mistake->c, "        | ") +
         "      in Python:\n" + indented(result.mistake->python, "        | ") + "\n";
}

std::string summary(const Report& report) {
  if (!report.unreachable.empty()) return display_text(report.unreachable);
  std::string out = std::to_string(report.count(Weight::well)) + " well";
  const auto add = [&](Weight weight, const char* one, const char* words) {
    if (const std::size_t count = report.count(weight); count > 0)
      out += ", " + std::to_string(count) + " " + (count == 1 ? one : words);
  };
  add(Weight::fails, "fails", "fail");
  add(Weight::fragile, "fragile", "fragile");
  add(Weight::differs, "differs", "differ");
  add(Weight::skipped, "skipped", "skipped");
  if (!report.broken_off.empty()) out += "; broken off: " + report.broken_off;
  return out;
}

const Result* told_before(const Report& report, const Result& result) {
  for (const Result& earlier : report.results) {
    if (earlier.id == result.id) return nullptr;
    if (earlier.weight > Weight::skipped && earlier.mistake == result.mistake) return &earlier;
  }
  return nullptr;
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

std::string page_end(const Report& report, const Look& look) {
  const std::string mistakes = ids_of_mistakes(report);
  std::string out = coloured(summary(report), report.worst(), look.colours) + "\n";
  if (!mistakes.empty()) out += wrapped("Mistakes: " + mistakes, 0, 10, look) + "\n";
  return out;
}

std::string remark(const Report& report) {
  if (!report.unreachable.empty()) return display_text(report.unreachable);
  const std::string mistakes = ids_of_mistakes(report);
  if (report.complete) return mistakes;
  const std::string unfinished = report.begun ? "unfinished" : "not begun";
  return mistakes + (mistakes.empty() ? "" : "; ") + unfinished;
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
    const std::string last = remark(report);
    out += (last.empty() ? "" : "  " + last) + "\n";
  }
  return out;
}

}  // namespace talk::clinic
