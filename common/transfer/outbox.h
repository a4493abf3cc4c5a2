// What transfers have to say, in both directions: frames to the peer, events to the person.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/transfer/types.h"
#include "common/wire/messages.h"

namespace talk {

struct TransferOutbox {
  std::string peer = "the other side";  // untrusted
  std::string control;                  // encoded frames
  std::vector<TransferEvent> events;

  void say(const Message& message) { control += encode(message); }
  void info(std::string text) { tell(TransferEvent::Kind::info, std::move(text)); }
  void failure(std::string text) { tell(TransferEvent::Kind::failure, std::move(text)); }

 private:
  // A peer that brings about thousands of events within one turn is not worth that many lines.
  static constexpr std::size_t kMaxEvents = 1'000;

  void tell(TransferEvent::Kind kind, std::string text) {
    if (events.size() == kMaxEvents) events.push_back({kind, "… and more of the same"});
    if (events.size() < kMaxEvents) events.push_back({kind, std::move(text)});
  }
};

}  // namespace talk
