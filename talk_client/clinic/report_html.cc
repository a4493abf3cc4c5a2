// One page for a browser: no script, nothing from the net.
#include "talk_client/clinic/markup.h"
#include "talk_client/clinic/reports.h"

namespace talk::clinic {
namespace {

constexpr const char* kStyle = R"(
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em;
       color: #222; background: #fff; }
h1 { font-size: 1.5em; } h2 { font-size: 1.2em; margin-top: 2em; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: .3em .6em; border-bottom: 1px solid #ddd; vertical-align: top; }
td.n, th.n { text-align: right; width: 4em; }
summary { cursor: pointer; padding: .3em 0; }
details > summary > b { display: inline-block; width: 5em; }
details > summary > code { display: inline-block; min-width: 11em; }
details details { margin-left: 1.2em; }
h4 { margin: .6em 0 0; }
code, pre { font: 14px/1.4 ui-monospace, monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #f5f5f5; padding: .6em; }
mark { background: #c00; color: #fff; }
.well b { color: #17702b; } .skipped b { color: #666; } .differs b { color: #075e8a; }
.fragile b { color: #8a5a00; } .fails b { color: #b00020; }
p { white-space: pre-wrap; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) {
  body { color: #ddd; background: #181818; } pre { background: #242424; }
  td, th { border-color: #444; }
  .well b { color: #6c6; } .skipped b { color: #999; } .differs b { color: #6bf; }
  .fragile b { color: #fc6; } .fails b { color: #f77; }
})";

std::string element(const std::string& name, std::string_view text) {
  return "<" + name + ">" + markup_text(text) + "</" + name + ">";
}

std::string evidence(const Result& result) {
  if (result.evidence.empty()) return "";
  std::string out = "<pre>";
  for (const Said& said : result.evidence) {
    out += markup_text(who_says(said)) + " ";
    if (said.by == Said::By::event) {
      out += "<i>" + markup_text(said.bytes) + "</i>\n";
      continue;
    }
    if (!said.mark) {
      out += markup_text(escaped(said.bytes));
    } else {
      // Cut in three, the byte that is wrong between.
      const std::size_t at = *said.mark;
      const std::string before = escaped(said.bytes.substr(0, at));
      const std::string wrong =
          at < said.bytes.size() ? escaped(said.bytes.substr(at, 1)) : "\" \"";
      const std::string behind =
          at < said.bytes.size() ? escaped(said.bytes.substr(at + 1)) : "\"\"";
      out += markup_text(before.substr(0, before.size() - 1)) + "<mark>" +
             markup_text(wrong.substr(1, wrong.size() - 2)) + "</mark>" +
             markup_text(behind.substr(1));
    }
    if (said.total > said.bytes.size()) out += " … " + bytes_in_words(said.total);
    out += "\n";
  }
  return out + "</pre>\n";
}

std::string hint(const char* language, std::string_view code) {
  if (code.empty()) return "";
  return "<div>" + element("h4", language) + "<pre>" + markup_text(code) + "</pre></div>";
}

// An element of the page by which the hint of a mistake is found.
std::string place_of(const Result& result, std::size_t section) {
  return "s" + std::to_string(section) + "-" + result.id;
}

std::string usually(const Report& report, const Result& result, std::size_t section) {
  const std::string name = "<p>Usually: " + element("b", result.mistake->id);
  if (const Result* const told = told_before(report, result))
    return name + ", as in <a href=\"#" + place_of(*told, section) + "\">" + markup_text(told->id) +
           "</a></p>\n";
  return name + ": " + markup_text(result.mistake->words) + "</p>\n<div class=\"hints\">" +
         hint("In C", result.mistake->c) + hint("In Python", result.mistake->python) + "</div>\n";
}

std::string case_of(const Report& report, const Result& result, std::size_t section) {
  const std::string weight = to_text(result.weight);
  const bool open = result.weight >= Weight::fragile;
  std::string out = "<details class=\"" + weight + "\" id=\"" + place_of(result, section) + "\"" +
                    (open ? " open" : "") + "><summary>" + element("b", weight) + " " +
                    element("code", result.id) + " " + markup_text(result.story) + "</summary>\n";
  if (!result.what.empty()) out += element("p", result.what) + "\n";
  out += evidence(result);
  out += element("p", "The specification: " + result.specification) + "\n";
  if (result.mistake != nullptr && result.weight > Weight::skipped)
    out += usually(report, result, section);
  return out + "</details>\n";
}

// What was found stands before what went well, which is folded away where something was found.
std::string cases_of(const Report& report, std::size_t section) {
  std::string found;
  std::string rest;
  for (const Result& result : report.results)
    (result.weight > Weight::skipped ? found : rest) += case_of(report, result, section);
  if (rest.empty()) return found;
  std::string words = "All cases";  // how many stands above
  if (!found.empty())
    words = std::to_string(report.count(Weight::well)) + " well, " +
            std::to_string(report.count(Weight::skipped)) + " skipped";
  return found + (found.empty() ? "<details open>" : "<details>") + element("summary", words) +
         "\n" + rest + "</details>\n";
}

std::string title_of(const Report& report) {
  return report.name.empty() ? report.place : report.name;
}

std::string row_of(const Report& report, std::size_t number) {
  std::string out = "<tr><td><a href=\"#s" + std::to_string(number) + "\">" +
                    markup_text(title_of(report)) + "</a></td>";
  for (const Weight weight :
       {Weight::well, Weight::fails, Weight::fragile, Weight::differs, Weight::skipped})
    out += "<td class=\"n\">" + std::to_string(report.count(weight)) + "</td>";
  return out + element("td", remark(report)) + "</tr>\n";
}

}  // namespace

std::string html(const std::vector<Report>& reports) {
  const std::string title =
      "Clinic: " + (reports.empty() ? "" : reports[0].kind + " " + reports[0].subject);
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n" +
      element("title", title) + "<style>" + kStyle + "</style></head>\n<body>\n" +
      element("h1", title) + "\n";
  if (reports.size() > 1) {
    out +=
        "<table><tr><th>Name</th><th class=\"n\">well</th><th class=\"n\">fail</th>"
        "<th class=\"n\">fragile</th><th class=\"n\">differ</th><th class=\"n\">skipped</th>"
        "<th>Mistakes</th></tr>\n";
    for (std::size_t i = 0; i < reports.size(); ++i) out += row_of(reports[i], i);
    out += "</table>\n";
  }
  for (std::size_t i = 0; i < reports.size(); ++i) {
    out += "<section id=\"s" + std::to_string(i) + "\">" + element("h2", title_of(reports[i])) +
           element("p", summary(reports[i])) + "\n";
    out += cases_of(reports[i], i) + "</section>\n";
  }
  return out + "</body>\n</html>\n";
}

}  // namespace talk::clinic
