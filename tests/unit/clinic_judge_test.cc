// What may come and what may not, by tables; and reports in which nobody's bytes do harm.
#include <gtest/gtest.h>

#include <sstream>

#include "talk_client/clinic/judge.h"
#include "talk_client/clinic/reports.h"

namespace talk::clinic {
namespace {

using std::string_literals::operator""s;
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
    const Fetched fetched = judge_fetched({row.came, row.ended, false}, {});
    EXPECT_EQ(fetched.verdict.state, row.state) << row.came;
    if (row.state == State::well) {
      EXPECT_EQ(fetched.no, row.no) << row.came;
      EXPECT_EQ(fetched.content, row.content) << row.came;
    }
  }
}

TEST(ClinicJudge, NamesWhatStandsBehindNo) {
  for (const std::string& came : {"8402\nNO"s, "8402\nNO\0"s, "8402\nNO\n"s}) {
    const Fetched fetched = judge_fetched({came, true, false}, {});
    EXPECT_TRUE(fetched.no);
    EXPECT_EQ(fetched.verdict.mistake, came.size() == 7 ? "" : "other-ending") << came.size();
  }
}

TEST(ClinicManners, BearRepliesInOtherWords) {
  Manners manners;
  EXPECT_TRUE(learn_reply(manners, "Key not found", "404: no key 17"));
  EXPECT_FALSE(learn_reply(manners, "Key not found", "OK")) << "another reply is no other word";
  EXPECT_FALSE(learn_reply(manners, "apple", "value: apple")) << "data has no words";
  const struct {
    const char* came;
    State state;
  } kTable[] = {
      {"404: no key 4711\n", State::well},
      {"404: no", State::waiting},
      {"Key not found\n", State::well},
      {"404: no lock\n", State::wrong},
      {"OK\n", State::wrong},
  };
  for (const auto& row : kTable)
    EXPECT_EQ(judge_reply(reply("Key not found"), {row.came}, manners, "").state, row.state)
        << row.came;
}

TEST(ClinicManners, BearWhatAnEchoAdds) {
  const struct {
    const char* came;
    const char* mistake;
    const char* next;  // comes for "bye\n"
    State state;
  } kTable[] = {
      {"you said: hi\n", "echo-adds", "you said: bye\n", State::well},
      {"hi\n> ", "echo-adds", "bye\n> ", State::well},
      {"<<hi>>", "echo-adds", "<<bye>>", State::well},
      {"<hi>\n", "echo-adds", "<bye>\n", State::well},
      {"HI\n", "wrong-reply", "BYE\n", State::well},
      {"h", "echo-loses", "b", State::well},
  };
  for (const auto& row : kTable) {
    Manners manners;
    EXPECT_EQ(learn_echo(manners, "hi\n", row.came), row.mistake) << row.came;
    EXPECT_EQ(judge_bytes(reply("bye\n"), {row.next, false, true}, manners).state, row.state)
        << row.came;
  }
}

TEST(ClinicManners, LearnWhoSaysLinesBack) {
  const struct {
    const char* first;
    const char* second;
    const char* said;  // to "one" and "two"
  } kTable[] = {
      {"you said: hi\n", "you said: bye\n", "you said: one\nyou said: two\n"},
      {"12:30 hi\r\n", "12:31 bye\r\n", ": one\r\n: two\r\n"},
      {"hi", "bye", "onetwo"},
      {"welcome, hi\n", "bye\n", ""},  // not each line
      {"heard you\n", "heard you\n", ""},
      {"", "", ""},
  };
  for (const auto& row : kTable) {
    Manners manners;
    learn_said_back(manners, {"hi", "bye"}, {row.first, row.second});
    std::string said = said_back(manners, "one\ntwo\n");
    std::erase(said, ' ');
    std::string wanted = row.said;
    std::erase(wanted, ' ');
    EXPECT_EQ(said, wanted) << row.first;
  }
}

TEST(ClinicManners, BearANoOfItsOwn) {
  const struct {
    const char* came;
    const char* mistake;
    const char* next;  // a file, or NO
    bool no;
    const char* content;
  } kTable[] = {
      {"8402\nnot found", "no-missing", "17\nnot found", true, ""},
      {"8402 ERR none\n", "no-missing", "17 ERR none\n", true, ""},
      {"8402\n", "no-missing", "17\n", true, ""},
      {"8402\nnot found", "no-missing", "17\nhello", false, "hello"},
      {"pid 8402\nNO", "no-process-id", "pid 17\nNO", true, ""},
      {"pid 8402\nNO", "no-process-id", "pid 17\n42 apples", false, "42 apples"},
      {"NO", "no-process-id", "NO", true, ""},
      {"NO", "no-process-id", "hello", false, "hello"},
  };
  for (const auto& row : kTable) {
    Manners manners;
    EXPECT_EQ(learn_no(manners, row.came), row.mistake) << row.came;
    const Fetched fetched = judge_fetched({row.next, true, true}, manners);
    EXPECT_EQ(fetched.verdict.state, State::well) << row.came << row.next;
    EXPECT_EQ(fetched.no, row.no) << row.came << row.next;
    EXPECT_EQ(fetched.content, row.content) << row.came << row.next;
  }
}

