// What transfers have to say, in both directions: frames to the peer, events to the person.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "common/transfer/types.h"
#include "common/wire/messages.h"

namespace talk {

class TransferOutbox {
 public:
  // Who the peer is, as shown. Goes into the identity of a partial file.
  void set_peer(const std::string& name) { peer_ = name; }
  const std::string& peer() const { return peer_; }  // may be empty
  // The same within a line of ours; never at its beginning.
  std::string who() const;

  // Frames, encoded, for Transfers::take_control().
  std::string control;
  void say(const Message& message) { control += encode(message); }

  void info(std::string text) { tell(TransferEvent::Kind::info, std::move(text)); }
  void failure(std::string text) { tell(TransferEvent::Kind::failure, std::move(text)); }
  // The peer does not want to go on: no fault of anybody's, but the file is not there.
  void withdrawn(std::string text) { tell(TransferEvent::Kind::withdrawn, std::move(text)); }

  // To the person, of a file or a directory: `title` as title() has it, `place` where it would be
  // written.
  void ask(TransferNumber number, const std::string& title, const std::string& place);
  void still_asked(TransferNumber number, const std::string& title);
  void unanswered(const std::string& title, const std::string& why);

  std::vector<TransferEvent> take_events();
  // Failures and withdrawals since the beginning, told or not.
  std::size_t failures() const { return failures_; }

 private:
  void tell(TransferEvent::Kind kind, std::string text);

  std::string peer_;
  std::vector<TransferEvent> events_;
  std::size_t untold_ = 0;  // since the events were last taken
  std::size_t untold_failures_ = 0;
  std::size_t failures_ = 0;
};

// ": \"disk full\"", or nothing: what the peer gave as its reason, at the end of a line of ours.
std::string because(const std::string& peers_reason);

}  // namespace talk
