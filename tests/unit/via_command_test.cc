#include "talk_client/via_command.h"

#include <gtest/gtest.h>

#include "common/posix/error.h"

namespace talk {
namespace {

using Words = std::vector<std::string>;

TEST(ViaCommand, HostAndPortAreFilledInAndStayOneWord) {
  EXPECT_EQ(via_command(via_words("ssh -W 'localhost:%p' %h"), "a desk;$(id)", "1234"),
            (Words{"ssh", "-W", "localhost:1234", "a desk;$(id)"}));
  EXPECT_EQ(via_command(via_words("x %h:%p 100%% '%h %h'"), "::1", "1"),
            (Words{"x", "::1:1", "100%", "::1 ::1"}));
  EXPECT_EQ(via_command(via_words("x %h"), "%p", "1"), (Words{"x", "%p"}));
}

TEST(ViaCommand, WhatIsWrongIsSaid) {
  for (const char* option : {"", "   ", "ssh 'x", "ssh %", "ssh %x", "%"})
    EXPECT_THROW(via_words(option), UsageError) << option;
  EXPECT_THROW(via_command({"ssh", "%h"}, "-oProxyCommand=id", "1"), UsageError);
  EXPECT_THROW(via_command({"ssh", "%h"}, "desk", "-1"), UsageError);
}

}  // namespace
}  // namespace talk
