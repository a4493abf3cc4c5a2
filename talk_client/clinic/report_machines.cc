// TAP 14 and JUnit.
#include <sstream>

#include "common/text/display.h"
#include "talk_client/clinic/markup.h"
#include "talk_client/clinic/reports.h"

namespace talk::clinic {
namespace {

// A description must not be taken for a directive: # and \ are escaped.
std::string tap_text(std::string_view text) {
  std::string out;
  for (const char c : display_text(text)) {
    if (c == '#' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// A YAML string in double quotes. What is in it has been made safe, and so holds no controls.
std::string yaml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : display_text(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string yaml_block(const Result& result) {
  std::string out = "  ---\n";
  out += "  weight: " + to_text(result.weight) + "\n";
  out += "  message: " + yaml_text(result.what) + "\n";
  if (result.mistake != nullptr) {
    out += "  mistake: " + std::string(result.mistake->id) + "\n";
    out += "  usually: " + yaml_text(result.mistake->words) + "\n";
  }
  out += "  specification: " + yaml_text(result.specification) + "\n";
  if (!result.evidence.empty()) out += "  said:\n";
  for (const Said& said : result.evidence)
    out += "    - " +
           yaml_text(who_says(said) + " " +
                     (said.by == Said::By::event ? said.bytes : escaped(said.bytes))) +
           "\n";
  return out + "  ...\n";
}

std::string tap_line(const Report& report, const Result& result, std::size_t number) {
  const bool bad = result.weight >= Weight::fragile;
  const std::string subject = report.name.empty() ? "" : report.name + ": ";
  std::string line = std::string(bad ? "not ok " : "ok ") + std::to_string(number) + " - " +
                     tap_text(subject + result.id + ": " + result.story);
  if (result.weight == Weight::skipped) line += " # SKIP " + tap_text(result.what);
  line += "\n";
  if (bad) line += yaml_block(result);
  if (result.weight == Weight::differs)
    line += yaml_block(result) + "# differs: " + display_text(result.what) + "\n";
  if (result.weight == Weight::well && !result.what.empty())
    line += "# " + display_text(result.what) + "\n";
  return line;
}

}  // namespace

std::string tap(const std::vector<Report>& reports) {
  std::string out = "TAP version 14\n";
  std::size_t number = 0;
  std::string bail;
  for (const Report& report : reports) {
    for (const Result& result : report.results) out += tap_line(report, result, ++number);
    if (!report.unreachable.empty())
      out += "not ok " + std::to_string(++number) + " - " +
             tap_text(report.name.empty() ? report.place : report.name) + ": " +
             tap_text(report.unreachable) + "\n";
    if (!report.broken_off.empty()) bail = report.broken_off;
  }
  out += "1.." + std::to_string(number) + "\n";
  if (!bail.empty()) out += "Bail out! " + tap_text(bail) + "\n";
  return out;
}

namespace {

std::string junit_case(const Report& report, const Result& result) {
  std::ostringstream out;
  out << "    <testcase classname=\"" << markup_text(report.kind) << "\" name=\""
      << markup_text(result.id) << "\" time=\"" << static_cast<double>(result.took.count()) / 1000.0
      << "\"";
  if (result.weight == Weight::well) {
    out << "/>\n";
    return out.str();
  }
  out << ">\n";
  const std::string mistake = result.mistake == nullptr ? "" : std::string(result.mistake->id);
  if (result.weight == Weight::skipped)
    out << "      <skipped message=\"" << markup_text(result.what) << "\"/>\n";
  else if (result.weight == Weight::differs)
    out << "      <system-out>" << markup_text("differs: " + result.what) << "</system-out>\n";
  else
    out << "      <failure type=\"" << to_text(result.weight) << "\" message=\""
        << markup_text(mistake.empty() ? result.what : mistake + ": " + result.what) << "\">"
        << markup_text(page_details(result, {}, told_before(report, result))) << "</failure>\n";
  out << "    </testcase>\n";
  return out.str();
}

}  // namespace

std::string junit(const std::vector<Report>& reports) {
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const Report& report : reports) {
    const std::size_t failures = report.count(Weight::fails) + report.count(Weight::fragile);
    const bool unreachable = !report.unreachable.empty();
    out += "  <testsuite name=\"" +
           markup_text("talk_clinic " + report.kind + " " +
                       (report.name.empty() ? report.place : report.name)) +
           "\" tests=\"" + std::to_string(report.results.size() + (unreachable ? 1 : 0)) +
           "\" failures=\"" + std::to_string(failures) + "\" errors=\"" +
           (unreachable ? "1" : "0") + "\" skipped=\"" +
           std::to_string(report.count(Weight::skipped)) + "\">\n";
    for (const Result& result : report.results) out += junit_case(report, result);
    if (unreachable)
      out += "    <testcase classname=\"" + markup_text(report.kind) +
             "\" name=\"connect\"><error message=\"" + markup_text(report.unreachable) +
             "\"/></testcase>\n";
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace talk::clinic
