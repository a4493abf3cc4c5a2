// The screen for somebody who hears it: a screen reader says what is written, in the order in which
// it is written. So every event is one line, once, and nothing is painted again.
#include <gtest/gtest.h>

#include "tests/support/client.h"
#include "tests/support/desk.h"
#include "tests/support/fake_server.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

// The times of day at the beginnings of lines are left out.
std::vector<std::string> lines_of(const std::string& out) {
  std::vector<std::string> lines;
  std::size_t at = 0;
  for (std::size_t end; (end = out.find("\r\n", at)) != std::string::npos; at = end + 2) {
    std::string line = out.substr(at, end - at);
    if (line.size() > 6 && line[2] == ':' && line[5] == ' ') line.erase(0, 6);
    lines.push_back(line);
  }
  lines.push_back(out.substr(at));
  return lines;
}

// What moves a cursor or paints: every carriage return that ends no line, every escape, and all
// controls but the line feed; the backspace where nothing was taken back.
std::string cursor_games(std::string out) {
  for (std::size_t at; (at = out.find("\r\n")) != std::string::npos;) out.erase(at, 2);
  std::string games;
  for (const char c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) games += std::to_string(int{c}) + " ";
  return games;
}

struct Way {
  std::string name;
  std::string screen;  // its option, and the handler's TALK_SCREEN
  std::string term;
};

class HeardScreen : public testing::TestWithParam<Way> {
 protected:
  void visitor(std::vector<std::string> options = {}) {
    FakeServer door;
    options.push_back("--" + GetParam().screen);
    Process::Options process;
    process.terminal = true;
    process.environment["TERM"] = GetParam().term;
    process.directory = here_.path();
    person_ = std::make_unique<Process>(client(door.port(), options), process);
    other_ = std::make_unique<TalkPeer>(door.accept());
    ASSERT_TRUE(person_->says("connected to <prof>"));
  }
  void desk() {
    FakeServer door;
    other_ = std::make_unique<TalkPeer>(door.port(), "TALK/1 name=alice\r\n");
    person_ = open_window(door, {{"TALK_SCREEN", GetParam().screen}, {"TERM", GetParam().term}});
    ASSERT_TRUE(person_->says("<alice> has come in"));
  }
  // What is typed before the window is a second old is kept, and ^Y takes it back.
  void type_until_heard(const std::string& words) {
    person_->type(words);
    if (!person_->says(words, seconds(2))) person_->type("\x19");
    ASSERT_TRUE(person_->says(words));
    person_->type("\r");
    ASSERT_TRUE(other_->hears_frame('T', words));
  }
  std::string out() { return person_->out(); }
  int count(const std::string& line) {
    int found = 0;
    for (const std::string& one : lines_of(out())) found += one == line;
    return found;
  }

  TempDir here_;
  std::unique_ptr<TalkPeer> other_;
  std::unique_ptr<Process> person_;
};

INSTANTIATE_TEST_SUITE_P(, HeardScreen,
                         testing::Values(Way{"AskedFor", "lines", "xterm-256color"},
                                         Way{"DumbTerminal", "plain", "dumb"}),
                         [](const auto& way) { return way.param.name; });

TEST_P(HeardScreen, EachEventIsOneLineOnce) {
  visitor();
  other_->send(frame('T', "good morning"));
  ASSERT_TRUE(person_->says("<prof> good morning\r\n"));
  person_->type("good");
  ASSERT_TRUE(person_->says("\r\ngood"));
  person_->type(" evening\r");
  ASSERT_TRUE(other_->hears_frame('T', "good evening"));
  other_->send(frame('N', "a notice") + frame('T', "well?"));
  ASSERT_TRUE(person_->says("well?\r\n"));
  person_->type("//usr is said\r/nonsense\r");
  ASSERT_TRUE(person_->says("unknown command /nonsense"));
  ASSERT_TRUE(other_->hears_frame('T', "/usr is said"));
  other_->send(frame('B', "supper"));
  other_->hears_frame('B');
  other_->close();
  EXPECT_EQ(person_->exit_code(), 0);
  const std::vector<std::string> lines = lines_of(out());
  EXPECT_EQ(std::vector<std::string>(lines.end() - 10, lines.end()),
            (std::vector<std::string>{
                "<prof> good morning", "good evening", "-- notice from <prof>: \"a notice\"",
                "<prof> well?", "//usr is said", "/nonsense",
                "-!- unknown command /nonsense (see /help; a line that begins with // says",
                "          a /)", "-- <prof> has left: \"supper\"", ""}))
      << out();
  EXPECT_EQ(cursor_games(out()), "");
}

TEST_P(HeardScreen, TheSameAtTheDesk) {
  desk();
  type_until_heard("good morning");
  other_->send(frame('T', "thank you"));
  ASSERT_TRUE(person_->says("<alice> thank you\r\n"));
  other_->send(frame('B', ""));
  other_->close();
  EXPECT_EQ(person_->exit_code(), 0);
  EXPECT_EQ(count("<alice> thank you"), 1) << out();
  EXPECT_EQ(out().find("\x1b["), std::string::npos) << "nothing moves the cursor";
}

TEST_P(HeardScreen, WhatCameBetweenEndsTheRowAndTheLineIsWrittenOnceMore) {
  visitor();
  person_->type("half a");
  ASSERT_TRUE(person_->says("\r\nhalf a"));
  other_->send(frame('T', "may I interrupt?"));
  ASSERT_TRUE(person_->says("may I interrupt?\r\nhalf a"));
  person_->type(" sentence\r");
  ASSERT_TRUE(other_->hears_frame('T', "half a sentence"));
  EXPECT_EQ(count("half a sentence"), 1) << out();
  EXPECT_EQ(cursor_games(out()), "");
}

// The bar was painted ten times a second, each time the whole row.
TEST_P(HeardScreen, AFileIsSaidAtItsBeginningAndAtItsEnd) {
  write_file(here_ / "notes.pdf", std::string(300'000, 'x'));
  Server server({"--handler", "talk", "--terminal", "none"}, here_.path());
  Process::Options process;
  process.terminal = true;
  process.environment["TERM"] = GetParam().term;
  process.directory = here_.path();
  Process sender(client(server.port(), {"--send", "notes.pdf", "--" + GetParam().screen}), process);
  EXPECT_EQ(sender.exit_code(), 0);
  EXPECT_EQ(cursor_games(sender.out()), "") << sender.out();
  EXPECT_NE(sender.out().find("sent \"notes.pdf\" (293 KiB), stored by"), std::string::npos)
      << sender.out();
}

}  // namespace
}  // namespace talk::test
