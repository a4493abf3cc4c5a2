// One file on its way in, from its offer to its name. It lives in the session's thread; its part on
// the disk is touched only in the disk's turn.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/files/disk_thread.h"
#include "common/files/inbox.h"
#include "common/files/partial_file.h"
#include "common/files/progress.h"
#include "common/files/publish_group.h"
#include "common/transfer/types.h"
#include "common/wire/messages.h"

namespace talk {

//   asked ──open()──► opening ──opened──► receiving ──finish()──► finishing ──► stored
// and from everywhere to over: keep(), discard(), or the report that it failed. A stored one is
// remembered on the disk until it goes by discard(): its sender has heard of it.
class IncomingFile : public std::enable_shared_from_this<IncomingFile> {
 public:
  enum class State { asked, opening, receiving, finishing, stored, over };

  // Told by the file; never after keep() or discard(). Each may let go of it.
  class Owner {
   public:
    virtual void opened(IncomingFile& file) = 0;
    virtual void widened(IncomingFile& file) = 0;  // its limit is another
    virtual void stored(IncomingFile& file, const std::string& name) = 0;
    // `mismatch`: the checksum is another than that of what was sent.
    virtual void failed(IncomingFile& file, const std::string& reason, bool mismatch) = 0;

   protected:
    ~Owner() = default;
  };

  // The owner and the disk outlive it. `offer`'s name was checked.
  IncomingFile(Owner& owner, DiskThread& disk, Offer offer, bool was_asked_for)
      : owner_(owner), disk_(disk), offer_(std::move(offer)), was_asked_for_(was_asked_for) {}
  ~IncomingFile() { keep(); }
  IncomingFile(const IncomingFile&) = delete;
  IncomingFile& operator=(const IncomingFile&) = delete;

  TransferNumber number() const { return offer_.transfer; }
  const std::string& name() const { return offer_.name; }
  const Offer& offer() const { return offer_; }
  std::uint64_t size() const { return offer_.size; }  // bytes
  State state() const { return state_; }
  bool was_asked_for() const { return was_asked_for_; }
  // The number of the directory that it belongs to; none: it comes alone.
  std::optional<TransferNumber> directory() const { return directory_; }
  void belong_to(std::optional<TransferNumber> directory) { directory_ = directory; }
  // The name that it would get now; empty while that is not known.
  const std::string& free_name() const { return free_name_; }
  void set_free_name(std::string name) { free_name_ = std::move(name); }
  std::uint64_t start() const { return start_; }        // what an earlier session left
  std::uint64_t received() const { return received_; }  // up to here
  std::uint64_t limit() const { return limit_; }        // up to here the peer may send
  std::string title() const;
  TransferView view(Time now) const;

  // Accepted: finds what another session of `peer` left, or begins. A *whole* one, of at most
  // kMostAhead, comes from its beginning in any case, perhaps before its sender has heard of the
  // accept: it is gathered here, and is one job for the disk.
  void open(std::shared_ptr<Inbox> inbox, const std::string& peer, PartialFile::Others others,
            bool whole);
  bool is_whole() const { return begin_ != nullptr; }
  // Takes the next bytes. Throws ProtocolError where they were not allowed.
  void take(std::string_view piece, Time now);
  // Hands what was gathered to the disk, however little.
  void flush();
  // All has come: to be published together with what else is complete.
  void finish(std::uint32_t crc, const std::shared_ptr<PublishGroup>& group,
              PartialFile::Remembered wanted);
  // Whether an offer is one of the same file.
  bool is_same(const Offer& offer) const;

  // The end of it: what was handed over before is still done, the part is kept or removed; one that
  // was kept also later, where nobody has taken it up.
  void keep() { let_go(true); }
  void discard();

 private:
  struct Part {
    std::optional<PartialFile> file;
    bool broken = false;  // after the first failure nothing more is done
    std::string kept;     // the hidden name of one that was let go of; empty: there is none
  };

  using Begin = std::function<void(Part& part)>;  // throws

  void open_whole(Begin begin);
  DiskThread::Job first_job();
  template <typename Work, typename Then>
  DiskThread::Job job(Work work, Then then);
  bool write_now(std::string_view bytes);
  void gather(std::string_view piece);
  void written(std::uint64_t count);
  void published(const PublishGroup::Outcome& outcome);
  void broke(const std::string& reason, bool mismatch);
  void let_go(bool keep_part);

  Owner& owner_;
  DiskThread& disk_;
  Offer offer_;
  bool was_asked_for_;
  std::optional<TransferNumber> directory_;
  std::string free_name_;
  std::shared_ptr<Inbox> inbox_;  // once it is opened
  State state_ = State::asked;
  std::uint64_t start_ = 0;
  std::uint64_t received_ = 0;  // handed to the disk or in chunk_
  std::uint64_t written_ = 0;
  std::uint64_t limit_ = 0;
  std::string chunk_;
  RateMeter meter_;
  std::shared_ptr<const Begin> begin_;   // of a whole one
  std::shared_ptr<PublishGroup> group_;  // while it is finishing
  std::shared_ptr<OnDisk<Part>> on_disk_ = std::make_shared<OnDisk<Part>>();
};

}  // namespace talk
