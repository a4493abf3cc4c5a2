// The plain screen at a terminal, from both sides: what comes in never tears what is being
// typed, nothing that the other side sends reaches the terminal as a command, and the terminal is
// given back as it was.
#include <gtest/gtest.h>
#include <signal.h>

#include <memory>

#include "tests/support/client.h"
#include "tests/support/desk.h"
#include "tests/support/fake_server.h"
#include "tests/support/paper.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"

namespace talk::test {
namespace {

enum class Role { visitor, desk };

// A person at a terminal on one side, the test on the other.
class TalkScreen : public testing::TestWithParam<Role> {
 protected:
  void SetUp() override {
    FakeServer door;
    if (GetParam() == Role::visitor) {
      Process::Options options;
      options.terminal = true;
      person_ = std::make_unique<Process>(client(door.port(), {"--plain"}), options);
      other_ = std::make_unique<TalkPeer>(door.accept());
    } else {
      other_ = std::make_unique<TalkPeer>(door.port(), "TALK/1 name=prof\r\n");
      person_ = open_window(door, {{"TALK_NAME", "alice"}});
    }
    ASSERT_TRUE(person_->says("<prof>") && shows_last("> "));
  }

  Paper paper() { return Paper(person_->out()); }
  // The row with the cursor becomes `row`; a blank at its end does not matter.
  bool shows_last(std::string row) {
    while (row.ends_with(' ')) row.pop_back();
    return wait_until([&] { return paper().last() == row; });
  }
  bool shows(const std::string& part, int times = 1) {
    return wait_until([&] { return paper().count(part) == times; });
  }
  // The other side answers the bye that it is sent, and the program ends.
  std::optional<int> code_after_bye() {
    if (!other_->hears_frame('B')) return std::nullopt;
    other_->send(frame('B', ""));
    other_->close();
    return person_->exit_code();
  }

