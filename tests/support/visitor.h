// A visitor by name, for tests that look at how it is shown.
#pragma once

#include <memory>
#include <string>

#include "tests/support/process.h"
#include "tests/support/talk_peer.h"

namespace talk::test {

inline std::unique_ptr<TalkPeer> visitor(const Server& server, const std::string& name) {
  return std::make_unique<TalkPeer>(server.port(), "TALK/1 name=" + name + "\r\n");
}

}  // namespace talk::test
