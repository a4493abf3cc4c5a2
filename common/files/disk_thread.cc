#include "common/files/disk_thread.h"

#include <fcntl.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "common/files/disk_pace.h"
#include "common/posix/error.h"
#include "common/posix/owned_fd.h"
#include "common/posix/signals.h"

namespace talk {
namespace {

constexpr seconds kPatience{3};

void set_flags(int fd) {
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
}

}  // namespace

// Owned by both threads: whichever lives longer can still use it.
struct DiskThread::Shared {
  Shared();
  struct Entry {
    Job job;
    bool is_write = false;
  };
  void run();
  void do_job(Entry entry, std::unique_lock<std::mutex>& lock);
  bool left() const { return busy || !jobs.empty(); }
  void wake();

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Entry> jobs;
  bool busy = false;  // somebody has the turn
  DiskPace pace;
  std::vector<Done> done;
  bool stopping = false;
  bool stopped = false;
  OwnedFd readable;  // a pipe that holds a byte while `done` is not empty
  OwnedFd writable;
};

DiskThread::Shared::Shared() {
  int ends[2];
  if (::pipe(ends) != 0) throw_errno("start the disk's thread");
  readable.reset(ends[0]);
  writable.reset(ends[1]);
  set_flags(ends[0]);
  set_flags(ends[1]);
}

// With the mutex held, before the first result is put into `done`.
void DiskThread::Shared::wake() {
  const char byte = 1;
  if (::write(writable.get(), &byte, 1) < 0) return;  // full: it is readable already
}

void DiskThread::Shared::run() {
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait(lock, [this] { return !busy && (stopping || !jobs.empty()); });
    if (jobs.empty()) break;
    Entry entry = std::move(jobs.front());
    jobs.pop_front();
    do_job(std::move(entry), lock);
  }
  stopped = true;
  changed.notify_all();
}

// The lock is held before and after.
void DiskThread::Shared::do_job(Entry entry, std::unique_lock<std::mutex>& lock) {
  busy = true;
  lock.unlock();
  const Time start = Clock::now();
  Done result = entry.job(Turn(true));
  const Clock::duration time = Clock::now() - start;
  entry.job = nullptr;  // what it owned is given back here, in the turn and not under the lock
  lock.lock();
  busy = false;
  if (!left()) changed.notify_all();
  if (entry.is_write) pace.took(time);
  if (!result || stopping) return;
  if (done.empty()) wake();
  done.push_back(std::move(result));
}

DiskThread::Turn::Turn(std::shared_ptr<Shared> shared)
    : has_it_(true), shared_(std::move(shared)), since_(Clock::now()) {}

DiskThread::Turn::~Turn() {
  if (!shared_) return;
  const Clock::duration time = Clock::now() - since_;
  const std::lock_guard lock(shared_->mutex);
  shared_->busy = false;
  shared_->pace.took(time);
  if (!shared_->jobs.empty()) shared_->changed.notify_all();
}

DiskThread::Turn DiskThread::take_turn() {
  if (!shared_) return Turn(false);
  const std::lock_guard lock(shared_->mutex);
  if (shared_->left() || !shared_->pace.keeps_up()) return Turn(false);
  shared_->busy = true;
  return Turn(shared_);
}

DiskThread::~DiskThread() {
  if (!shared_) return;
  std::unique_lock lock(shared_->mutex);
  shared_->stopping = true;
  shared_->changed.notify_all();
  shared_->changed.wait_for(lock, kPatience, [this] { return shared_->stopped; });
}

void DiskThread::give(Job job, bool is_write) {
  if (!shared_) {
    auto shared = std::make_shared<Shared>();
    const AllSignalsBlocked blocked;
    std::thread([shared] { shared->run(); }).detach();
    shared_ = std::move(shared);
  }
  const std::lock_guard lock(shared_->mutex);
  shared_->jobs.push_back({std::move(job), is_write});
  shared_->changed.notify_all();
}

std::size_t DiskThread::backlog() const {
  if (!shared_) return 0;
  const std::lock_guard lock(shared_->mutex);
  return shared_->jobs.size() + (shared_->busy ? 1 : 0) + shared_->done.size();
}

void DiskThread::finish_within(milliseconds patience) {
  if (!shared_) return;
  std::unique_lock lock(shared_->mutex);
  shared_->changed.wait_for(lock, patience, [this] { return !shared_->left(); });
}

void DiskThread::prepare(WaitSet& wait) const {
  if (shared_) wait.want_read(shared_->readable.get());
}

void DiskThread::turn() {
  if (!shared_) return;
  std::vector<Done> done;
  {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->done.empty()) return;
    char bytes[16];
    while (::read(shared_->readable.get(), bytes, sizeof bytes) > 0) {
    }
    done.swap(shared_->done);
  }
  for (const Done& result : done) result();
}

}  // namespace talk
