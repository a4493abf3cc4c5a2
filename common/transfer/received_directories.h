// The directories that come in during one session: one question for each, the agreement to the
// files below it, and the account of the whole.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/transfer/declined.h"
#include "common/transfer/directory_tally.h"
#include "common/transfer/outbox.h"
#include "common/transfer/types.h"
#include "common/wire/messages.h"

namespace talk {

class ReceivedDirectories {
 public:
  using Number = std::optional<TransferNumber>;  // of a directory; none: a file that comes alone
  // Of the files of the directory with that number: whether some are under way, and their bytes.
  struct UnderWay {
    bool any = false;
    std::uint64_t bytes = 0;
  };
  using Look = std::function<UnderWay(TransferNumber number)>;
  // Where a name would lie, as the person is told.
  using Place = std::function<std::string(const std::string& name)>;

  ReceivedDirectories(TransferOutbox& out, Declined& declined, Place place)
      : out_(out), declined_(declined), place_(std::move(place)) {}

  // The peer asks; the person is told, and answers later, unless it is `agreed` already.
  void asked(const Many& many, bool agreed);
  // The directory that the offer belongs to and that was agreed to, with as many files and bytes as
  // were spoken of; or none. The file counts as one of its own from now on.
  Number admit(const Offer& offer);
  // Whether a file lies in one that the person did not want: its sender may not have heard so yet.
  bool is_unwanted(const std::string& name) const;
  // A file that was refused, or failed and will not come in this form: there is room for another.
  void give_back(Number number, std::uint64_t bytes);

  bool in_use(Number number) const { return tally_of(number) != nullptr; }
  bool empty() const { return open_.empty(); }
  Number oldest() const;
  std::size_t count() const { return open_.size(); }
  bool is_closed(Number number) const;
  DirectoryTally* tally_of(Number number);
  const DirectoryTally* tally_of(Number number) const;

  // From the person; none: the oldest that is asked about.
  Number find_asked(Number number) const;
  void accept(TransferNumber number);
  void refuse(TransferNumber number);
  // What is under way is for the caller to stop, afterwards.
  void cancel(TransferNumber number);

  // From the peer: no more files of it are offered.
  void closed(TransferNumber number, const std::string& reason);
  // The same of one that a lost link has interrupted; false where there is none.
  bool interrupted_is_closed(TransferNumber number, const std::string& reason);
  // Ends those of which nothing more is to come.
  void finish_done(const Look& look);

  void views(std::vector<TransferView>& out, const Look& look, Time now) const;
  void offers(std::vector<OfferView>& out) const;
  void describe(const Look& look, Time now) const;
  void end(const std::string& why);
  void start_over(AfterLoss peer);

 private:
  enum class State { asked, going, closed };
  struct Directory {
    DirectoryTally tally;
    State state = State::asked;
    std::uint32_t files_offered = 0;
    std::uint64_t bytes_offered = 0;
    std::string reason;  // why no more come
  };

  bool is_done(const Directory& directory, const Look& look) const;
  bool close(Directory& directory, const std::string& reason);
  void finish(const Directory& directory);
  Many announced(TransferNumber number) const;
  std::vector<Directory>::iterator find(Number number);
  void forget(TransferNumber number);
  void drop(TransferNumber number);
  bool was_agreed(const Many& many);

  TransferOutbox& out_;
  Declined& declined_;
  Place place_;
  std::vector<Directory> open_;        // in the order in which they came
  std::deque<std::string> unwanted_;   // names
  std::deque<Directory> interrupted_;  // by a lost link, and not announced again yet
};

}  // namespace talk
