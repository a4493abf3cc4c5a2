#include "talk_server/terminal.h"

#include <gtest/gtest.h>

#include "common/posix/error.h"

namespace talk {
namespace {

using Words = std::vector<std::string>;

TEST(ChooseTerminal, WithoutAWindowNothingIsLookedFor) {
  EXPECT_FALSE(choose_terminal("none", true).window());
  EXPECT_FALSE(choose_terminal("auto", false).window());
}

TEST(ChooseTerminal, ACommandIsLookedUpInThePath) {
  EXPECT_EQ(choose_terminal("sh -c 'x y'", true).command, (Words{"sh", "-c", "x y"}));
  EXPECT_TRUE(choose_terminal("/bin/sh", false).window());
  EXPECT_THROW(choose_terminal("no-such-terminal -e", true), std::runtime_error);
  EXPECT_THROW(choose_terminal("/bin", true), std::runtime_error);
  EXPECT_THROW(choose_terminal("  ", true), UsageError);
  EXPECT_THROW(choose_terminal("'xterm", true), UsageError);
}

}  // namespace
}  // namespace talk
