#include "common/posix/listing.h"

#include <string_view>

namespace talk {

Listing::Listing(const std::string& path) : stream_(::opendir(path.c_str())) {}

Listing::Listing(OwnedFd directory) : stream_(::fdopendir(directory.get())) {
  if (stream_) directory.release();  // the stream closes it
}

const dirent* Listing::next() {
  while (const dirent* entry = ::readdir(stream_.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") return entry;
  }
  return nullptr;
}

}  // namespace talk
