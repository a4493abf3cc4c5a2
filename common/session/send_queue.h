// What waits to be sent to the peer, in order, with a count of whose doing it is: words of this
// side fill it up to where the keyboard rests, answers to what the peer asked up to where the peer
// is no longer read from. So neither can lock out the other.
#pragma once

#include <cstddef>
#include <deque>
#include <string_view>

#include "common/posix/byte_queue.h"

namespace talk {

class SendQueue {
 public:
  enum class Cause { own, answer };

  explicit SendQueue(std::size_t maximum) : bytes_(maximum) {}

  // False, with nothing taken, where the bytes do not fit.
  [[nodiscard]] bool append(std::string_view bytes, Cause cause);
  std::string_view view() const { return bytes_.view(); }
  void consume(std::size_t count);

  bool empty() const { return bytes_.empty(); }
  std::size_t size() const { return bytes_.size(); }
  std::size_t answers() const { return answers_; }  // bytes
  std::size_t own() const { return size() - answers_; }

 private:
  struct Run {
    Cause cause;
    std::size_t size;
  };

  ByteQueue bytes_;
  std::deque<Run> runs_;  // of bytes_, neighbours differ in their cause
  std::size_t answers_ = 0;
};

}  // namespace talk
