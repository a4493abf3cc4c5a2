#include "common/posix/directory_entries.h"

#include <string_view>

namespace talk {

DirectoryEntries::DirectoryEntries(const std::string& path) : stream_(::opendir(path.c_str())) {}

DirectoryEntries::DirectoryEntries(OwnedFd directory) : stream_(::fdopendir(directory.get())) {
  if (stream_) directory.release();  // the stream closes it
}

const dirent* DirectoryEntries::next() {
  while (const dirent* entry = ::readdir(stream_.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") return entry;
  }
  return nullptr;
}

}  // namespace talk
