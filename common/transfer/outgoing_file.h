// One file on its way out, from its offer until the peer says that it is stored: where it stands,
// what may be sent, and the checksum of the whole.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "common/files/disk_thread.h"
#include "common/files/file_source.h"
#include "common/files/progress.h"
#include "common/transfer/types.h"
#include "common/wire/messages.h"

namespace talk {

//   offered ──accept()──► sending ──all is read──► finishing ──checksum known──► ended
class OutgoingFile : public std::enable_shared_from_this<OutgoingFile> {
 public:
  enum class State { offered, sending, finishing, ended };

  // Told by the file.
  class Owner {
   public:
    virtual void complete(OutgoingFile& file, std::uint32_t crc) = 0;  // the end is to be said
    virtual void failed(OutgoingFile& file, const std::string& reason) = 0;

   protected:
    ~Owner() = default;
  };

  // The owner and the disk outlive it. `batch`: the /send that it belongs to; 0: the peer asked.
  OutgoingFile(Owner& owner, DiskThread& disk, std::string name, std::uint64_t batch,
               std::shared_ptr<const FileSource> source)
      : owner_(owner),
        disk_(disk),
        name_(std::move(name)),
        batch_(batch),
        source_(std::move(source)) {}

  TransferNumber number() const { return number_; }
  // All by which the peer may know it: it may not have heard of the last.
  std::vector<TransferNumber> numbers() const;
  const std::string& name() const { return name_; }
  std::uint64_t batch() const { return batch_; }
  std::uint64_t size() const { return source_->size(); }  // bytes
  std::uint64_t start() const { return start_; }          // what the peer had already
  std::uint64_t sent() const { return sent_; }            // up to here
  State state() const { return state_; }
  bool was_begun_anew() const { return begun_anew_; }
  std::string title() const;
  TransferView view(Time now) const;

  Offer offer(TransferNumber number);
  // Throws ProtocolError.
  void accept(const Accept& accept, Time now);
  // All of it goes behind its offer; the accept that comes later says nothing new.
  void send_ahead(Time now);
  void widen(std::uint64_t limit) { limit_ = std::max(limit_, limit); }
  bool can_send() const {
    const bool waits_for_disk = fetching_ && ahead_at_ == ahead_.size();
    return state_ == State::sending && sent_ < std::min(limit_, size()) && !waits_for_disk;
  }
  // The next bytes of the file, at most `room`. None where it could not be read, and has failed, or
  // is on a disk that has to be waited for: then can_send() says when that is done.
  std::size_t read(std::span<char> room, Time now);

  // The same file, to be offered again.
  std::shared_ptr<OutgoingFile> again() const;
  void begin_anew() { begun_anew_ = true; }

 private:
  using Then = void (OutgoingFile::*)(std::uint32_t crc);

  void begin(const Accept& accept, Time now);
  std::size_t take(std::span<char> room);
  void read_ahead();
  void fetch(std::uint64_t from);
  void fetched(std::string bytes);
  void hash(std::uint64_t from, std::uint64_t end, std::uint32_t crc, Then then);
  void skipped(std::uint32_t crc);
  void finish();
  void looked_again(std::uint32_t crc);
  std::uint32_t whole_crc() const;  // of what was sent, with what was skipped

  Owner& owner_;
  DiskThread& disk_;
  std::string name_;
  std::uint64_t batch_;
  std::shared_ptr<const FileSource> source_;
  TransferNumber number_ = 0;            // 0: not offered yet
  std::vector<TransferNumber> earlier_;  // under which it was offered over links that were lost
  State state_ = State::offered;
  std::uint64_t start_ = 0;
  std::uint64_t sent_ = 0;
  std::uint64_t limit_ = 0;
  std::uint32_t crc_ = 0;  // of what was sent from start_ on
  std::optional<std::uint32_t> skipped_crc_;
  std::string ahead_;  // what the disk's thread has read; sent up to ahead_at_
  std::size_t ahead_at_ = 0;
  std::string fetched_;  // and what follows it
  bool fetching_ = false;
  bool ahead_of_accept_ = false;
  bool begun_anew_ = false;
  RateMeter meter_;
};

}  // namespace talk
