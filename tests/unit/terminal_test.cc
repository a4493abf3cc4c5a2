#include "talk_server/window/terminal.h"

#include <gtest/gtest.h>

#include "common/posix/address.h"
#include "common/posix/error.h"
#include "common/posix/listen.h"
#include "talk_server/window/x_display.h"

namespace talk {
namespace {

using Words = std::vector<std::string>;

Terminal choose(const std::string& option, bool wants_window = true) {
  return choose_terminal(terminal_words(option), wants_window, "/bin");
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
