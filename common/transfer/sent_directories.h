// The directories that go out during one session: each is announced as a whole, where the peer
// knows how, and accounted for as a whole.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/transfer/directory_tally.h"
#include "common/transfer/outbox.h"
#include "common/transfer/outgoing_file.h"
#include "common/transfer/send_list.h"
#include "common/transfer/types.h"
#include "common/transfer/withdrawals.h"
#include "common/wire/transfer_number.h"

namespace talk {

class SentDirectories {
 public:
  using Batch = std::uint64_t;  // as in SendList
  // How far the files of a batch are that are offered or sent now.
  struct UnderWay {
    bool any = false;         // there are some, or some are still to be offered
    std::uint64_t bytes = 0;  // sent
  };
  using Look = std::function<UnderWay(Batch)>;

  SentDirectories(const TransferOptions& options, TransferOutbox& out, Withdrawals& withdrawals)
      : options_(options), out_(out), withdrawals_(withdrawals) {}

  // Nothing is announced before it is known whether the peer knows the frame.
  void set_peer_knows(bool many) { peer_knows_ = many; }
  bool peer_is_known() const { return peer_knows_.has_value(); }
  void announce(const SendList::Counted& counted, TransferNumbers& numbers);
  // Those that a broken link has left unfinished.
  void announce_again(TransferNumbers& numbers);

  bool empty() const { return open_.empty(); }
  bool has(Batch batch) const { return tally_of(batch) != nullptr; }
  // None of its files may be offered yet.
  bool waits(Batch batch) const;
  std::optional<Batch> batch_of(TransferNumber number) const;
  std::optional<Batch> oldest() const;
  const DirectoryTally* tally_of(Batch batch) const;
  DirectoryTally* tally_of(Batch batch);

  // Whether the peer takes small files of it without an accept for each.
  bool goes_ahead(Batch batch) const;
  // A file of it is offered: whether it may follow at once. Only within what was announced, as the
  // peer asks its person about more; and not where the peer could take it for another's.
  bool offered(Batch batch, std::uint64_t bytes);

  // From the peer. Throws ProtocolError where it was accepted already.
  void accepted(Batch batch, std::uint64_t most_ahead);
  // Each is the end of it; its files are for the caller to stop.
  void refused(Batch batch, const std::string& reason);
  void cancelled_by_peer(Batch batch, const std::string& reason);
  void cancel(Batch batch);
  // Ends those of which nothing is under way any more.
  void finish_done(const Look& look);

  void views(std::vector<TransferView>& out, const Look& look, Time now) const;
  void unanswered(std::vector<OfferView>& out) const;
  void describe(const Look& look, Time now) const;
  void end(const std::string& why);
  void start_over();

 private:
  enum class State { to_be_announced, asked, going };
  struct Directory {
    Batch batch = 0;
    DirectoryTally tally;
    State state = State::going;
    bool told = false;                      // the person, that it begins
    std::vector<TransferNumber> numbers{};  // all by which the peer may know it as a whole
    std::uint64_t most_ahead = 0;           // files of so many bytes need no accept; 0: all do
    std::uint32_t files_announced = 0;      // and not offered yet
    std::uint64_t bytes_announced = 0;
  };

  void announce(Directory& directory);
  void tell(Directory& directory, const char* verb);
  void finish(const Directory& directory);
  void forget(Batch batch);
  std::vector<Directory>::iterator find(Batch batch);

  const TransferOptions& options_;
  TransferOutbox& out_;
  Withdrawals& withdrawals_;
  std::optional<bool> peer_knows_;
  std::vector<Directory> open_;
};

}  // namespace talk
