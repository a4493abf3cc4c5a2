// One thread that touches the disk for files on their way, so that neither a slow disk nor a long
// fsync ever holds up the keyboard or the chat. Jobs run one after the other in the order in which
// they were given.
//
// Whoever touches such a file has the *turn*, of which there is one: the disk's thread while it
// does a job, or the caller's own thread, which may take it between jobs while the disk keeps up.
// What comes from the network is then written while it is still in its processor's cache, and
// nobody has to be woken. What only the holder of the turn may touch is kept in an OnDisk.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>

#include "common/posix/clock.h"
#include "common/posix/wait_set.h"

namespace talk {

class DiskThread {
  struct Shared;

 public:
  // Given back when it goes.
  class Turn {
   public:
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    explicit operator bool() const { return has_it_; }

   private:
    friend class DiskThread;
    friend struct Shared;
    explicit Turn(bool has_it) : has_it_(has_it) {}
    explicit Turn(std::shared_ptr<Shared> shared);

    bool has_it_;
    std::shared_ptr<Shared> shared_;  // of a turn that the caller's thread took
    Time since_{};
  };

  // What is to be done with a job's result, back in the thread that gave the job; may be none.
  using Done = std::function<void()>;
  // Runs in the disk's thread. Must not throw, and must own all it uses.
  using Job = std::function<Done(const Turn&)>;

  DiskThread() = default;
  // Gives the jobs that are left kPatience to be done and then leaves them behind: a process must
  // be able to end although its disk hangs. Nothing is called back any more.
  ~DiskThread();
  DiskThread(const DiskThread&) = delete;
  DiskThread& operator=(const DiskThread&) = delete;

  // Starts the thread with the first job. Throws std::system_error where that cannot be done. The
  // caller bounds what it gives: the queue itself has no limit.
  void post(Job job) { give(std::move(job), false); }
  // The same for one that only writes: how long these take tells whether the disk keeps up.
  void post_write(Job job) { give(std::move(job), true); }

  // The turn for a short write here and now; none where a job is waiting or under way, or the last
  // writes were not short.
  [[nodiscard]] Turn take_turn();

  // Jobs that were given and whose results have not been run.
  std::size_t backlog() const;
  // Waits until no job is left, at most so long. For the end of a session.
  void finish_within(milliseconds patience);

  // A finished job wakes the wait; turn() then runs what the finished jobs returned.
  void prepare(WaitSet& wait) const;
  void turn();

 private:
  void give(Job job, bool is_write);

  std::shared_ptr<Shared> shared_;
};

// Something that two threads share by taking turns: it cannot be reached without the turn.
template <typename T>
class OnDisk {
 public:
  OnDisk() = default;
  explicit OnDisk(T value) : value_(std::move(value)) {}

  T& with(const DiskThread::Turn&) { return value_; }

 private:
  T value_;
};

}  // namespace talk
