#include "talk_server/window/terminal.h"

#include <gtest/gtest.h>

#include "common/posix/error.h"

namespace talk {
namespace {

using Words = std::vector<std::string>;

TEST(ChooseTerminal, WithoutAWindowNothingIsLookedFor) {
  EXPECT_FALSE(choose_terminal("none", true, "/bin").window());
  EXPECT_FALSE(choose_terminal("auto", false, "/bin").window());
}

TEST(ChooseTerminal, ACommandIsLookedUpInThePath) {
  const Terminal terminal = choose_terminal("sh -c 'x y'", true, "/bin");
  EXPECT_EQ(terminal.command, (Words{"sh", "-c", "x y"}));
  EXPECT_TRUE(terminal.program.starts_with("/") && terminal.program.ends_with("/sh"));
  EXPECT_TRUE(choose_terminal("/bin/sh", false, "/bin").window());
  EXPECT_THROW(choose_terminal("no-such-terminal -e", true, "/bin"), std::runtime_error);
  EXPECT_THROW(choose_terminal("/bin", true, "/bin"), std::runtime_error);
  EXPECT_THROW(choose_terminal("  ", true, "/bin"), UsageError);
  EXPECT_THROW(choose_terminal("'xterm", true, "/bin"), UsageError);
}

}  // namespace
}  // namespace talk
