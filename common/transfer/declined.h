// What this side did not want to receive, or to give: the peer is told, and told again where it
// offers or asks for the same behind a lost link, which may have taken that word with it.
#pragma once

#include <deque>
#include <string>
#include <variant>

#include "common/transfer/outbox.h"
#include "common/transfer/types.h"
#include "common/transfer/until_heard.h"
#include "common/wire/messages.h"

namespace talk {

inline constexpr const char* kNotWanted = "not wanted";
inline constexpr const char* kNotWantedAnyMore = "not wanted any more";

class Declined {
 public:
  explicit Declined(TransferOutbox& out) : out_(out) {}

  using What = std::variant<Offer, Many, Get>;  // what the peer has said, and may say again
  // Each says it.
  void refuse(const What& what, const std::string& reason) { say({what, true, reason}); }
  void cancel(const What& what, const std::string& reason) { say({what, false, reason}); }
  // Whether that was done over an earlier link: the peer is told.
  bool answers(const What& what);
  void pong(const std::string& payload);
  // Behind a lost link: whether all has come that the peer says once more.
  bool all_said_again() const { return all_said_again_; }

  void start_over(AfterLoss peer);

 private:
  struct Word {
    What what;
    bool refuse;  // else a cancel
    std::string reason;
  };
  void say(const Word& word);
  void round_is_over(int round);

  TransferOutbox& out_;
  UntilHeard<Word> said_{out_, "talk-declined-"};
  std::deque<Word> unheard_;  // over earlier links
  // Of pings since this link began. A peer says all of it again when it hears of the link: the pong
  // of the first may still stand before that, the pong of the second stands behind it.
  UntilHeard<int> rounds_{out_, "talk-round-", [this](int round) { round_is_over(round); }};
  bool all_said_again_ = true;
};

}  // namespace talk
