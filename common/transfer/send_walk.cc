#include "common/transfer/send_walk.h"

#include <cerrno>
#include <exception>
#include <system_error>
#include <utility>

#include "common/files/file_name.h"

namespace talk {
namespace {

// Steps, so that a file that is being received gets its turn at the disk in between.
constexpr int kCountedAtOnce = 500;
constexpr std::size_t kOpenedAhead = 32;  // files; each holds a descriptor

}  // namespace

SendWalk::SendWalk(DiskThread& disk, OwnFiles& files, OwnedFd root, std::string name)
    : disk_(disk),
      name_(std::move(name)),
      on_disk_(
          std::make_shared<OnDisk<OnTheDisk>>(OnTheDisk{files, std::move(root), {}, false, 0, 0})) {
}

void SendWalk::start() { go_on_counting(); }

void SendWalk::begin_walk(OnTheDisk& disk, const std::string& name) {
  OwnedFd root;
  try {
    root = disk.opener.open_in(disk.root.get(), ".");
  } catch (const std::system_error& error) {
    errno = error.code().value();  // the walk says it
  } catch (const std::exception&) {
    errno = EACCES;
  }
  disk.walk.emplace(std::move(root), name, true, &disk.opener);
}

// ---- Counting ----

void SendWalk::count_some(OnTheDisk& disk, const std::string& name) {
  if (!disk.walk) begin_walk(disk, name);
  for (int i = 0; i < kCountedAtOnce; ++i) {
    const auto entry = disk.walk->next();
    if (!entry) {
      disk.count_done = true;
      return begin_walk(disk, name);
    }
    if (!entry->problem.empty() || !check_name(entry->name).ok()) continue;
    ++disk.files;
    disk.bytes += static_cast<std::uint64_t>(entry->status.st_size);
  }
}

void SendWalk::go_on_counting() {
  disk_.post([weak = weak_from_this(), shared = on_disk_,
              name = name_](const DiskThread::Turn& turn) -> DiskThread::Done {
    if (weak.expired()) return nullptr;
    OnTheDisk& disk = shared->with(turn);
    count_some(disk, name);
    return [weak, done = disk.count_done, files = disk.files, bytes = disk.bytes] {
      const auto self = weak.lock();
      if (!self) return;
      if (!done) return self->go_on_counting();
      self->counted_ = true;
      self->files_ = files;
      self->bytes_ = bytes;
      self->read_ahead();
    };
  });
}

// ---- Opening ----

SendWalk::Found SendWalk::open_some(OnTheDisk& disk) {
  Found found;
  while (found.files.size() < kOpenedAhead && !found.at_end) {
    auto entry = disk.walk->next();
    found.at_end = !entry;
    if (!entry) continue;
    File file{entry->name, nullptr, entry->problem};
    if (file.problem.empty()) file.problem = check_name(entry->name).refusal;
    try {
      if (file.problem.empty())
        file.source = std::make_shared<const FileSource>(disk.walk->open_last());
    } catch (const std::exception& error) {
      file.problem = error.what();
    }
    found.files.push_back(std::move(file));
  }
  return found;
}

void SendWalk::read_ahead() {
  if (reading_ || at_end_ || ready_.size() > kOpenedAhead / 2) return;
  reading_ = true;
  disk_.post([weak = weak_from_this(),
              shared = on_disk_](const DiskThread::Turn& turn) -> DiskThread::Done {
    if (weak.expired()) return nullptr;
    auto found = std::make_shared<Found>(open_some(shared->with(turn)));
    return [weak, found] {
      const auto self = weak.lock();
      if (!self) return;
      self->reading_ = false;
      self->at_end_ = found->at_end;
      for (File& file : found->files) self->ready_.push_back(std::move(file));
    };
  });
}

std::optional<SendWalk::File> SendWalk::next() {
  if (!counted_) return std::nullopt;
  read_ahead();
  if (ready_.empty()) return std::nullopt;
  File file = std::move(ready_.front());
  ready_.pop_front();
  return file;
}

}  // namespace talk
