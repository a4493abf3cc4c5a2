// The links of a visitor who has called again: each comes as a connection that another process took
// and handed over, and is believed where it knows the secret of this talk.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "common/desk/resumption.h"
#include "common/session/next_link.h"

namespace talk {

class HandedLinks : public NextLink {
 public:
  explicit HandedLinks(TalkTicket ticket) : ticket_(std::move(ticket)) {}

  const TalkTicket& ticket() const { return ticket_; }

  // Whether the talk would go on with somebody who has got so many words; until this is said
  // nobody is taken.
  void judged_by(std::function<bool(std::uint64_t got)> judge) { judge_ = std::move(judge); }

  // False where it is not this talk's: the connection is closed, its first owner has a copy.
  bool offer(const Resumption& resumption, OwnedFd connection);

  void wanted(Time) override {}
  void prepare(WaitSet& wait) const override;
  std::optional<Link> turn(const WaitSet& wait, Time now) override;

 private:
  TalkTicket ticket_;
  std::function<bool(std::uint64_t got)> judge_;
  std::optional<Link> link_;  // the newest wins
};

}  // namespace talk
