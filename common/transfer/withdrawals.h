// What this side has stopped sending of its own accord: the peer is told, and told again behind a
// lost link, which may have taken that word with it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/transfer/outbox.h"
#include "common/transfer/types.h"
#include "common/transfer/until_heard.h"
#include "common/wire/messages.h"

namespace talk {

class Withdrawals {
 public:
  explicit Withdrawals(TransferOutbox& out) : out_(out) {}

  // Says it. `numbers`: all by which the peer may know the transfer.
  void say(const std::vector<TransferNumber>& numbers, const std::string& reason) {
    for (const TransferNumber number : numbers) out_.say(Cancel{number, reason});
    said_.add({numbers, reason});
  }
  void pong(const std::string& payload) { said_.pong(payload); }

  // Another peer knows nothing of what there was before.
  void start_over(AfterLoss peer) {
    for (const Word& word : said_.start_over())
      if (peer == AfterLoss::same_peer) say(word.numbers, word.reason);
  }

 private:
  struct Word {
    std::vector<TransferNumber> numbers;
    std::string reason;
  };

  TransferOutbox& out_;
  UntilHeard<Word> said_{out_, "talk-withdrawn-"};
};

}  // namespace talk
