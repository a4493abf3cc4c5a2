#include "common/transfer/outgoing_file.h"

#include <algorithm>
#include <exception>

#include "common/files/crc32c.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

// A part of a file that the peer already has is hashed in steps, so that other work gets its turn.
constexpr std::uint64_t kHashStep = std::uint64_t{8} << 20;
constexpr std::size_t kHashedAtOnce = std::size_t{256} << 10;

// The checksum of what `crc` stands for and the bytes behind it; gives up where nobody wants it.
std::uint32_t hash(const FileSource& source, std::uint64_t from, std::uint64_t to,
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

Offer OutgoingFile::offer(std::uint32_t number) {
  number_ = number;
  return {number, size(), source_->mtime(), name_};
}

void OutgoingFile::accept(const Accept& accept, Time now) {
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
    hash_skipped(0, 0);
  if (sent_ == size()) finish();
}

// The checksum is of the whole file, also of what the peer already has.
void OutgoingFile::hash_skipped(std::uint64_t from, std::uint32_t crc) {
  disk_.post(
      [weak = weak_from_this(), source = source_, from, crc,
       to = std::min(start_, from + kHashStep)](const DiskThread::Turn&) -> DiskThread::Done {
        try {
          return [weak, to, now = hash(*source, from, to, crc, weak)] {
            const auto self = weak.lock();
            if (!self) return;
            if (to < self->start_) return self->hash_skipped(to, now);
            self->skipped_crc_ = now;
            if (self->state_ == State::finishing) self->finish();
          };
        } catch (const std::exception& error) {
          return [weak, reason = std::string(error.what())] {
            if (const auto self = weak.lock()) self->owner_.failed(*self, reason);
          };
        }
      });
}

std::size_t OutgoingFile::read(std::span<char> room, Time now) {
  const std::size_t count = std::min<std::uint64_t>(room.size(), std::min(limit_, size()) - sent_);
  try {
    source_->read(sent_, room.first(count));
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

// All is sent; the end is said once the part that was skipped is hashed too.
void OutgoingFile::finish() {
  state_ = State::finishing;
  if (!skipped_crc_) return;
  if (source_->changed()) return owner_.failed(*this, "it changed while it was sent");
  state_ = State::ended;
  owner_.complete(*this, crc32c_joined(*skipped_crc_, crc_, size() - start_));
}

std::shared_ptr<OutgoingFile> OutgoingFile::again() const {
  auto anew = std::make_shared<OutgoingFile>(owner_, disk_, name_, batch_, source_);
  anew->begun_anew_ = begun_anew_;
  return anew;
}

}  // namespace talk