TEST(ClinicJudge, KnowsWhatMakesOneFileOfAnother) {
  const std::string large(3'000'000, 'x');
  const std::string nul("before\0behind", 13);
  const struct {
    std::string usual;
    std::string content;
    std::string kept;
    std::string mistake;
  } kTable[] = {
      {"file-missing", "hello", "HELLO", "file-differs"},
      {"one-recv", "hello", "h", "one-recv"},
      {"one-recv", "hello", "HELLO", "file-differs"},
      {"strlen-binary", nul, "before", "strlen-binary"},
      {"file-missing", nul + "\nlast\n", "beforelast\n", "strlen-binary"},
      {"text-only", "caf\xe9", "caf\xEF\xBF\xBD", "text-only"},
      {"short-write", large, large.substr(0, 1'000'000), "fixed-buffer"},
      {"file-missing", "hello", "confirm-accio-again\r\n\r\nhello", "confirm-in-file"},
      {"glued-to-handshake", "hello", "", "glued-to-handshake"},
  };
  for (const auto& row : kTable)
    EXPECT_EQ(mistake_of_file(row.usual, row.content, row.kept), row.mistake) << row.usual;
  EXPECT_EQ(mistake_between(large, large.substr(0, 1 << 20)), "fixed-buffer");
  EXPECT_EQ(mistake_between(large, large.substr(0, 2'626'561)), "short-write");
}

TEST(ClinicJudge, KnowsWhyLessCameThanWasTold) {
  const std::string large(300'000, 'x');
  const std::string nul("before\0behind the NUL\n", 22);
  const std::string many = nul + large + std::string(1, '\0') + large;
  const struct {
    std::string known;
    std::string came;
    std::size_t missing;
    std::string mistake;
  } kTable[] = {
      {nul, "before", 16, "strlen-binary"},                             // strlen() of all
      {many, "before" + large.substr(0, 4000), 9000, "strlen-binary"},  // of each block
      {nul, "beforebehind the NUL\n", 1, "strlen-binary"},
      {large, large.substr(0, 1024), 298'976, "fixed-buffer"},  // read once
      {large, large.substr(0, 123'457), 176'543, "short-write"},
      {"hello", "hello", 1, "size-wrong"},
      {"hello", "hell", 1, "size-wrong"},
      {"", "hello", 1, "size-wrong"},
      {"", "hello", 100'000, "short-write"},
  };
  for (const auto& row : kTable)
    EXPECT_EQ(mistake_of_short(row.known, row.came, row.missing), row.mistake)
        << row.known.size() << " " << row.came.size();
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

std::size_t count_of(const std::string& part, const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

// One mistake may show in forty cases.
TEST(ClinicReports, GiveAHintOnce) {
  Report report;
  for (const char* const id : {"a", "b", "c"})
    report.results.push_back({id, "s", "t", Weight::fails, find_mistake("one-recv"), "how"});
  std::string page;
  for (const Result& result : report.results)
    page += page_details(result, {}, told_before(report, result));
  const std::string first_line = "memchr(buffer";
  for (const std::string& text : {page, html({report}), junit({report})}) {
    EXPECT_EQ(count_of(first_line, text), 1U) << text;
    EXPECT_GE(count_of("one-recv", text), 3U) << text;
  }
  EXPECT_EQ(count_of("as in the case a", page), 2U) << page;
  EXPECT_EQ(count_of("<a href=\"#s0-a\">a</a>", html({report})), 2U);
}

TEST(ClinicReports, CountInWords) {
  Report report;
  report.results = {{"a", "s", "t", Weight::fails}, {"b", "s", "t", Weight::differs}};
  EXPECT_EQ(summary(report), "0 well, 1 fails, 1 differs");
  report.results.push_back({"c", "s", "t", Weight::fails});
  EXPECT_EQ(summary(report), "0 well, 2 fail, 1 differs");
  EXPECT_EQ(bytes_in_words(1) + ", " + bytes_in_words(0), "1 byte, 0 bytes");
}

TEST(ClinicReports, TellTheCaseThatWasNotFinished) {
  Report report;
  report.results = {{"a", "s", "t", Weight::well}};
  report.doing = Result{"b", "s", "t"};
  report.break_off("the time for one run is over");
  EXPECT_NE(tap({report}).find("ok 2 - b: s # SKIP not finished: the time"), std::string::npos);
  report.break_off("once more");
  EXPECT_EQ(report.results.size(), 2U) << "told once";
}

TEST(ClinicReports, SayInHtmlOnceHowManyWentWell) {
  Report report;
  report.results = {{"a", "s", "t", Weight::well}, {"b", "s", "t", Weight::skipped}};
  EXPECT_EQ(count_of("1 well, 1 skipped", html({report})), 1U);
  EXPECT_NE(html({report}).find("pre { white-space: pre-wrap"), std::string::npos)
      << "paper has no scroll bars";
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
