#include "talk_client/file_progress.h"

#include <algorithm>

namespace talk {

FileProgress::FileProgress(BatchScreen& screen, const std::string& name, bool outgoing,
                           std::uint64_t total)
    : screen_(screen) {
  view_.name = name;
  view_.outgoing = outgoing;
  view_.total = total;
  meter_.start(0, Clock::now());
}

void FileProgress::moved(std::uint64_t count) {
  const Time now = Clock::now();
  view_.done += count;
  view_.total = std::max(view_.total, view_.done);
  meter_.update(view_.done, now);
  view_.rate = meter_.rate(now);
  view_.left = meter_.left(view_.done, view_.total, now);
  Status status;
  status.transfers = {view_};
  screen_.set_status(status);
}

}  // namespace talk
