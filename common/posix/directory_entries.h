// The names in a directory, in no order, without "." and "..".
#pragma once

#include <dirent.h>

#include <memory>
#include <string>

#include "common/posix/owned_fd.h"

namespace talk {

class DirectoryEntries {
 public:
  // False, with errno set, where it cannot be listed.
  explicit DirectoryEntries(const std::string& path);
  explicit DirectoryEntries(
      OwnedFd directory);  // from where it stands: its beginning, as long as it is new
  explicit operator bool() const { return stream_ != nullptr; }

  int directory() const { return ::dirfd(stream_.get()); }
  // The next entry, valid until the next call; null behind the last.
  const dirent* next();
  // From its beginning again, as the directory is now.
  void rewind() { ::rewinddir(stream_.get()); }

 private:
  struct Close {
    void operator()(DIR* stream) const { ::closedir(stream); }
  };
  std::unique_ptr<DIR, Close> stream_;
};

}  // namespace talk
