// The walk through a directory that is sent, in the disk's thread: however large it is and however
// slow its disk, neither a key nor a line of talk waits for it. All of it is counted first; then
// its files are opened, a few ahead of those that are offered.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "common/files/disk_thread.h"
#include "common/files/file_source.h"
#include "common/files/own_files.h"
#include "common/files/tree_walk.h"
#include "common/posix/owned_fd.h"

namespace talk {

class SendWalk : public std::enable_shared_from_this<SendWalk> {
 public:
  struct File {
    std::string name;  // as it is offered
    std::shared_ptr<const FileSource> source;
    std::string problem;  // not empty: why there is no source
  };

  // `name` is the directory's own. The disk and the files outlive it. To be made by
  // std::make_shared; start() follows.
  SendWalk(DiskThread& disk, OwnFiles& files, OwnedFd root, std::string name);
  void start();

  // What there is to send, once that is known.
  bool counted() const { return counted_; }
  const std::string& name() const { return name_; }
  std::uint32_t files() const { return files_; }
  std::uint64_t bytes() const { return bytes_; }

  // After the count: the next file, or why one is left out. Nothing at the end, and while the disk
  // is at it: that its thread is done wakes the wait.
  std::optional<File> next();
  bool at_end() const { return at_end_ && ready_.empty(); }

 private:
  struct OnTheDisk {
    OwnFiles& opener;
    OwnedFd root;
    std::optional<TreeWalk> walk;
    bool count_done = false;
    std::uint32_t files = 0;
    std::uint64_t bytes = 0;
  };
  struct Found {
    std::deque<File> files;
    bool at_end = false;
  };

  static void begin_walk(OnTheDisk& disk, const std::string& name);
  static void count_some(OnTheDisk& disk, const std::string& name);
  static Found open_some(OnTheDisk& disk);
  void go_on_counting();
  void read_ahead();

  DiskThread& disk_;
  std::string name_;
  std::shared_ptr<OnDisk<OnTheDisk>> on_disk_;
  bool counted_ = false;
  std::uint32_t files_ = 0;
  std::uint64_t bytes_ = 0;
  std::deque<File> ready_;
  bool reading_ = false;
  bool at_end_ = false;
};

}  // namespace talk
