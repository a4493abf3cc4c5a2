// What may come and what may not, by tables; and reports in which nobody's bytes do harm.
#include <gtest/gtest.h>

#include <sstream>

#include "talk_client/clinic/judge.h"
#include "talk_client/clinic/reports.h"

namespace talk::clinic {
namespace {

using State = Verdict::State;

Step reply(const std::string& text, const std::string& ending = "\n") {
  return {Step::Do::reply, 1, text, ending};
}

TEST(ClinicJudge, KnowsRepliesAndTheirVariants) {
  const struct {
    const char* came;
    bool settled;
    State state;
    Weight weight;
    std::string mistake;
  } kTable[] = {
      {"", false, State::waiting, Weight::well, ""},
      {"Key", true, State::waiting, Weight::well, ""},
      {"Key not found\n", false, State::well, Weight::well, ""},
      {"Key not found", false, State::waiting, Weight::well, ""},
      {"Key not found", true, State::well, Weight::differs, "reply-without-ending"},
      {"Key not found\r\n", false, State::well, Weight::differs, "other-ending"},
      {"key not found.\n", false, State::well, Weight::differs, "other-words"},
      {"OK\n", false, State::wrong, Weight::fails, ""},
      {"Key not foundOK", true, State::well, Weight::fragile, "reply-without-ending"},
      {"> Key not found\n", false, State::well, Weight::well, ""},
  };
  Manners manners;
  manners.prompt = "> ";
  for (const auto& row : kTable) {
    const Verdict verdict =
        judge_reply(reply("Key not found"), {row.came, false, row.settled}, manners, "OK");
    EXPECT_EQ(verdict.state, row.state) << row.came;
    if (row.state != State::waiting) {
      EXPECT_EQ(verdict.weight, row.weight) << row.came;
    }
    EXPECT_EQ(verdict.mistake, row.mistake) << row.came;
  }
}

TEST(ClinicJudge, KnowsTheFormsOfFetch) {
  const struct {
    const char* came;
    bool ended;
    State state;
    bool no;
    const char* content;
  } kTable[] = {
      {"8402", false, State::waiting, false, ""},
      {"8402 NO none\n", false, State::well, true, ""},
      {"8402 OK 3\nab", false, State::waiting, false, ""},
      {"8402 OK 3\nabc", false, State::well, false, "abc"},
      {"8402\nNO", true, State::well, true, ""},
      {"8402\nfile", false, State::waiting, false, ""},
      {"8402\nfile", true, State::well, false, "file"},
      {"8402", true, State::well, false, ""},
      {"none", true, State::wrong, false, ""},
      {"8402 OK x\n", false, State::wrong, false, ""},
  };
  for (const auto& row : kTable) {
    const Fetched fetched = judge_fetched({row.came, row.ended, false});
    EXPECT_EQ(fetched.verdict.state, row.state) << row.came;
    if (row.state == State::well) {
      EXPECT_EQ(fetched.no, row.no) << row.came;
      EXPECT_EQ(fetched.content, row.content) << row.came;
    }
  }
}

Report hostile() {
  const std::string bytes = "\x1b[2J</pre><script>alert(1)</script>\n\" not ok 1\n]]>\xff";
  Result result{"first",        "a story", "the text", Weight::fails, find_mistake("one-recv"),
                "came " + bytes};
  result.evidence = {{1, Said::By::program, bytes, bytes.size(), 3},
                     {1, Said::By::event, bytes, bytes.size()}};
  Report report;
  report.kind = "echo";
  report.subject = "server";
  report.name = bytes;
  report.results = {result};
  return report;
}

TEST(ClinicReports, LetNobodysBytesDoHarm) {
  const Report report = hostile();
  const std::vector<Report> reports = {report};
  const std::string page =
      page_line(report.results[0], {}) + page_details(report.results[0], {false, 40});
  for (const std::string& text :
       {page, table(reports), tap(reports), junit(reports), html(reports)})
    for (const char byte : text)
      ASSERT_TRUE(byte == '\n' || static_cast<unsigned char>(byte) >= 0x20) << text;
  EXPECT_EQ(html(reports).find("<script"), std::string::npos);
  EXPECT_EQ(junit(reports).find("<script"), std::string::npos);
  EXPECT_EQ(tap(reports).find("\n\" not ok"), std::string::npos);
}

TEST(ClinicReports, FitTheTerminalWithTheMarkBelowTheByte) {
  Result result{"value-with-blanks",      "a value of several words, and of several more",
                "A value is the rest.",   Weight::fails,
                find_mistake("one-recv"), "expected something else that is as long as this"};
  const std::string bytes = std::string(70, 'a') + "\nwrong";
  result.evidence = {{1, Said::By::program, bytes, bytes.size(), 71}};
  const std::string page = page_line(result, {false, 60}) + page_details(result, {false, 60});
  std::istringstream lines(page);
  std::string before;
  for (std::string line; std::getline(lines, line); before = line) {
    const bool code = line.find(" | ") != std::string::npos;  // stays as it is
    EXPECT_TRUE(code || line.size() <= 60) << line;
    if (const std::size_t mark = line.find("^ here"); mark != std::string::npos) {
      EXPECT_EQ(before.substr(mark), "wrong\"") << page;
    }
  }
  EXPECT_NE(page.find("^ here"), std::string::npos);
  EXPECT_EQ(page_line(result, {}),
            "fails    value-with-blanks a value of several words, and of several more\n");
}

TEST(ClinicReports, WeighAlikeEverywhere) {
  Report report;
  report.results = {{"a", "s", "t", Weight::well},
                    {"b", "s", "t", Weight::skipped, nullptr, "why"},
                    {"c", "s", "t", Weight::differs, find_mistake("banner"), "how"}};
  EXPECT_EQ(report.exit_code(), 0);
  EXPECT_NE(tap({report}).find("ok 2 - b: s # SKIP why\n"), std::string::npos);
  EXPECT_NE(tap({report}).find("ok 3 - c: s\n  ---\n  weight: differs\n"), std::string::npos);
  report.results.push_back({"d", "s", "t", Weight::fragile, find_mistake("one-recv"), "how"});
  EXPECT_EQ(report.exit_code(), 5);
  EXPECT_NE(tap({report}).find("not ok 4 - d: s\n"), std::string::npos);
  EXPECT_NE(junit({report}).find("failures=\"1\" errors=\"0\" skipped=\"1\""), std::string::npos);
}

}  // namespace
}  // namespace talk::clinic
