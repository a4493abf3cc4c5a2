#include "common/posix/parallel_for.h"

#include <algorithm>
#include <system_error>

#include "common/posix/signals.h"

namespace talk {
ParallelFor::~ParallelFor() {
  stopping_ = true;
  begin_.release(static_cast<std::ptrdiff_t>(threads_.size()));
  for (std::thread& thread : threads_) thread.join();
}

void ParallelFor::start_threads() {
  started_ = true;
  const AllSignalsBlocked blocked;
  try {
    while (threads_.size() + 1 < most_threads_) threads_.emplace_back([this] { work(); });
  } catch (const std::system_error&) {
    // Then with fewer.
  }
}

void ParallelFor::work() {
  while (true) {
    begin_.acquire();
    if (stopping_) return;
    make_calls();
    done_.release();
  }
}

void ParallelFor::make_calls() {
  for (std::size_t i; (i = next_++) < count_;) (*call_)(i);
}

void ParallelFor::for_each(std::size_t count, const Call& call) {
  if (count > 1 && !started_) start_threads();
  const std::size_t others = count > 1 ? std::min(threads_.size(), count - 1) : 0;
  call_ = &call;
  count_ = count;
  next_ = 0;
  begin_.release(static_cast<std::ptrdiff_t>(others));
  make_calls();
  for (std::size_t i = 0; i < others; ++i) done_.acquire();
}

}  // namespace talk
