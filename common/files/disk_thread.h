// One thread that touches the disk for received files, so that neither a slow disk nor a long fsync
// ever holds up the keyboard or the chat. Jobs run one after the other in the order in which they
// were given. Only writes to a disk that keeps up are done by the caller's own thread: what comes
// from the network is then still in its processor's cache, and nobody has to be woken.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "common/posix/clock.h"
#include "common/posix/wait_set.h"

namespace talk {

class DiskThread {
 public:
  // What is to be done with a job's result, back in the thread that gave the job.
  using Done = std::function<void()>;
  // Runs in the worker's thread. Must not throw, and must own all it uses.
  using Job = std::function<Done()>;

  DiskThread() = default;
  // Gives the jobs that are left `kPatience` to be done and then leaves them behind: a process
  // must be able to end although its disk hangs. Nothing is called back any more.
  ~DiskThread();
  DiskThread(const DiskThread&) = delete;
  DiskThread& operator=(const DiskThread&) = delete;

  // Starts the thread with the first job. Throws std::system_error where that cannot be done.
  // The caller bounds what it gives: the queue itself has no limit.
  void post(Job job);

  // The same for a job that only writes to a file. Run here and now where writes_at_once().
  void write(Job job);
  // The last writes were short, and every job that was given is done.
  bool writes_at_once() const;

  // Jobs that were given and whose results have not been run.
  std::size_t backlog() const;

  // A finished job wakes the wait; turn() then runs what the finished jobs returned.
  void prepare(WaitSet& wait) const;
  void turn();

 private:
  struct Shared;
  void give(Job job, bool is_write);

  std::shared_ptr<Shared> shared_;
};

}  // namespace talk
