// The tables of the clinic: every case is whole, and leads to words that help.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "talk_client/clinic/case.h"
#include "talk_client/clinic/options.h"

#include "common/posix/error.h"

namespace talk::clinic {
namespace {

std::vector<Case> all_cases(const std::string& kind) {
  std::vector<Case> all = server_cases(kind);
  for (Case& more : client_cases(kind)) all.push_back(std::move(more));
  return all;
}

void expect_known(const std::string& mistake, const std::string& where) {
  EXPECT_NE(find_mistake(mistake), nullptr) << where << " blames " << mistake;
}

TEST(ClinicCases, SayWhatAndWhyAndBlameAKnownMistake) {
  for (const std::string& kind : kinds())
    for (const Case& one : all_cases(kind)) {
      const std::string where = kind + " " + one.id;
      EXPECT_FALSE(one.story.empty() || one.specification.empty()) << where;
      EXPECT_FALSE(one.script.steps().empty()) << where;
      expect_known(one.mistake, where);
      expect_known(one.kills, where);
      for (const Step& step : one.script.steps())
        for (const std::string& mistake : {step.when_wrong, step.when_silent, step.when_ended})
          if (!mistake.empty()) expect_known(mistake, where);
    }
}

TEST(ClinicCases, HaveNamesOfTheirOwnAndNeedEarlierOnes) {
  const std::set<std::string> learnt = {"new-accio", "greets",     "pipelines", "endings",
                                        "echoes",    "stays-open", "any-value", "echo-endings",
                                        "bare-form", "sized-form", "no-losses"};  // no cases
  for (const std::string& kind : kinds())
    for (const auto& cases : {server_cases(kind), client_cases(kind)}) {
      std::set<std::string> ids;
      for (const Case& one : cases) EXPECT_TRUE(ids.insert(one.id).second) << kind << one.id;
      EXPECT_EQ(cases[0].id, "first");
      EXPECT_TRUE(cases[0].needs.empty());
      for (const Case& one : cases)
        for (const std::string& need : one.needs)
          EXPECT_TRUE(ids.contains(need) || learnt.contains(need)) << kind << one.id << need;
    }
}

TEST(ClinicCases, AreEnoughForEveryKind) {
  const std::set<std::string> shared = {"bytes",        "pieces",     "two-at-once", "silent-one",
                                        "half-one",     "reset-idle", "reset-half",  "ten-at-once",
                                        "five-hundred", "afterwards", "again",       "nothing"};
  for (const std::string& kind : kinds()) {
    const std::vector<Case> cases = server_cases(kind);
    std::size_t own = 0;
    for (const Case& one : cases) own += shared.contains(one.id) ? 0 : 1;
    EXPECT_EQ(cases.size() - own, shared.size()) << kind;
    EXPECT_GE(own, 15U) << kind;
    EXPECT_GE(client_cases(kind).size(), 15U) << kind;
  }
}

TEST(ClinicMistakes, AreNamedOnceAndHintsAreShort) {
  std::set<std::string_view> ids;
  for (const KnownMistake& mistake : mistakes()) {
    EXPECT_TRUE(ids.insert(mistake.id).second) << mistake.id;
    EXPECT_FALSE(mistake.words.empty());
    for (const std::string_view hint : {mistake.c, mistake.python}) {
      EXPECT_FALSE(hint.empty()) << mistake.id;
      EXPECT_LE(std::ranges::count(hint, '\n'), 6) << mistake.id;  // about five lines
    }
  }
}

TEST(ClinicOptions, AreRefusedWhereTheyMakeNoSense) {
  const std::vector<std::vector<std::string>> refused = {
      {},
      {"store"},
      {"store", "desk"},
      {"shop", "desk", "1234"},
      {"store", "desk", "0"},
      {"store", "desk", "smtp"},
      {"store", "desk", "1234", "more"},
      {"store", "--serve", "1", "desk", "1234"},
      {"store", "--serve", "1", "--list", "f"},
      {"store", "--expect", "f", "desk", "1234"},
      {"accio", "--serve", "1", "--dir", "d"},
      {"accio", "--list", "f", "--dir", "d"},
      {"store", "--case", "no-such", "desk", "1234"},
      {"store", "--timeout", "0", "desk", "1234"},
  };
  for (const auto& words : refused)
    EXPECT_THROW(parse_clinic_options(words), UsageError) << testing::PrintToString(words);
}

TEST(ClinicOptions, AListHasALineEach) {
  const auto subjects = parse_list("# a class\nalice desk 1234\n\n bob  10.0.0.7  80 \n");
  ASSERT_EQ(subjects.size(), 2U);
  EXPECT_EQ(subjects[1].name + subjects[1].host + subjects[1].port, "bob10.0.0.780");
  for (const char* const wrong : {"", "# nobody\n", "alice desk\n", "alice desk 99999\n",
                                  "alice desk 0\n", "alice desk 1 2\n"})
    EXPECT_THROW(parse_list(wrong), std::runtime_error) << wrong;
}

}  // namespace
}  // namespace talk::clinic
