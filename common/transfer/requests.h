// The files that this side asks its peer for, until they are offered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "common/transfer/outbox.h"
#include "common/transfer/types.h"
#include "common/wire/messages.h"

namespace talk {

class Requests {
 public:
  explicit Requests(TransferOutbox& out) : out_(out) {}

  // From the person.
  void want(const std::string& name);
  void want_again(const std::string& name);           // before all others
  bool cancel(std::optional<TransferNumber> number);  // none: the oldest; false: there is none

  // Asks for the next ones while fewer than a few files, with `under_way` others, are on their way.
  void ask(TransferNumbers& numbers, std::size_t under_way);

  bool asked_for(TransferNumber number) const { return find(number) != asked_.end(); }
  // The name that an offer with that number answers; it is no longer asked for.
  std::optional<std::string> answered(TransferNumber number);
  void refused(const Refuse& refuse);

  bool idle() const { return asked_.empty() && wanted_.empty(); }
  void describe() const;

  void end(const std::string& why);
  // All is to be asked for again, behind `first`.
  void start_over(std::deque<std::string> first);

 private:
  struct Asked {
    TransferNumber number = 0;
    std::string name;
  };
  std::vector<Asked>::const_iterator find(TransferNumber number) const;

  TransferOutbox& out_;
  std::deque<std::string> wanted_;  // still to be asked for
  std::vector<Asked> asked_;
};

}  // namespace talk
