// Complete files on their way to the disk and to their names, several at once: what costs is the
// wait for the disk, and many files can wait together.
//
// 10,000 files of 1 KB, by a bare program on a disk that others used too: 44 s with one fsync after
// the other, 3.3 s by 16 threads in groups of 64, 8.7 s by one syncfs a group, which waits besides
// for whatever else is written to that file system.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/files/disk_thread.h"
#include "common/files/partial_file.h"
#include "common/posix/parallel_for.h"

namespace talk {

// A file waits for others only while jobs that bring them are queued already: one that comes alone
// is published at once.
class PublishGroup {
 public:
  PublishGroup();

  struct Outcome {
    std::string name;       // the path below the inbox; empty: it failed
    std::string problem;    // why
    bool mismatch = false;  // the checksum is another
  };
  // Called in the disk's turn, when the file is on the disk under its name, or will never be.
  using Then = std::function<DiskThread::Done(const Outcome&)>;

  // A job was posted that will call came(), once.
  void expect() { ++expected_; }

  // In the disk's turn. The file stays where it is until `then` was called.
  void add(PartialFile& file, std::uint32_t crc, PartialFile::Remembered remembered, Then then);
  // Publishes what has gathered where nothing more is expected or it is enough.
  DiskThread::Done came(const DiskThread::Turn& turn);
  // Publishes it now.
  DiskThread::Done publish(const DiskThread::Turn& turn);

 private:
  struct Entry {
    PartialFile* file;
    std::uint32_t crc;
    PartialFile::Remembered remembered;
    Then then;
    Outcome outcome;
  };

  static void attempt(Entry& entry, const std::function<void()>& step);
  void sync_directories(std::vector<Entry>& entries);

  std::atomic<std::size_t> expected_ = 0;
  std::vector<Entry> entries_;
  ParallelFor parallel_;
};

}  // namespace talk
