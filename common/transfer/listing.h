// What may be got: answering a peer that asks, and asking it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "common/files/tree_walk.h"
#include "common/transfer/outbox.h"
#include "common/transfer/types.h"
#include "common/wire/transfer_number.h"

namespace talk {

class Listing {
 public:
  Listing(const TransferOptions& options, TransferOutbox& out) : options_(options), out_(out) {}

  void asked(const List& list);
  // Adds some of the items that are owed to the outbox, so that a long list is never in memory.
  void answer();
  bool owes() const { return !answers_.empty(); }

  void ask(TransferNumber number);
  void item(const Item& item);
  void item_end(const ListEnd& end);
  bool asking() const { return request_.has_value(); }
  void end();
  // What was asked for is asked for again.
  void start_over(TransferNumbers& numbers);

 private:
  struct Answer {
    TransferNumber request = 0;
    std::optional<TreeWalk> walk;
    std::size_t items = 0;
  };

  const TransferOptions& options_;
  TransferOutbox& out_;
  std::deque<Answer> answers_;
  std::optional<TransferNumber> request_;
  std::size_t items_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace talk
