// How far a directory is whose files go to or come from the peer: for one line where it begins, one
// progress, and one line at its end. What becomes of each file is counted here; failures are named,
// up to a number.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "common/files/progress.h"
#include "common/transfer/outbox.h"
#include "common/transfer/types.h"
#include "common/wire/transfer_number.h"

namespace talk {

class DirectoryTally {
 public:
  DirectoryTally(TransferNumber number, bool outgoing, std::string name, std::uint32_t files,
                 std::uint64_t bytes)
      : number_(number),
        outgoing_(outgoing),
        name_(std::move(name)),
        files_(files),
        bytes_(bytes) {}

  TransferNumber number() const { return number_; }
  const std::string& name() const { return name_; }
  std::uint32_t files() const { return files_; }
  std::uint64_t bytes() const { return bytes_; }
  // Under a new number only what is left is spoken of; all of it stays counted.
  void renumber(TransferNumber number) { number_ = number; }

  void moved(std::uint64_t count, Time now);  // bytes of files
  void stored(std::uint64_t bytes, bool renamed);
  // Tells `line` as a failure, or where there were many already, only counts it.
  void failed(std::uint64_t bytes, const std::string& line, TransferOutbox& out);
  // By the person's own wish, of which nothing more need be said.
  void given_up(std::uint64_t bytes) { settle(bytes), ++failed_; }

  std::uint32_t files_left() const { return files_ - std::min(files_, stored_ + failed_); }
  std::uint64_t bytes_left() const { return bytes_ - std::min(bytes_, settled_bytes_); }
  bool all_settled() const { return files_left() == 0; }
  bool all_stored() const { return stored_ >= files_ && failed_ == 0; }

  std::string title() const;          // "\"photos\" (300 files, 1.2 MiB)"
  std::string stored_part() const;    // "120 of the 300 files of \"photos\""
  std::string remarks() const;        // "; 2 failed; 3 have new names", or nothing
  std::string after_so_many() const;  // "after 120 files"
  // `under_way`: bytes of files that are not settled yet.
  TransferView view(std::uint64_t under_way, Time now) const;
  std::string progress(std::uint64_t under_way, Time now) const;  // for /transfers

 private:
  void settle(std::uint64_t bytes) { settled_bytes_ += bytes; }

  TransferNumber number_;
  bool outgoing_;
  std::string name_;
  std::uint32_t files_;
  std::uint64_t bytes_;
  std::uint32_t stored_ = 0;
  std::uint32_t failed_ = 0;
  std::uint32_t renamed_ = 0;
  std::uint64_t settled_bytes_ = 0;  // of files that are stored or have failed
  std::uint64_t moved_ = 0;
  bool moving_ = false;
  RateMeter meter_;
};

}  // namespace talk
