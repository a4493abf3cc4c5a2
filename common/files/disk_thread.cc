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
  void wake();

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Entry> jobs;
  bool busy = false;  // with one that is not in `jobs` any more
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
    changed.wait(lock, [this] { return stopping || !jobs.empty(); });
    if (jobs.empty()) break;
    Entry entry = std::move(jobs.front());
    jobs.pop_front();
    do_job(std::move(entry), lock);
  }
  stopped = true;
  changed.notify_all();
}

// In either thread. The lock is held before and after.
void DiskThread::Shared::do_job(Entry entry, std::unique_lock<std::mutex>& lock) {
  busy = true;
  lock.unlock();
  const Time start = Clock::now();
  Done result = entry.job();
  const Clock::duration time = Clock::now() - start;
  entry.job = nullptr;  // what it owned is given back here, not under the lock
  lock.lock();
  busy = false;
  if (entry.is_write) pace.took(time);
  if (!result || stopping) return;
  if (done.empty()) wake();
  done.push_back(std::move(result));
}

DiskThread::~DiskThread() {
  if (!shared_) return;
  std::unique_lock lock(shared_->mutex);
  shared_->stopping = true;
  shared_->changed.notify_all();
  shared_->changed.wait_for(lock, kPatience, [this] { return shared_->stopped; });
}

void DiskThread::post(Job job) { give(std::move(job), false); }

bool DiskThread::writes_at_once() const {
  if (!shared_) return false;
  const std::lock_guard lock(shared_->mutex);
  return shared_->jobs.empty() && !shared_->busy && shared_->pace.keeps_up();
}

void DiskThread::write(Job job) {
  if (!writes_at_once()) return give(std::move(job), true);
  std::unique_lock lock(shared_->mutex);
  shared_->do_job({std::move(job), true}, lock);
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
