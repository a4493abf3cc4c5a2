#include "common/files/incoming_file.h"

#include <atomic>
#include <exception>
#include <optional>
#include <utility>

namespace talk {

struct IncomingFile::Shared {
  // The disk's thread's.
  std::optional<PartialFile> file;
  bool broken = false;
  // The owner's.
  Reports reports;
  bool let_go = false;
  // Both.
  std::atomic<bool> sender_gone = false;
};

IncomingFile::IncomingFile(DiskThread& worker, std::shared_ptr<Inbox> inbox,
                           PartialFile::Identity identity, Reports reports)
    : worker_(worker), shared_(std::make_shared<Shared>()) {
  shared_->reports = std::move(reports);
  worker_.post(job([inbox = std::move(inbox), identity = std::move(identity)](const auto& shared) {
    shared->file.emplace(inbox, identity);
    return [shared, start = shared->file->size()] {
      if (!shared->let_go) shared->reports.opened(start);
    };
  }));
}

// After the first failure nothing more is done.
DiskThread::Job IncomingFile::job(Work work) const {
  return [shared = shared_, work = std::move(work)]() -> DiskThread::Done {
    if (shared->broken) return nullptr;
    std::string reason;
    bool mismatch = false;
    try {
      return work(shared);
    } catch (const ChecksumError& error) {
      reason = error.what();
      mismatch = true;
    } catch (const std::exception& error) {
      reason = error.what();
    }
    shared->broken = true;
    return [shared, reason, mismatch] {
      if (!shared->let_go) shared->reports.failed(reason, mismatch);
    };
  };
}

void IncomingFile::hash_found() {
  worker_.post(job([](const auto& shared) -> DiskThread::Done {
    shared->file->hash_found();
    return nullptr;
  }));
}

void IncomingFile::write(std::string bytes) {
  const auto owned = std::make_shared<const std::string>(std::move(bytes));
  worker_.write([owned, job = write_job(*owned)] { return job(); });
}

bool IncomingFile::write_at_once(std::string_view bytes) {
  if (!worker_.writes_at_once()) return false;
  worker_.write(write_job(bytes));
  return true;
}

// Borrows the bytes.
DiskThread::Job IncomingFile::write_job(std::string_view bytes) const {
  return job([bytes](const auto& shared) {
    shared->file->write(bytes);
    return [shared, count = bytes.size()] {
      if (!shared->let_go) shared->reports.written(count);
    };
  });
}

void IncomingFile::publish(std::uint32_t crc) {
  worker_.post(job([crc](const auto& shared) {
    const std::string name = shared->file->publish(crc, shared->sender_gone);
    return [shared, name] {
      if (!shared->let_go) shared->reports.stored(name);
    };
  }));
}

void IncomingFile::sender_gone() { shared_->sender_gone = true; }

void IncomingFile::let_go(bool keep_part) {
  if (std::exchange(shared_->let_go, true)) return;
  worker_.post([shared = shared_, keep_part]() -> DiskThread::Done {
    if (shared->file && !keep_part) shared->file->discard();
    shared->file.reset();
    shared->broken = true;
    return [shared] { shared->reports = {}; };
  });
}

}  // namespace talk
