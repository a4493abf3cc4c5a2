#include "talk_client/download.h"

#include <unistd.h>

#include <utility>

#include "common/files/crc32c.h"

namespace talk {

// Its identity is this process's alone, so that nobody goes on with it.
Download::Download(std::shared_ptr<Inbox> inbox, const std::vector<std::string>& parts,
                   std::uint64_t size)
    : file_(std::move(inbox), {"process " + std::to_string(::getpid()), parts, size, 0}) {}

void Download::write(std::string_view bytes) {
  file_.write(bytes);
  crc_ = crc32c(crc_, bytes);
}

// The checksum is that of what was received: nobody sent one.
void Download::publish() {
  file_.take_as_whole();
  file_.publish(crc_, false);
}

}  // namespace talk
