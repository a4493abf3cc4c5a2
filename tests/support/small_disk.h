// A directory that is a small file system of its own, where one may be mounted.
#pragma once

#include <sys/mount.h>

#include <string>

#include "tests/support/temp_dir.h"

namespace talk::test {

class SmallDisk : public TempDir {
 public:
  // `options` as mount(8) has them: "size=4m,nr_inodes=20".
  explicit SmallDisk(const std::string& options)
      : mounted_(::mount("talk", path().c_str(), "tmpfs", 0, options.c_str()) == 0) {}
  ~SmallDisk() {
    if (mounted_) ::umount2(path().c_str(), MNT_DETACH);
  }

  bool mounted() const { return mounted_; }
  bool remount(const std::string& options) {
    return ::mount("talk", path().c_str(), "tmpfs", MS_REMOUNT, options.c_str()) == 0;
  }

 private:
  bool mounted_;
};

constexpr const char* kNoMount = "no file system may be mounted here";

}  // namespace talk::test
