#include "common/posix/byte_queue.h"

#include "common/posix/bug.h"

namespace talk {

bool ByteQueue::append(std::string_view bytes) {
  if (bytes.size() > room()) return false;
  if (head_ > bytes_.size() / 2) {  // moving at most as much as was consumed: constant cost a byte
    bytes_.erase(0, head_);
    head_ = 0;
  }
  bytes_.append(bytes);
  return true;
}

void ByteQueue::consume(std::size_t count) {
  check(count <= size(), "consumed more than was queued");
  head_ += count;
  if (empty()) {
    bytes_.clear();
    head_ = 0;
  }
}

}  // namespace talk
