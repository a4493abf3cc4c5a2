#include "common/files/disk_worker.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "common/posix/error.h"
#include "common/posix/owned_fd.h"

namespace talk {
namespace {

constexpr seconds kPatience{3};

// Signals belong to the main thread's wait: the new thread inherits a mask that lets none in.
class AllSignalsBlocked {
 public:
  AllSignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~AllSignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  AllSignalsBlocked(const AllSignalsBlocked&) = delete;
  AllSignalsBlocked& operator=(const AllSignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

void set_flags(int fd) {
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
}

}  // namespace

// Owned by both threads: whichever lives longer can still use it.
struct DiskWorker::Shared {
  Shared();
  void run();
  void wake();

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Job> jobs;
  std::vector<Done> done;
  bool stopping = false;
  bool stopped = false;
  OwnedFd readable;  // a pipe that holds a byte while `done` is not empty
  OwnedFd writable;
};

DiskWorker::Shared::Shared() {
  int ends[2];
  if (::pipe(ends) != 0) throw_errno("start the disk's thread");
  readable.reset(ends[0]);
  writable.reset(ends[1]);
  set_flags(ends[0]);
  set_flags(ends[1]);
}

// With the mutex held, before the first result is put into `done`.
void DiskWorker::Shared::wake() {
  const char byte = 1;
  if (::write(writable.get(), &byte, 1) < 0) return;  // full: it is readable already
}

void DiskWorker::Shared::run() {
  std::unique_lock lock(mutex);
  while (true) {
    changed.wait(lock, [this] { return stopping || !jobs.empty(); });
    if (jobs.empty()) break;
    Job job = std::move(jobs.front());
    jobs.pop_front();
    lock.unlock();
    Done result = job();
    job = nullptr;  // what it owned is given back here, not under the lock
    lock.lock();
    if (!result || stopping) continue;
    if (done.empty()) wake();
    done.push_back(std::move(result));
  }
  stopped = true;
  changed.notify_all();
}

DiskWorker::~DiskWorker() {
  if (!shared_) return;
  std::unique_lock lock(shared_->mutex);
  shared_->stopping = true;
  shared_->changed.notify_all();
  shared_->changed.wait_for(lock, kPatience, [this] { return shared_->stopped; });
}

void DiskWorker::post(Job job) {
  if (!shared_) {
    auto shared = std::make_shared<Shared>();
    const AllSignalsBlocked blocked;
    std::thread([shared] { shared->run(); }).detach();
    shared_ = std::move(shared);
  }
  const std::lock_guard lock(shared_->mutex);
  shared_->jobs.push_back(std::move(job));
  shared_->changed.notify_all();
}

std::size_t DiskWorker::backlog() const {
  if (!shared_) return 0;
  const std::lock_guard lock(shared_->mutex);
  return shared_->jobs.size() + shared_->done.size();
}

void DiskWorker::prepare(WaitSet& wait) const {
  if (shared_) wait.want_read(shared_->readable.get());
}

void DiskWorker::turn() {
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
