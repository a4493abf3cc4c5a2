// The same call for several items at once, in this thread and in a few others: for calls that spend
// their time waiting in the kernel. The threads do nothing else.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <semaphore>
#include <thread>
#include <vector>

namespace talk {

class ParallelFor {
 public:
  using Call = std::function<void(std::size_t)>;

  // With at most so many threads, the caller's among them.
  explicit ParallelFor(unsigned most_threads) : most_threads_(most_threads) {}
  ~ParallelFor();
  ParallelFor(const ParallelFor&) = delete;
  ParallelFor& operator=(const ParallelFor&) = delete;

  // Makes call(0) to call(count - 1), each once, in any order, and returns when all are done. The
  // call must not throw, and bears being made in several threads at once. The other threads are
  // started when first needed, with all signals blocked; where none can be, this one does it all.
  void for_each(std::size_t count, const Call& call);

 private:
  void start_threads();
  void work();
  void make_calls();

  const unsigned most_threads_;
  std::vector<std::thread> threads_;
  bool started_ = false;
  std::atomic<bool> stopping_ = false;
  std::counting_semaphore<> begin_{0};
  std::counting_semaphore<> done_{0};
  // Of the for_each() that runs.
  const Call* call_ = nullptr;
  std::size_t count_ = 0;
  std::atomic<std::size_t> next_ = 0;
};

}  // namespace talk
