// The files that were stored and whose sender may not have heard so yet. Each is remembered on the
// disk, so that a sender whose link broke just then can come again without its being stored twice.
//
// TALK/1 has no answer to "stored". A ping that follows it has: its pong says that all before it
// was heard. One is under way at a time, so that many small files cost a ping a round trip.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>

#include "common/transfer/incoming_file.h"
#include "common/transfer/outbox.h"

namespace talk {

class Unheard {
 public:
  explicit Unheard(TransferOutbox& out) : out_(out) {}

  // It was just said to be stored.
  void add(std::shared_ptr<IncomingFile> file);
  // The peer has answered a ping, perhaps one of these.
  void pong(std::string_view payload);

  // The talk has ended in order: all was heard.
  void forget();
  // It has not: all stay to be found by the next session.
  void keep() { files_.clear(); }

 private:
  struct Entry {
    std::uint64_t number = 0;
    std::shared_ptr<IncomingFile> file;
  };
  void ping();

  TransferOutbox& out_;
  std::deque<Entry> files_;  // in the order in which they were stored
  std::uint64_t last_ = 0;   // number of an entry
  std::uint64_t asked_ = 0;  // the last ping stands behind this one; all up to it
};

}  // namespace talk
