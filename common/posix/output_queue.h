// Bytes on their way to a terminal or a pipe whose reader may be slow: queued, and written only
// when they are taken, so that nobody waits for the reader.
#pragma once

#include <cstddef>
#include <string_view>

#include "common/posix/byte_queue.h"
#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"
#include "common/posix/wait_set.h"

namespace talk {

class OutputQueue {
 public:
  // Holds at most `maximum` bytes. Borrows `fd`; of a terminal it opens a descriptor of its own,
  // which never waits (posix/tty.h).
  OutputQueue(int fd, std::size_t maximum);

  // Whoever puts keeps far below the maximum by asking size() first: more is a bug. What comes
  // after the reader has gone is dropped.
  void put(std::string_view bytes);
  std::size_t size() const { return bytes_.size(); }  // bytes that are still to be written
  bool empty() const { return bytes_.empty(); }

  void prepare(WaitSet& wait) const;
  // Writes what is taken without waiting.
  void turn(const WaitSet& wait);
  // Writes on until all is written, the reader has gone, or it is `deadline` and no more is taken
  // at once. Signals that the caller has blocked stay blocked.
  void flush(Time deadline);

  // Why nothing can be written any more (errno); 0 while it can.
  int error() const { return error_; }

 private:
  void write();

  OwnedFd fd_;
  bool never_waits_;  // a write that finds no room says so
  ByteQueue bytes_;
  int error_ = 0;
};

}  // namespace talk
