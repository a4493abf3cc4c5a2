// The split screen in a real xterm: typed into, resized, attacked.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "tests/support/attacks.h"
#include "tests/support/desktop.h"
#include "tests/support/fake_server.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"

namespace talk::test {
namespace {

class SplitXterm : public ::testing::Test {
 protected:
  SplitXterm()
      : xterm_({"xterm", "-xrm", "XTerm*allowWindowOps: true", "-xrm", "XTerm*allowTitleOps: true",
                "-xrm", "XTerm*allowFontOps: true", "-xrm", "XTerm*allowTcapOps: true", "-geometry",
                "80x24+0+0", "-e", program("talk_client"), "--split", "--name", "me", "127.0.0.1",
                std::to_string(server_.port())},
               in_ascii(desktop_.options())),
        peer_(server_.accept()),
        window_(desktop_.window_of(xterm_.pid())) {}

  static Process::Options in_ascii(Process::Options options) {
    options.environment["LC_ALL"] = "C";
    return options;
  }
  std::string title() { return xdotool("getwindowname"); }
  std::string xdotool(const std::string& question) {
    Process process({"xdotool", question, window_}, desktop_.options());
    process.exit_code();
    return process.out();
  }

  Desktop desktop_;
  FakeServer server_;
  Process xterm_;
  TalkPeer peer_;
  Desktop::Window window_;
};

TEST_F(SplitXterm, IsTypedInto) {
  peer_.send(frame('T', "hello there"));
  ASSERT_TRUE(desktop_.shows(window_, "<prof> hello there"));
  desktop_.type_line(window_, "Good morning, 100% of you!");
  EXPECT_TRUE(peer_.hears_frame('T', "Good morning, 100% of you!"));
  EXPECT_TRUE(wait_until([&] { return title() == "prof - talk\n"; })) << title();
}

TEST_F(SplitXterm, IsResized) {
  peer_.send(frame('T', "one two three four five six seven eight nine ten eleven twelve"));
  ASSERT_TRUE(desktop_.shows(window_, "eleven twelve"));
  Process({"xdotool", "windowsize", window_, "250", "200"}, desktop_.options()).exit_code();
  EXPECT_TRUE(wait_until([&] {
    const std::string text = desktop_.text_of(window_);
    return text.find("twelve") != std::string::npos &&
           text.find("eleven twelve") == std::string::npos;
  })) << desktop_.text_of(window_);
  Process({"xdotool", "windowsize", window_, "900", "400"}, desktop_.options()).exit_code();
  EXPECT_TRUE(desktop_.shows(window_, "one two three four five six seven eight nine ten eleven"));
}

// Everything that xterm would answer is allowed to it here; an answer would be typed into the
// line, and Enter would send it.
TEST_F(SplitXterm, NothingIsTypedBackAtAnAttack) {
  for (const Attack& attack : terminal_attacks()) peer_.send(frame('T', attack.bytes));
  peer_.send(frame('T', "the last attack"));
  ASSERT_TRUE(desktop_.shows(window_, "the last attack"));
  desktop_.type_line(window_, "only this");
  ASSERT_TRUE(peer_.hears_frame('T', "only this"));
  EXPECT_EQ(peer_.texts(), std::vector<std::string>{"only this"});
  EXPECT_TRUE(title().ends_with("prof - talk\n")) << title();
}

}  // namespace
}  // namespace talk::test
