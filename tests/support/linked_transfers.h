// Two ends of a session whose frames go straight from one to the other, so that a test can look
// between any two of them, cut the link anywhere, or be one of the ends itself.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/transfer/transfers.h"
#include "common/wire/frame.h"

namespace talk::test {

// One side: its transfers, and what its person was told.
struct Role {
  // `peer_knows_many`: directories can be announced to it as a whole.
  Role(Transfers::Options options, const std::string& peer_name, bool peer_knows_many = true);

  // Takes frames as if they came from the peer. Throws ProtocolError.
  void hear(std::string_view bytes);
  void hear(const Message& message) { hear(encode(message)); }
  // Waits for the disk's thread once, at most a while, and takes what it did.
  void turn(milliseconds patience = milliseconds(50));
  // Collects what the person is told.
  void note();
  bool told(const std::string& part) const { return said.find(part) != std::string::npos; }

  Transfers transfers;
  FrameReader reader;
  std::string answers;  // pongs, to be taken to the peer
  std::string said;
  int failures = 0;
  std::uint64_t data_sent = 0;  // bytes of files
};

class SessionLink {
 public:
  SessionLink(Role& one, Role& other) : one_(one), other_(other) {}

  // Moves frames until `finished`, or until the link is cut, or a deadline that fails the test.
  void run(const std::function<bool()>& finished);
  // Until nothing is under way, and the last words were heard.
  void run_until_idle();

  // The link breaks when so many bytes of file data have been put into it by one side.
  std::uint64_t cut_after = UINT64_MAX;
  // What is asked for in one frame of data.
  std::size_t most = 100'000;

 private:
  bool move(Role& from, Role& to);
  bool move_both();

  Role& one_;
  Role& other_;
  bool cut_ = false;
};

// Deterministic noise.
std::string noise(std::size_t count, unsigned seed = 1);
// The files below a directory, hidden ones too, in order.
std::vector<std::string> names_below(const std::string& directory);

}  // namespace talk::test
