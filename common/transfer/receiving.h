// The files that come in during one session: offers taken, asked about or refused, data handed to
// the disk's thread, and the word that a file is stored.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/files/disk_thread.h"
#include "common/files/inbox.h"
#include "common/transfer/outbox.h"
#include "common/transfer/transfers.h"

namespace talk {

class Receiving {
 public:
  Receiving(const Transfers::Options& options, TransferOutbox& out, DiskThread& worker);
  ~Receiving();

  // From the peer. Each false or nothing where there is no such transfer.
  void offered(const Offer& offer, Time now);
  void data(std::uint32_t number, std::string_view piece, Time now);
  void ended(const End& end);
  bool refused(const Refuse& refuse);
  bool cancelled(const Cancel& cancel);

  // From the person.
  void get(const std::string& name);
  bool accept(std::optional<std::uint32_t> number);
  bool refuse(std::optional<std::uint32_t> number);
  bool cancel(std::optional<std::uint32_t> number);  // none: the oldest

  // Asks for the next files that were to be got; `next_number` is advanced by two for each.
  void ask(std::uint32_t& next_number);
  // Hands what has come to the disk's thread, however little.
  void flush();

  bool in_use(std::uint32_t number) const;
  bool asked_for(std::uint32_t number) const;
  bool idle() const;
  void views(std::vector<TransferView>& out, Time now) const;
  void describe(Time now);

  void end(bool link_lost);
  void start_over();

 private:
  struct Incoming;
  using Ptr = std::shared_ptr<Incoming>;
  struct Request {
    std::uint32_t number = 0;
    std::string name;
  };
  struct Closed {
    std::uint32_t number = 0;
    std::uint64_t may_come = 0;  // bytes that the peer may have sent before it heard
  };

  std::uint64_t session_limit() const;
  std::string refusal(const Offer& offer, bool asked_for) const;
  void open(const Ptr& incoming, Time now);
  void opened(Incoming& incoming, std::uint64_t start, Time now);
  void write(Incoming& incoming);
  void written(Incoming& incoming, std::uint64_t count);
  void stored(Incoming& incoming, const std::string& name);
  // Each of these is the end of `incoming`.
  void fail(Incoming& incoming, const std::string& reason, bool refuse);
  void keep(Incoming& incoming);
  void discard(Incoming& incoming);
  void forget(Incoming& incoming);
  void late_data(std::uint32_t number, std::size_t count);
  std::string place(const std::string& name) const;
  Ptr find(std::uint32_t number) const;
  Ptr find_asked(std::optional<std::uint32_t> number) const;

  const Transfers::Options& options_;
  TransferOutbox& out_;
  DiskThread& worker_;
  std::shared_ptr<Inbox> inbox_;
  std::string no_inbox_;            // why there is none
  std::vector<Ptr> open_;           // in the order in which they came
  std::deque<std::string> wanted_;  // still to be asked for
  std::vector<Request> requests_;   // asked for, not yet offered
  std::deque<Closed> closed_;
  std::uint64_t taken_ = 0;  // bytes of the files accepted in this session
};

}  // namespace talk
