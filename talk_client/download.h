// A file that a server sends without a checksum, from its beginning and once: it appears under its
// name when all of it has come, and of one that broke off nothing is left.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/files/inbox.h"
#include "common/files/staged_file.h"

namespace talk {

// Removes what downloads whose process was killed have left in `directory`.
void sweep_downloads(int directory);

class Download {
 public:
  // `parts` were checked by check_name(); `size` in bytes, 0 where it is not known. Its
  // directory is swept first. All throw std::system_error.
  Download(Inbox& inbox, const std::vector<std::string>& parts, std::uint64_t size);
  ~Download() { inbox_.release(reserved_); }
  Download(const Download&) = delete;
  Download& operator=(const Download&) = delete;

  void write(std::string_view bytes) { file_.write(bytes); }
  // On disk, under its name or the next free one like it.
  void publish();

 private:
  Inbox& inbox_;
  std::string name_;
  StagedFile file_;
  std::uint64_t reserved_;
};

}  // namespace talk
