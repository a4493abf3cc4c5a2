// A received file of which a DiskThread has the care: its owner says what is to be done, goes on at
// once, and is told how it went.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/files/disk_thread.h"
#include "common/files/inbox.h"
#include "common/files/partial_file.h"

namespace talk {

class IncomingFile {
 public:
  // Called from DiskThread::turn(), never after keep(), discard() or the destructor.
  struct Reports {
    std::function<void(std::uint64_t start)> opened;  // bytes that an earlier session left
    std::function<void(std::size_t count)> written;   // bytes
    std::function<void(const std::string& name)> stored;
    // The last report. `mismatch`: the checksum is another.
    std::function<void(const std::string& reason, bool mismatch)> failed;
  };

  // Begins to open it.
  IncomingFile(DiskThread& worker, std::shared_ptr<Inbox> inbox, PartialFile::Identity identity,
               Reports reports);
  ~IncomingFile() { keep(); }
  IncomingFile(const IncomingFile&) = delete;
  IncomingFile& operator=(const IncomingFile&) = delete;

  void hash_found();
  void write(std::string bytes);
  // Does so before it returns, without a copy; or does nothing and returns false, because the disk
  // does not keep up.
  bool write_at_once(std::string_view bytes);
  void publish(std::uint32_t crc);
  // The sender can't be told any more how it ends (PartialFile::publish).
  void sender_gone();

  // The end of it: what was handed over before is still done, the part is kept or removed.
  void keep() { let_go(true); }
  void discard() { let_go(false); }

 private:
  struct Shared;
  using Work = std::function<DiskThread::Done(const std::shared_ptr<Shared>&)>;

  DiskThread::Job job(Work work) const;
  DiskThread::Job write_job(std::string_view bytes) const;
  void let_go(bool keep_part);

  DiskThread& worker_;
  std::shared_ptr<Shared> shared_;
};

}  // namespace talk
