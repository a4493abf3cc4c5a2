// What of the environment our own handlers keep.
#include <gtest/gtest.h>

#include "common/confine/environment.h"

namespace talk {
namespace {

TEST(KeptEnvironment, WhatASessionAsksFor) {
  for (const char* kept : {"TALK_DIR=/d", "TCPREMOTEIP=::1", "HOME=/h", "LC_ALL=C", "TERM=xterm"})
    EXPECT_TRUE(is_kept_variable(kept)) << kept;
  for (const char* secret : {"AWS_SECRET=x", "HOMEPAGE=x", "XAUTHORITY=/x", "SSH_AUTH_SOCK=/s"})
    EXPECT_FALSE(is_kept_variable(secret)) << secret;
}

// An xterm that goes by a poorer one's name was left with eight colours.
TEST(KeptEnvironment, WhatTellsThatATerminalHasMoreColours) {
  EXPECT_TRUE(is_kept_variable("XTERM_VERSION=XTerm(379)"));
  EXPECT_TRUE(is_kept_variable("COLORTERM=truecolor"));
}

}  // namespace
}  // namespace talk
