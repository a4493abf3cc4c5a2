// The files that go out during one session: walked, offered, sent as the peer's window allows, each
// in its turn, until the peer has said that it is stored.
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
#include "common/files/file_source.h"
#include "common/files/tree_walk.h"
#include "common/transfer/outbox.h"
#include "common/transfer/transfers.h"

namespace talk {

class Sending {
 public:
  Sending(const Transfers::Options& options, TransferOutbox& out, DiskThread& worker);
  ~Sending();

  // From the peer. Each false where there is no such transfer.
  bool accepted(const Accept& accept, Time now);
  bool widened(const Window& window);
  bool stored(const Stored& stored);
  bool refused(const Refuse& refuse);
  bool cancelled(const Cancel& cancel);
  void wanted(const Get& get);

  // From the person.
  void send(const std::string& path);
  bool cancel(std::optional<std::uint32_t> number);  // none: the oldest

  // Offers the next files; `next_number` is advanced by two for each.
  void offer(std::uint32_t& next_number);

  bool has_data() const;
  std::string_view next_data(std::size_t most, Time now);

  bool in_use(std::uint32_t number) const { return find(number) != nullptr; }
  bool idle() const { return open_.empty() && batches_.empty() && again_.empty(); }
  void views(std::vector<TransferView>& out, Time now) const;
  void describe(Time now);

  void end(bool link_lost);
  void start_over();

 private:
  struct Outgoing;
  struct Batch;
  using Ptr = std::shared_ptr<Outgoing>;

  bool start_batch(Batch& batch, const std::string& path);
  bool offer_next(Batch& batch, std::uint32_t& next_number);
  void offer_file(const Ptr& outgoing, std::uint32_t number);
  void hash_skipped(const Ptr& outgoing, std::uint64_t from, std::uint32_t crc);
  void finish(const Ptr& outgoing);
  void fail(const Ptr& outgoing, const std::string& reason);
  void close(const Ptr& outgoing);
  Ptr find(std::uint32_t number) const;

  const Transfers::Options& options_;
  TransferOutbox& out_;
  DiskThread& worker_;
  std::vector<Ptr> open_;  // the front has the next turn among those that can send
  std::deque<std::unique_ptr<Batch>> batches_;
  std::deque<Ptr> again_;  // to be offered anew, before anything else
  std::uint64_t last_batch_ = 0;
  std::string frame_;
};

}  // namespace talk
