// A file that a server sends without a checksum, from its beginning and once: it appears under its
// name when all of it has come, and is never gone on with later.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/files/inbox.h"
#include "common/files/partial_file.h"

namespace talk {

class Download {
 public:
  // `parts` were checked by check_name(); `size` in bytes, 0 where it is not known. All throw
  // std::system_error.
  Download(std::shared_ptr<Inbox> inbox, const std::vector<std::string>& parts, std::uint64_t size);

  void write(std::string_view bytes);
  void publish();
  void discard() { file_.discard(); }

 private:
  PartialFile file_;
  std::uint32_t crc_ = 0;
};

}  // namespace talk
