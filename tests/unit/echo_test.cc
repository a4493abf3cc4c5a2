#include "server_handler/echo/echo.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace talk {
namespace {

using std::string_literals::operator""s;

const std::string kPause = "(pause)";
const std::string kEnd = "(end)";

// What comes back after each step; the last one says whether the session is over.
struct Case {
  const char* name;
  std::vector<std::string> steps;
  std::vector<std::string> replies;
  bool over;
};

const std::vector<Case> kCases = {
    {"a line", {"hi\n"}, {"hi\n"}, false},
    {"padding too", {"hi\0stale:exit\n\0\0"s}, {"hi\0stale:exit\n\0\0"s}, false},
    {"exit with a line feed", {":exit\n"}, {""}, true},
    {"exit with CR LF", {":exit\r\n"}, {""}, true},
    {"exit with a NUL and stale bytes", {":exit\0xxx"s}, {""}, true},
    {"exit and the end of input", {":exit", kEnd}, {"", ""}, true},
    {"exit and a pause", {":exit", kPause}, {"", ""}, true},
    {"exit behind lines", {"a\nb\n:exit\nc\n"}, {"a\nb\n"}, true},
    {"exit byte by byte", {":", "e", "x", "i", "t", "\n"}, {"", "", "", "", "", ""}, true},
    {"not at the start of a message", {"x:exit\n"}, {"x:exit\n"}, false},
    {"longer", {":exit now\n"}, {":exit now\n"}, false},
    {"blank behind", {":exit \n"}, {":exit \n"}, false},
    {"another beginning", {":exi\n"}, {":exi\n"}, false},
    {"held and echoed", {":ex", kPause, "tra\n"}, {"", ":ex", "tra\n"}, false},
    {"held and completed otherwise", {":ex", "tra\n"}, {"", ":extra\n"}, false},
    {"held and ended", {":ex", kEnd}, {"", ":ex"}, false},
    {"messages without an ending", {"one", kPause, ":exit", kPause}, {"one", "", "", ""}, true},
    {"exit at once behind an answer", {"one", ":exit", kPause}, {"one", "", ""}, true},
    {"one message in pieces", {"one", ":exit", "two", kPause}, {"one", "", ":exittwo", ""}, false},
    {"a first line in pieces", {"one", ":exit", "\n"}, {"one", "", ":exit\n"}, false},
    {"no pause before the end", {"one", ":exit", kEnd}, {"one", "", ":exit"}, false},
    {"a client with line ends may pause",
     {"a\n", ":exit", kPause, "x\n"},
     {"a\n", "", ":exit", "x\n"},
     false},
    {"exit in two slow pieces still ends",
     {"a\n", ":ex", kPause, "it\n"},
     {"a\n", "", ":ex", ""},
     true},
    {"exit in a stale buffer", {"a\0:exit\0"s, "b\0"s}, {"a\0:exit\0"s, "b\0"s}, false},
    {"exit behind padding", {"a\n\0:exit\n"s}, {"a\n\0"s}, true},
    {"a long message",
     {std::string(5000, 'x') + ":exit\n"},
     {std::string(5000, 'x') + ":exit\n"},
     false},
    {"exit where a part ends",
     {std::string(4096, 'x') + ":exit\n"},
     {std::string(4096, 'x') + ":exit\n"},
     false},
    {"carriage return held", {":exit\r", kPause, "x\n"}, {"", ":exit\r", "x\n"}, false},
    {"empty lines", {"\n\r\n\n"}, {"\n\r\n\n"}, false},
};

TEST(Echo, SendsBackEverythingButExit) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    Echo echo;
    std::vector<std::string> replies;
    for (const std::string& step : c.steps)
      replies.push_back(step == kPause ? echo.pause()
                        : step == kEnd ? echo.end()
                                       : echo.receive(step));
    EXPECT_EQ(replies, c.replies);
    EXPECT_EQ(echo.over(), c.over);
  }
}

TEST(Echo, WaitsOnlyWhereAPauseMeansSomething) {
  Echo echo;
  EXPECT_FALSE(echo.awaits_pause());
  EXPECT_EQ(echo.receive("no ending yet"), "no ending yet");
  EXPECT_TRUE(echo.awaits_pause());
  EXPECT_EQ(echo.receive("\n"), "\n");
  EXPECT_FALSE(echo.awaits_pause());
  EXPECT_EQ(echo.receive("half a line"), "half a line");
  EXPECT_FALSE(echo.awaits_pause());
  EXPECT_EQ(echo.receive("\n:e"), "\n");
  EXPECT_TRUE(echo.awaits_pause());
}

TEST(Echo, NothingIsLostAtAnyCut) {
  const std::string stream = "one\n:ex\n:exi\r\n::exit\n\n:exitx\nend";
  for (std::size_t a = 0; a <= stream.size(); ++a) {
    for (std::size_t b = a; b <= stream.size(); ++b) {
      Echo echo;
      std::string out = echo.receive(stream.substr(0, a));
      out += echo.receive(stream.substr(a, b - a));
      out += echo.receive(stream.substr(b));
      out += echo.end();
      ASSERT_EQ(out, stream) << a << " " << b;
    }
  }
}

}  // namespace
}  // namespace talk
