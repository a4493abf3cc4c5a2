// An end of a TALK/1 connection written by hand: the protocol as the tests understand it, so that
// a mistake in the product's own encoder is not repeated by its tests.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/peer.h"

namespace talk::test {

struct WireFrame {
  char tag = 0;
  std::string payload;
};

// Big-endian.
std::string u32(std::uint32_t value);
std::string u64(std::uint64_t value);
// What announces a payload; `length` need not be true.
std::string frame_header(char tag, std::uint32_t length);
std::string frame(char tag, std::string_view payload);

class TalkPeer : public Peer {
 public:
  // Calls a server and greets it with `greeting`; nothing is sent where it is empty.
  explicit TalkPeer(int port, std::string_view greeting = "TALK/1 name=alice\r\n");
  // Answers a visitor as a server would.
  explicit TalkPeer(OwnedFd visitor);

  // The first line of the other side, without its end; empty where there is none so far.
  std::string greeting();
  // The handler's own process, from its greeting; 0 where none came.
  pid_t handler_pid();

  // What has come after the greeting, whole frames only.
  std::vector<WireFrame> frames();
  // Whether a frame with that tag and `part` in its payload comes.
  bool hears_frame(char tag, std::string_view part = "", milliseconds patience = kPatience);
  // Whether the other side is there and understands what is sent: a ping comes back.
  bool is_answered();
  // The payloads of all text frames, in order.
  std::vector<std::string> texts();

 private:
  int pings_ = 0;
};

}  // namespace talk::test
