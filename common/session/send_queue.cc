#include "common/session/send_queue.h"

#include <algorithm>

namespace talk {

bool SendQueue::append(std::string_view bytes, Cause cause) {
  if (!bytes_.append(bytes)) return false;
  if (bytes.empty()) return true;
  if (runs_.empty() || runs_.back().cause != cause) runs_.push_back({cause, 0});
  runs_.back().size += bytes.size();
  if (cause == Cause::answer) answers_ += bytes.size();
  return true;
}

void SendQueue::consume(std::size_t count) {
  bytes_.consume(count);
  while (count > 0) {
    Run& run = runs_.front();
    const std::size_t part = std::min(count, run.size);
    run.size -= part;
    count -= part;
    if (run.cause == Cause::answer) answers_ -= part;
    if (run.size == 0) runs_.pop_front();
  }
}

}  // namespace talk
