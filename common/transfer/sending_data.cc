// The bytes of the files that go out; which files those are is decided in sending.cc.
#include <algorithm>
#include <span>

#include "common/transfer/sending.h"
#include "common/wire/frame.h"
#include "common/wire/limits.h"

namespace talk {
namespace {

constexpr std::size_t kDataHeader = kFrameHeader + 4;

}  // namespace

bool Sending::has_data() const {
  return std::any_of(open_.begin(), open_.end(), [](const Ptr& file) { return file->can_send(); });
}

// One frame; or several, of files that end with theirs: 1,000 files of 1 KB cost 120 sends together
// and not a few each.
std::string_view Sending::next_data(std::size_t most, Time now) {
  std::size_t used = 0;
  while (used < most) {
    const auto at =
        std::find_if(open_.begin(), open_.end(), [](const Ptr& file) { return file->can_send(); });
    if (at == open_.end()) break;
    const Ptr file = *at;
    std::rotate(at, at + 1, open_.end());
    used += add_frame(*file, used, most - used, now);
    if (file->sent() < file->size()) break;
  }
  return std::string_view(frames_).substr(0, used);
}

// At `place` in frames_; its length, 0 where there is nothing yet.
std::size_t Sending::add_frame(OutgoingFile& file, std::size_t place, std::size_t most, Time now) {
  const std::size_t room = std::min<std::uint64_t>({most, file.size(), kMaxPayload - 4});
  const std::size_t data = place + kDataHeader;
  if (frames_.size() < data + room) frames_.resize(data + room);
  const std::size_t count = file.read(std::span(frames_).subspan(data, room), now);
  if (count == 0) return 0;
  if (DirectoryTally* const directory = directories_.tally_of(file.batch()))
    directory->moved(count, now);
  frames_.replace(place, kDataHeader, make_data_header(file.number(), count));
  return kDataHeader + count;
}

}  // namespace talk
