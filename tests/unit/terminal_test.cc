#include "talk_server/window/terminal.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/posix/address.h"
#include "common/posix/error.h"
#include "common/posix/listen.h"
#include "common/posix/spawn.h"
#include "talk_server/window/known_terminals.h"
#include "talk_server/window/x_display.h"
#include "tests/support/temp_dir.h"

namespace talk {
namespace {

using Words = std::vector<std::string>;

Terminal choose(const std::string& option, bool wants_window = true) {
  return choose_terminal(terminal_words(option), wants_window, "/bin/talk_window");
}

TEST(ChooseTerminal, WithoutAWindowNothingIsLookedFor) {
  EXPECT_FALSE(choose("none").window());
  EXPECT_FALSE(choose("auto", false).window());
}

TEST(ChooseTerminal, ACommandIsLookedUpInThePath) {
  const Terminal terminal = choose("sh -c 'x y'");
  EXPECT_EQ(terminal.command, (Words{"sh", "-c", "x y"}));
  EXPECT_TRUE(terminal.program.starts_with("/") && terminal.program.ends_with("/sh"));
  EXPECT_TRUE(choose("/bin/sh", false).window());
  EXPECT_THROW(choose("no-such-terminal -e"), std::runtime_error);
  EXPECT_THROW(choose("/bin"), std::runtime_error);
}

// `{}` in a command was a word for the terminal like any other.
TEST(ChooseTerminal, ACommandMayTakeTheConnectionOver) {
  const test::TempDir own;
  test::write_script(own / "talk_window", "#!/bin/sh\n");
  const Terminal terminal = choose_terminal({"sh", "-c", "{}"}, true, own / "talk_window");
  EXPECT_EQ(terminal.program, own / "talk_window");
  EXPECT_EQ(terminal.command, (Words{own / "talk_window", find_program("sh"), "-c", "{}"}));
  EXPECT_THROW(choose_terminal({"no-such-terminal", "{}"}, true, own / "talk_window"),
               std::runtime_error);
}

TEST(CommandInWindow, AProgramOfOursNeedsNoConnection) {
  const Words board = {"talk_desk", "1234"};
  const Terminal inherits = {"/bin/st", {"st", "-e"}};
  EXPECT_EQ(command_in_window(inherits, board, "desk"), (Words{"st", "-e", "talk_desk", "1234"}));
  const Terminal takes_over = {"/bin/talk_window",
                               {"/bin/talk_window", "tmux", "-n", "{name}!", "--", "{}", "."}};
  EXPECT_EQ(command_in_window(takes_over, board, "desk"),
            (Words{"tmux", "-n", "desk!", "--", "talk_desk", "1234", "."}));
}

TEST(ChooseTerminal, AKnownNameWithFurtherWordsIsACommand) {
  EXPECT_EQ(choose("env xterm").command, (Words{"env", "xterm"}));
}

TEST(KnownTerminals, TheConnectionIsInheritedOrTakenOver) {
  for (const KnownTerminal& known : known_terminals()) {
    const auto signs = std::count(known.words.begin(), known.words.end(), kStartSign);
    EXPECT_EQ(signs, known.way == Way::takes_over ? 1 : 0) << known.name;
  }
}

TEST(ChooseTerminal, WordsThatAreNoneAreWrongUsage) {
  EXPECT_THROW(terminal_words("  "), UsageError);
  EXPECT_THROW(terminal_words("'xterm"), UsageError);
}

// Six thousand and the display's number are the port. A number that is too large must not come
// round to a port where something else happens to listen.
TEST(CheckXDisplay, NoNumberComesRoundToAnotherPort) {
  const OwnedFd other = listen_on("127.0.0.1", 0);
  const std::uint64_t port = local_address(other.get()).port;
  for (const std::uint64_t round : {std::uint64_t{1} << 16, std::uint64_t{1} << 32})
    EXPECT_THROW(check_x_display("127.0.0.1:" + std::to_string(round + port - 6000)),
                 std::runtime_error);
  for (const char* absurd : {"localhost:4294967295", ":99999999999999999999", "localhost:-1"})
    EXPECT_THROW(check_x_display(absurd), std::runtime_error) << absurd;
}

}  // namespace
}  // namespace talk