  std::unique_ptr<TalkPeer> other_;
  std::unique_ptr<Process> person_;
};

INSTANTIATE_TEST_SUITE_P(, TalkScreen, testing::Values(Role::visitor, Role::desk),
                         [](const auto& role) {
                           return role.param == Role::visitor ? "Visitor" : "Desk";
                         });

// ---- What is being typed ----

// Two people type at once, as people do.
TEST_P(TalkScreen, AnIncomingLineNeverTearsTheLineBeingTyped) {
  person_->type("half a sentence");
  EXPECT_TRUE(shows_last("> half a sentence"));
  other_->send(frame('T', "may I interrupt?") + frame('N', "a notice") + frame('T', "I am done"));
  EXPECT_TRUE(shows("<prof> I am done"));
  EXPECT_TRUE(shows_last("> half a sentence"));
  EXPECT_EQ(paper().count("half a sentence"), 1);
  EXPECT_EQ(paper().count("<prof> may I interrupt?"), 1);
  person_->type(" goes on\r");
  EXPECT_TRUE(other_->hears_frame('T', "half a sentence goes on"));
  EXPECT_TRUE(shows("<alice> half a sentence goes on"));
  EXPECT_TRUE(shows_last("> "));
  EXPECT_EQ(paper().complaints(), "");
}

TEST_P(TalkScreen, AFloodLeavesTheLineBeingTypedAlone) {
  constexpr int kLines = 3000;
  std::string flood;
  for (int i = 0; i < kLines; ++i) flood += frame('T', "line " + std::to_string(i) + ".");
  const std::string sentence = "typed in the middle of it";
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    const std::size_t part = flood.size() / sentence.size() + 1;
    other_->send(flood.substr(i * part, part));
    person_->type(sentence.substr(i, 1));
  }
  EXPECT_TRUE(person_->says("line " + std::to_string(kLines - 1) + "."));
  EXPECT_TRUE(shows_last("> " + sentence));
  const Paper now = paper();
  int next = 0;
  for (const std::string& row : now.rows())
    if (row.ends_with(" <prof> line " + std::to_string(next) + ".")) ++next;
  EXPECT_EQ(next, kLines);
  EXPECT_EQ(now.count("typed"), 1);
}

TEST_P(TalkScreen, ALongLineStaysInItsRowAndArrivesWhole) {
  std::string line;
  for (int i = 0; line.size() < 500; ++i) line += std::to_string(i) + " ";
  line += "end";
  person_->type(line);
  EXPECT_TRUE(wait_until([&] { return paper().last().ends_with(" end"); }));
  other_->send(frame('T', "meanwhile"));
  EXPECT_TRUE(shows("<prof> meanwhile"));
  EXPECT_TRUE(wait_until([&] { return paper().last().ends_with(" end"); }));
  EXPECT_LT(paper().last().size(), 80u);
  EXPECT_EQ(paper().count(" end"), 1);
  person_->type("\r");
  EXPECT_TRUE(other_->hears_frame('T', line));
}

// A page of code, pasted into the line.
TEST_P(TalkScreen, A500LinePasteArrivesLineByLine) {
  std::string paste;
  std::vector<std::string> lines;
  for (int i = 0; i < 500; ++i) lines.push_back("    pasted line " + std::to_string(i));
  for (const std::string& line : lines) paste += line + "\r";
  person_->type(paste);
  EXPECT_TRUE(other_->hears_frame('T', lines.back()));
  EXPECT_EQ(other_->texts(), lines);
  EXPECT_TRUE(shows("<alice>     pasted line ", 500));
}

TEST_P(TalkScreen, ALineThatIsTooLongIsNotTakenAndThatIsSaid) {
  person_->type(std::string((64 << 10) + 1, 'x'));
  EXPECT_TRUE(shows("a line is at most 64 KiB"));
  person_->type("\r");
  EXPECT_TRUE(other_->hears_frame('T', std::string(60 << 10, 'x')));
  EXPECT_LE(other_->texts().at(0).size(), 64u << 10);
}

// ---- Commands ----

TEST_P(TalkScreen, AnUnknownCommandIsNeverSent) {
  person_->type("/etc/passwd is a file\r");
  EXPECT_TRUE(shows("-!- unknown command /etc/passwd"));
  person_->type("//etc is a directory\r/who\r");
  EXPECT_TRUE(other_->hears_frame('T', "/etc is a directory"));
  EXPECT_TRUE(shows(", TALK/1, here for 0 min"));
  EXPECT_EQ(other_->texts().size(), 1u);
}

TEST_P(TalkScreen, ByeAndEndOfInputLeavePolitely) {
  for (const std::string words : {"/bye\r", "\x04"}) {
    if (words != "/bye\r") SetUp();
    person_->type("not the end: ^D in a line\x04\r");
    EXPECT_TRUE(other_->hears_frame('T', "not the end"));
    person_->type(words);
    EXPECT_EQ(code_after_bye(), 0);
  }
}

TEST_P(TalkScreen, TheOthersByeEndsTheTalk) {
  person_->type("unsent");
  other_->send(frame('B', "supper"));
  EXPECT_TRUE(other_->hears_frame('B'));
  other_->close();
  EXPECT_EQ(person_->exit_code(), 0);
  EXPECT_EQ(paper().count("-- <prof> has left: \"supper\""), 1);
  const bool own_terminal = GetParam() == Role::visitor;  // a window without --linger just closes
  EXPECT_EQ(paper().count("-- not sent: \"unsent\""), own_terminal ? 1 : 0);
  EXPECT_EQ(paper().count("unsent"), own_terminal ? 1 : 0) << "the line is cleared away";
}

TEST_P(TalkScreen, ALostLinkIsSaid) {
  other_->close();
  EXPECT_EQ(person_->exit_code(), GetParam() == Role::visitor ? 4 : 0);
  EXPECT_EQ(paper().count("-!- the connection to <prof> was lost"), 1);
}

// A peer that reads nothing: the keyboard was left unread with it, and only a signal got one out.
TEST_P(TalkScreen, CommandsAreReadWhileTheOtherSideTakesNothing) {
  const std::string page = std::string(60'000, 'p') + "\r";
  const auto told = [&] { return person_->out().find("not sent yet") != std::string::npos; };
  for (int i = 0; i < 400 && !told(); ++i) person_->type(page);
  ASSERT_TRUE(wait_until(told));
  person_->type("a line that waits\r/nonsense\r");
  EXPECT_TRUE(person_->says("-!- unknown command /nonsense"));
  if (GetParam() == Role::visitor) {
    person_->type("/bye\r");
    EXPECT_TRUE(person_->exit_code());
    return;
  }
  // At the desk: what waited goes out in its order once the other side reads, and then the end.
  person_->type("\x04");
  EXPECT_TRUE(other_->hears_frame('T', "a line that waits"));
  EXPECT_EQ(code_after_bye(), 0);
}

// ---- Hostile words ----

// A title is set, the screen is cleared, a row is forged, a letter is typed: all of it is tried.
TEST_P(TalkScreen, NothingFromOutsideIsACommandToTheTerminal) {
  const std::string hostile[] = {"\x1b[2J\x1b[H cleared",
                                 "\x1b]0;title\x07 titled",
                                 "\x1b[6n\x1bZ\x1b[c asked for answers",
                                 "\rforged",
                                 "a\nforged <alice> I owe you money",
                                 "back\b\b\b\b and \x7f",
                                 std::string("\0nul", 4),
                                 "\302\2332J \302\205 C1",
                                 "\xff\xfe\xc0\x80 not UTF-8",
                                 "\xe2\x80\xae reversed \xe2\x81\xa6",
                                 "\xe2\x80\x8b\xef\xbb\xbf unseen"};
  for (const std::string& text : hostile)
    other_->send(frame('T', text) + frame('N', text) + frame('X', u32(9) + text));
  other_->send(frame('T', "done"));
  EXPECT_TRUE(shows("<prof> done"));
  EXPECT_EQ(paper().complaints(), "");
  EXPECT_EQ(person_->out().find("\xe2\x80"), std::string::npos) << "bidi and zero width";
  EXPECT_EQ(person_->out().find("\xef\xbb\xbf"), std::string::npos);
  const Paper now = paper();
  for (const std::string& row : now.rows()) EXPECT_FALSE(row.starts_with("forged")) << row;
  EXPECT_TRUE(shows_last("> ")) << "nothing was typed for the person";
}

// Long words that wrap must not begin a row that looks like somebody else's.
TEST_P(TalkScreen, WordsThatWrapStayBehindTheirName) {
  std::string padding(200, ' ');
  other_->send(frame('T', "begin" + padding + "09:30 <alice> I owe you money") +
               frame('T', std::string(300, 'x') + " 09:30 -- ERROR: forged") + frame('T', "done"));
  EXPECT_TRUE(shows("<prof> done"));
  const Paper now = paper();
  for (const std::string& row : now.rows()) {
    EXPECT_FALSE(row.starts_with("09:30 ") && row.find("owe") != std::string::npos) << row;
    EXPECT_FALSE(row.find("forged") != std::string::npos && row[0] != ' ') << row;
    EXPECT_LT(row.size(), 80u);
  }
}

// ---- The window ----

TEST_P(TalkScreen, AClosedWindowIsSaidToTheOtherSide) {
  person_->hang_up();
  EXPECT_TRUE(other_->hears_frame('B', "the window was closed"));
  other_->close();
  EXPECT_NE(person_->exit_code(), std::nullopt);
}

TEST_P(TalkScreen, SignalsEndTheTalkWithAReason) {
  person_->signal(SIGTERM);
  EXPECT_TRUE(other_->hears_frame('B', "the program was stopped"));
  other_->close();
  EXPECT_EQ(person_->exit_code(), GetParam() == Role::visitor ? -SIGTERM : 0);
}

TEST_P(TalkScreen, AWindowThatIsMadeNarrowIsFilledNoFurther) {
  person_->resize(30, 10);
  const std::size_t before = person_->out().size();
  EXPECT_TRUE(wait_until([&] {  // the signal and the words come by different ways
    other_->send(frame('T', std::string(25, 'w')));
    other_->is_answered();
    const Paper narrow(person_->out().substr(before), 30);
    return narrow.rows().size() > 2 && narrow.rows()[narrow.rows().size() - 2].starts_with("  ");
  }));
}

}  // namespace
}  // namespace talk::test
