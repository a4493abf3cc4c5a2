#include "common/wire/greeting.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "common/wire/limits.h"

namespace talk {
namespace {

using Kind = FirstBytes::Kind;

Greeting greeting(std::optional<long> pid, std::optional<std::string> name, bool many = false,
                  bool ack = false) {
  Greeting result;
  result.pid = pid;
  result.name = std::move(name);
  result.many = many;
  result.ack = ack;
  return result;
}

TEST(Greeting, IsOneLine) {
  EXPECT_EQ(format_greeting(greeting(8402, "prof")), "TALK/1 pid=8402 name=prof\r\n");
  EXPECT_EQ(format_greeting(greeting(std::nullopt, "alice")), "TALK/1 name=alice\r\n");
  EXPECT_EQ(format_greeting(Greeting()), "TALK/1\r\n");
  EXPECT_EQ(format_greeting(greeting(std::nullopt, "a b%\r\n\xc3\xa4")),
            "TALK/1 name=a%20b%25%0D%0A%C3%A4\r\n");
  EXPECT_EQ(format_greeting(greeting(8402, "prof", true)), "TALK/1 pid=8402 name=prof many=1\r\n");
}

TEST(Greeting, SaysHowItsTalkIsFoundAgain) {
  const std::string token = "0123456789abcdef0123456789abcdef";
  Greeting first = greeting(8402, "prof", true, true);
  first.session = TalkTicket{3, token};
  EXPECT_EQ(format_greeting(first),
            "TALK/1 pid=8402 name=prof many=1 ack=1 session=3-" + token + "\r\n");
  Greeting again{{}, "alice", true, true, TalkTicket{3, token}, seconds(600), 17};
  const std::string line = format_greeting(again);
  EXPECT_EQ(line, "TALK/1 name=alice many=1 ack=1 session=3-" + token + " again=600 got=17\r\n");
  const Greeting read = judge_first_bytes(line).greeting;
  EXPECT_EQ(read.session, again.session);
  EXPECT_EQ(read.again, seconds(600));
  EXPECT_EQ(read.got, 17u);
  EXPECT_TRUE(read.ack);
}

TEST(Greeting, ATicketIsANumberAndATokenAndNothingElse) {
  const std::string token = "0123456789abcdef0123456789abcdef";
  EXPECT_TRUE(read_ticket("0-" + token));
  for (const std::string& other :
       {std::string(), token, "3" + token, "-" + token, "x-" + token, "3-" + token + "0",
        "3-" + token.substr(1), "3-" + std::string(32, 'F'), "3-../" + token.substr(3)})
    EXPECT_FALSE(read_ticket(other)) << other;
}

// What a side knows of the protocol is not cut off by a long name.
TEST(Greeting, ALongNameLeavesRoomForWhatFollowsIt) {
  const std::string line = format_greeting(greeting(8402, std::string(1000, 'x'), true, true));
  EXPECT_EQ(line.size(), kMaxGreeting);
  EXPECT_TRUE(judge_first_bytes(line).greeting.many);
}

TEST(Greeting, ANameThatDoesNotFitIsShortened) {
  for (const char c : {'x', ' '}) {
    const std::string line = format_greeting(greeting(std::nullopt, std::string(1000, c)));
    EXPECT_LE(line.size(), kMaxGreeting);
    EXPECT_GT(line.size(), kMaxGreeting - 3);
    EXPECT_EQ(judge_first_bytes(line).kind, Kind::greeting);
  }
}

struct Case {
  std::string bytes;
  Kind kind;
};

TEST(Greeting, FirstBytesAreJudged) {
  const std::vector<Case> cases = {
      {"", Kind::could_become_one},          {"T", Kind::could_become_one},
      {"TALK/1", Kind::could_become_one},    {"TALK/1 ", Kind::could_become_one},
      {"TALK/1\r", Kind::could_become_one},  {"TALK/1 name=x", Kind::could_become_one},
      {"TALK/1\n", Kind::greeting},          {"TALK/1\r\n", Kind::greeting},
      {"TALK/1 \n", Kind::greeting},         {"TALK/1 name=x\nmore", Kind::greeting},
      {"TALK/1 ===\n", Kind::greeting},      {"TALK/10\n", Kind::something_else},
      {"TALK/2\n", Kind::something_else},    {"talk/1\n", Kind::something_else},
      {"TALK/1\rx\n", Kind::something_else}, {" TALK/1\n", Kind::something_else},
      {"\n", Kind::something_else},          {"accio\r\n", Kind::something_else},
  };
  for (const Case& c : cases) EXPECT_EQ(judge_first_bytes(c.bytes).kind, c.kind) << c.bytes;
}

TEST(Greeting, TheLimitIsExact) {
  const std::string start = "TALK/1 name=";
  const std::string fits = start + std::string(kMaxGreeting - start.size() - 1, 'x') + "\n";
  ASSERT_EQ(fits.size(), kMaxGreeting);
  EXPECT_EQ(judge_first_bytes(fits).kind, Kind::greeting);
  const std::string over = start + std::string(kMaxGreeting - start.size(), 'x') + "\n";
  EXPECT_EQ(judge_first_bytes(over).kind, Kind::something_else);
  EXPECT_EQ(judge_first_bytes(over.substr(0, kMaxGreeting - 1)).kind, Kind::could_become_one);
  EXPECT_EQ(judge_first_bytes(over.substr(0, kMaxGreeting)).kind, Kind::something_else);
}

TEST(Greeting, EveryPrefixCouldBecomeIt) {
  const std::string line = "TALK/1 pid=12 name=a%20b future=1\r\n";
  for (std::size_t size = 0; size < line.size(); ++size)
    EXPECT_EQ(judge_first_bytes(line.substr(0, size)).kind, Kind::could_become_one) << size;
  const FirstBytes result = judge_first_bytes(line + "rest");
  EXPECT_EQ(result.size, line.size());
  EXPECT_EQ(result.greeting.pid, 12);
  EXPECT_EQ(result.greeting.name, "a b");
}

TEST(Greeting, OddAttributes) {
  const auto read = [](const std::string& attributes) {
    return judge_first_bytes("TALK/1 " + attributes + "\r\n").greeting;
  };
  EXPECT_EQ(read("name=").name, "");
  EXPECT_EQ(read("name=100%").name, "100%");
  EXPECT_EQ(read("name=%4").name, "%4");
  EXPECT_EQ(read("name=%zz").name, "%zz");
  EXPECT_EQ(read("name=%-1").name, "%-1");
  EXPECT_EQ(read("name=%00").name, std::string(1, '\0'));
  EXPECT_EQ(read("name=a=b").name, "a=b");
  EXPECT_EQ(read("name").name, std::nullopt);
  EXPECT_TRUE(read("many=1").many);
  for (const char* other : {"", "many", "many=", "many=0", "many=11", "Many=1"})
    EXPECT_FALSE(read(other).many) << other;
  EXPECT_EQ(read("  name=x  pid=3 ").name, "x");
  for (const char* pid : {"pid=", "pid=0", "pid=-3", "pid=3x", "pid=99999999999999999999"})
    EXPECT_EQ(read(pid).pid, std::nullopt) << pid;
}

TEST(Greeting, EveryNameIsReadBack) {
  std::mt19937 random(3);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int round = 0; round < 1000; ++round) {
    std::string name(static_cast<std::size_t>(byte(random)) % 150, '\0');
    for (char& c : name) c = static_cast<char>(byte(random));
    const FirstBytes result = judge_first_bytes(format_greeting(greeting(7, name)));
    ASSERT_EQ(result.kind, Kind::greeting);
    ASSERT_EQ(result.greeting.name, name);
  }
}

}  // namespace
}  // namespace talk
