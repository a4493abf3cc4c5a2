#include "common/transfer/outgoing_file.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "common/files/crc32c.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

// A part of a file that the peer already has is hashed in steps, so that other work gets its turn.
constexpr std::uint64_t kHashStep = std::uint64_t{8} << 20;
constexpr std::size_t kHashedAtOnce = std::size_t{256} << 10;
constexpr const char* kChanged = "it changed while it was sent";
// What is read at once from a disk that has to be waited for.
constexpr std::uint64_t kFetched = std::uint64_t{1} << 20;

// The checksum of what `crc` stands for and the bytes behind it; gives up where nobody wants it.
std::uint32_t hash_bytes(const FileSource& source, std::uint64_t from, std::uint64_t to,
                         std::uint32_t crc, const std::weak_ptr<OutgoingFile>& wanted_by) {
  std::string buffer(kHashedAtOnce, '\0');
  for (std::uint64_t at = from; at < to && !wanted_by.expired(); at += buffer.size()) {
    buffer.resize(std::min<std::uint64_t>(buffer.size(), to - at));
    source.read(at, buffer);
    crc = crc32c(crc, buffer);
  }
  return crc;
}

}  // namespace

std::string OutgoingFile::title() const { return file_title(name_, size()); }

TransferView OutgoingFile::view(Time now) const {
  return {number_, true, name_, sent_, size(), meter_.rate(now), meter_.left(sent_, size(), now)};
}

Offer OutgoingFile::offer(TransferNumber number) {
  number_ = number;
  return {number, size(), source_->mtime(), name_};
}

std::vector<TransferNumber> OutgoingFile::numbers() const {
  std::vector<TransferNumber> numbers = earlier_;
  if (number_ != 0) numbers.push_back(number_);
  return numbers;
}

void OutgoingFile::send_ahead(Time now) {
  begin({number_, 0, size()}, now);
  ahead_of_accept_ = true;
}

void OutgoingFile::accept(const Accept& accept, Time now) {
  earlier_.clear();
  if (!std::exchange(ahead_of_accept_, false)) begin(accept, now);
}

void OutgoingFile::begin(const Accept& accept, Time now) {
  if (state_ != State::offered) throw ProtocolError("a file accepted twice");
  if (accept.start > size() || accept.limit < accept.start)
    throw ProtocolError("a file accepted beyond its end");
  state_ = State::sending;
  start_ = sent_ = accept.start;
  limit_ = accept.limit;
  meter_.start(start_, now);
  if (start_ == 0)
    skipped_crc_ = 0;
  else
    hash(0, start_, 0, &OutgoingFile::skipped);
  if (sent_ == size()) finish();
}

// From `from` to `end` of the file, in steps, in the disk's thread.
void OutgoingFile::hash(std::uint64_t from, std::uint64_t end, std::uint32_t crc, Then then) {
  disk_.post([weak = weak_from_this(), source = source_, from, end, crc, then,
              to = std::min(end, from + kHashStep)](const DiskThread::Turn&) -> DiskThread::Done {
    try {
      return [weak, to, end, then, now = hash_bytes(*source, from, to, crc, weak)] {
        const auto self = weak.lock();
        if (!self) return;
        if (to < end)
          self->hash(to, end, now, then);
        else
          ((*self).*then)(now);
      };
    } catch (const std::exception& error) {
      return [weak, reason = std::string(error.what())] {
        if (const auto self = weak.lock()) self->owner_.failed(*self, reason);
      };
    }
  });
}

// ---- Reading ----

std::size_t OutgoingFile::read(std::span<char> room, Time now) {
  std::size_t count = std::min<std::uint64_t>(room.size(), std::min(limit_, size()) - sent_);
  try {
    count = take(room.first(count));
  } catch (const std::exception& error) {
    owner_.failed(*this, error.what());
    return 0;
  }
  crc_ = crc32c(crc_, {room.data(), count});
  sent_ += count;
  meter_.update(sent_, now);
  if (sent_ == size()) finish();
  return count;
}

// What is in memory is read here and now: nothing is faster. A disk that has to be waited for is
// read by its own thread, a piece ahead of what is sent.
std::size_t OutgoingFile::take(std::span<char> room) {
  if (ahead_at_ == ahead_.size() && !fetched_.empty()) {
    ahead_ = std::exchange(fetched_, {});
    ahead_at_ = 0;
    read_ahead();
  }
  if (ahead_at_ < ahead_.size()) {
    const std::size_t count = ahead_.copy(room.data(), room.size(), ahead_at_);
    ahead_at_ += count;
    return count;
  }
  if (const auto count = source_->read_now(sent_, room)) return *count;
  fetch(sent_);
  return 0;
}

// Asks for what stands behind what was read ahead, unless that is in memory by now.
void OutgoingFile::read_ahead() {
  char probe = 0;
  const std::uint64_t from = sent_ + ahead_.size();  // of which nothing is sent yet
  if (from < size() && !source_->read_now(from, {&probe, 1})) fetch(from);
}

void OutgoingFile::fetch(std::uint64_t from) {
  fetching_ = true;
  const std::uint64_t count = std::min(kFetched, size() - from);
  disk_.post([weak = weak_from_this(), source = source_, from,
              count](const DiskThread::Turn&) -> DiskThread::Done {
    auto bytes = std::make_shared<std::string>(count, '\0');
    try {
      if (!weak.expired()) source->read(from, *bytes);
      return [weak, bytes] {
        if (const auto self = weak.lock()) self->fetched(std::move(*bytes));
      };
    } catch (const std::exception& error) {
      return [weak, reason = std::string(error.what())] {
        if (const auto self = weak.lock()) self->owner_.failed(*self, reason);
      };
    }
  });
}

void OutgoingFile::fetched(std::string bytes) {
  fetching_ = false;
  fetched_ = std::move(bytes);
}

// ---- The end ----

// The checksum is of the whole file, also of what the peer already has.
void OutgoingFile::skipped(std::uint32_t crc) {
  skipped_crc_ = crc;
  if (state_ == State::finishing) finish();
}

// All is sent; the end is said once the part that was skipped is hashed too, and what was sent is
// known to be one version of the file. Its times tell of every write but those through a mapping
// that was written to before: then it is read once more (0.15 s for each GiB in memory).
void OutgoingFile::finish() {
  state_ = State::finishing;
  if (!skipped_crc_) return;
  if (source_->changed()) return owner_.failed(*this, kChanged);
  if (size() > 0 && source_->may_have_been_mapped())
    return hash(0, size(), 0, &OutgoingFile::looked_again);
  looked_again(whole_crc());
}

std::uint32_t OutgoingFile::whole_crc() const {
  return crc32c_joined(*skipped_crc_, crc_, size() - start_);
}

void OutgoingFile::looked_again(std::uint32_t crc) {
  if (crc != whole_crc()) return owner_.failed(*this, kChanged);
  state_ = State::ended;
  owner_.complete(*this, crc);
}

std::shared_ptr<OutgoingFile> OutgoingFile::again() const {
  const auto file = std::make_shared<OutgoingFile>(owner_, disk_, name_, batch_, source_);
  file->earlier_ = numbers();
  return file;
}

}  // namespace talk
