// One file on its way in: hidden and private until it is complete, verified and on disk, and only
// then under its name. What a broken link leaves behind is found again.
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "common/files/inbox.h"
#include "common/files/staged_file.h"
#include "common/posix/owned_fd.h"

namespace talk {

struct ChecksumError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class PartialFile {
 public:
  // What makes a later offer the same file.
  struct Identity {
    std::string peer;
    std::vector<std::string> parts;  // checked by check_name()
    std::uint64_t size = 0;          // bytes
    std::int64_t mtime = 0;          // Unix seconds
  };

  // Opens the part that an earlier session left, or begins a new one; directories are made on the
  // way. Everything here throws std::system_error with the reason.
  PartialFile(std::shared_ptr<Inbox> inbox, Identity identity);
  // Keeps what was written, to be found again.
  ~PartialFile();
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  std::uint64_t size() const { return staged_.size(); }  // bytes that are there

  // Computes the checksum of the part that was found; before the first write().
  void hash_found();
  void write(std::string_view bytes);

  // For a file whose size was not known before (0 in the identity): what has come is all of it.
  void take_as_whole() { identity_.size = size(); }

  // Verifies, makes durable, gives the file its name: the one wished for, or -2, -3… Returns the
  // path below the inbox. Throws ChecksumError, with the partial file gone.
  // Where `sender_gone` is set by then, the sender cannot be told and may come again with the same
  // file: the partial stays too, as a second link to the file, and publishing it again gives the
  // name that it has.
  std::string publish(std::uint32_t crc, const std::atomic<bool>& sender_gone);
  // Removes the partial file.
  void discard() { staged_.discard(); }

 private:
  std::string partial_name(unsigned count) const;
  std::string path_of(const std::string& name) const;
  void await_others() const;
  bool open_found();
  void create();
  OwnedFd lock_found(const std::string& name, struct stat& status) const;
  void check_place() const;
  std::string name_given_before() const;

  std::shared_ptr<Inbox> inbox_;
  Identity identity_;
  StagedFile staged_;
  std::string used_path_;
  std::uint64_t reserved_ = 0;
  std::uint32_t crc_ = 0;
  bool published_before_ = false;
};

}  // namespace talk
