// The files that go out during one session: offered, sent as the peer's window allows, each in its
// turn, until the peer has said that it is stored.
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
#include "common/transfer/declined.h"
#include "common/transfer/outbox.h"
#include "common/transfer/outgoing_file.h"
#include "common/transfer/send_list.h"
#include "common/transfer/sent_directories.h"
#include "common/transfer/types.h"
#include "common/transfer/withdrawals.h"
#include "common/wire/transfer_number.h"

namespace talk {

class Sending : private OutgoingFile::Owner {
 public:
  Sending(const TransferOptions& options, TransferOutbox& out, Declined& declined, DiskThread& disk)
      : options_(options), out_(out), declined_(declined), disk_(disk) {}

  // A directory waits until this is known.
  void set_peer_knows(bool many) { directories_.set_peer_knows(many); }

  // From the peer. Each false or nothing where there is no such transfer.
  void accepted(const Accept& accept, Time now);
  void widened(const Window& window);
  void stored(const Stored& stored);
  bool refused(const Refuse& refuse);
  bool cancelled(const Cancel& cancel);
  void wanted(const Get& get);
  void pong(const Pong& pong) { withdrawals_.pong(pong.payload); }

  // From the person.
  void send(const std::string& path) { list_.add(path); }
  bool cancel(std::optional<TransferNumber> number);  // none: the oldest

  // Offers the next files.
  void offer(TransferNumbers& numbers);

  bool has_data() const;
  std::string_view next_data(std::size_t most, Time now);

  bool in_use(TransferNumber number) const { return find(number) || directories_.batch_of(number); }
  bool idle() const {
    return open_.empty() && list_.empty() && again_.empty() && directories_.empty();
  }
  void views(std::vector<TransferView>& out, Time now) const;
  std::vector<OfferView> unanswered() const;  // offers of ours
  void describe(Time now) const;

  void end(bool link_lost);
  void start_over(AfterLoss peer);

 private:
  using Ptr = std::shared_ptr<OutgoingFile>;
  using State = OutgoingFile::State;

  void complete(OutgoingFile& file, std::uint32_t crc) override;
  void failed(OutgoingFile& file, const std::string& reason) override;

  void offer_again(TransferNumbers& numbers);
  void offer_next(TransferNumbers& numbers);
  bool may_offer(SentDirectories::Batch batch) const;
  void offer_file(const Ptr& file, TransferNumber number);
  // Tells what went wrong with a file, and that it is over: on its own, or as one of its directory.
  void fail(const OutgoingFile& file, const std::string& line);
  void drop(SentDirectories::Batch batch);
  void withdraw(const OutgoingFile& file, const std::string& reason);
  SentDirectories::UnderWay under_way(SentDirectories::Batch batch) const;
  std::size_t add_frame(OutgoingFile& file, std::size_t place, std::size_t most, Time now);
  Ptr find_wanted(const Get& get);
  void close(const OutgoingFile& file);
  Ptr find(TransferNumber number) const;
  Ptr oldest() const;

  const TransferOptions& options_;
  TransferOutbox& out_;
  Declined& declined_;
  DiskThread& disk_;
  SendList list_{*options_.files, out_, disk_};
  Withdrawals withdrawals_{out_};
  SentDirectories directories_{options_, out_, withdrawals_};
  const SentDirectories::Look look_ = [this](auto batch) { return under_way(batch); };
  std::vector<Ptr> open_;  // the front has the next turn among those that can send
  std::deque<Ptr> again_;  // to be offered anew, before anything else
  std::string frames_;
};

}  // namespace talk
