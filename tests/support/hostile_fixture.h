// A desk whose peer is the test itself: any frame can be said to it, and its answers are looked at
// one by one.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "common/wire/messages.h"
#include "tests/support/transfer_fixture.h"
#include "tests/support/wait_until.h"

namespace talk::test {

// A frame of a file's bytes.
inline std::string data(std::uint32_t transfer, const std::string& bytes) {
  return make_data_header(transfer, bytes.size()) + bytes;
}

class HostileTest : public TransferFixture {
 protected:
  HostileTest() { connect(); }

  // What the desk answers, frame by frame.
  std::vector<Message> answers() {
    std::vector<Message> messages;
    const std::string control = desk->transfers.take_control();
    FrameReader reader;
    reader.feed(control);
    while (const auto frame = reader.next()) messages.push_back(decode(frame->tag, frame->payload));
    desk->note();
    return messages;
  }
  // The next answer of a kind; whatever comes before is passed over.
  template <typename M>
  M answer() {
    M found;
    const bool came = wait_until([&] {
      desk->turn(milliseconds(1));
      for (const Message& message : answers()) {
        if (!std::holds_alternative<M>(message)) continue;
        found = std::get<M>(message);
        return true;
      }
      return false;
    });
    EXPECT_TRUE(came) << desk->said;
    return found;
  }
  void offer(std::uint32_t number, std::uint64_t size, const std::string& name = "x") {
    desk->hear(Offer{number, size, 0, name});
  }
};

}  // namespace talk::test
