#include "common/transfer/incoming_file.h"

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

#include "common/files/file_name.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

// How far a peer may run ahead of the disk: what is sent twice after a broken link, and what a
// slow disk makes this process hold, for each file.
constexpr std::uint64_t kWindow = std::uint64_t{1} << 20;
// Large enough that a write costs little beside its bytes, small enough to stay in the cache.
constexpr std::size_t kChunk = std::size_t{256} << 10;
// Less is gathered first: what is written costs little beside the writing.
constexpr std::size_t kWorthWriting = std::size_t{16} << 10;

// Another session may have removed a directory just now that it had made for a file of its own:
// then it is made again.
void begin(std::optional<PartialFile>& file, const std::shared_ptr<Inbox>& inbox,
           const PartialFile::Identity& identity, PartialFile::Others others) {
  try {
    file.emplace(inbox, identity, others);
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::no_such_file_or_directory) throw;
    file.emplace(inbox, identity, others);
  }
}

DiskThread::Done both(DiskThread::Done first, DiskThread::Done second) {
  if (!first || !second) return first ? first : second;
  return [first = std::move(first), second = std::move(second)] {
    first();
    second();
  };
}

}  // namespace

std::string IncomingFile::title() const { return file_title(name(), size()); }

bool IncomingFile::is_same(const Offer& offer) const {
  return offer.name == name() && offer.size == size() && offer.mtime == offer_.mtime;
}

TransferView IncomingFile::view(Time now) const {
  return {number(),
          false,
          name(),
          received_,
          size(),
          meter_.rate(now),
          meter_.left(received_, size(), now)};
}

// A job that works on the part and then, back in this thread and if the file is still wanted, goes
// on with the result.
template <typename Work, typename Then>
DiskThread::Job IncomingFile::job(Work work, Then then) {
  return [shared = on_disk_, weak = weak_from_this(), work = std::move(work),
          then](const DiskThread::Turn& turn) -> DiskThread::Done {
    Part& part = shared->with(turn);
    if (part.broken) return nullptr;
    bool mismatch = false;
    std::string reason;
    try {
      return [weak, then, result = work(part)] {
        const auto self = weak.lock();
        if (self && self->state_ != State::over) then(*self, result);
      };
    } catch (const ChecksumError& error) {
      reason = error.what();
      mismatch = true;
    } catch (const std::exception& error) {
      reason = error.what();
    }
    part.broken = true;
    return [weak, reason, mismatch] {
      if (const auto self = weak.lock()) self->broke(reason, mismatch);
    };
  };
}

void IncomingFile::open(std::shared_ptr<Inbox> inbox, const std::string& peer,
                        PartialFile::Others others, bool whole) {
  inbox_ = inbox;
  PartialFile::Identity identity{peer, check_name(name()).parts, size(), offer_.mtime};
  Begin begin_part = [inbox = std::move(inbox), identity = std::move(identity),
                      others](Part& part) { begin(part.file, inbox, identity, others); };
  if (whole) return open_whole(std::move(begin_part));
  state_ = State::opening;
  disk_.post(job(
      [begin_part = std::move(begin_part)](Part& part) {
        begin_part(part);
        return part.file->size();
      },
      [](IncomingFile& self, std::uint64_t start) {
        self.state_ = State::receiving;
        self.start_ = self.received_ = self.written_ = start;
        self.limit_ = std::min(self.size(), start + kWindow);
        self.meter_.start(start, Clock::now());
        self.owner_.opened(self);
      }));
  disk_.post(job(
      [](Part& part) {
        part.file->hash_found();
        return 0;
      },
      [](IncomingFile&, int) {}));
}

void IncomingFile::open_whole(Begin begin_part) {
  begin_ = std::make_shared<const Begin>(std::move(begin_part));
  state_ = State::receiving;
  limit_ = size();
  meter_.start(0, Clock::now());
  owner_.opened(*this);
}

void IncomingFile::take(std::string_view piece, Time now) {
  if (state_ != State::receiving || piece.size() > limit_ - received_)
    throw ProtocolError("file data beyond what was allowed");
  received_ += piece.size();
  meter_.update(received_, now);
  if (piece.size() < kWorthWriting || is_whole()) return gather(piece);
  flush();
  if (!write_now(piece)) gather(piece);
}

void IncomingFile::gather(std::string_view piece) {
  while (!piece.empty()) {
    if (chunk_.empty()) chunk_.reserve(std::min<std::uint64_t>(kChunk, size()));
    const std::string_view part = piece.substr(0, kChunk - chunk_.size());
    chunk_.append(part);
    piece.remove_prefix(part.size());
    if (chunk_.size() == kChunk) flush();
  }
}

void IncomingFile::flush() {
  if (chunk_.empty() || is_whole()) return;
  std::string bytes = std::exchange(chunk_, {});
  if (write_now(bytes)) return;
  disk_.post_write(job(
      [bytes = std::make_shared<const std::string>(std::move(bytes))](Part& part) {
        part.file->write(*bytes);
        return bytes->size();
      },
      [](IncomingFile& self, std::size_t count) { self.written(count); }));
}

// Without a copy and before it returns; or does nothing and returns false, because it is not this
// thread's turn.
bool IncomingFile::write_now(std::string_view bytes) {
  std::string problem;
  {
    const DiskThread::Turn turn = disk_.take_turn();
    if (!turn) return false;
    Part& part = on_disk_->with(turn);
    if (part.broken) return true;
    try {
      part.file->write(bytes);
    } catch (const std::exception& error) {
      part.broken = true;
      problem = error.what();
    }
  }
  problem.empty() ? written(bytes.size()) : broke(problem, false);
  return true;
}

void IncomingFile::written(std::uint64_t count) {
  written_ += count;
  if (state_ != State::receiving) return;
  const std::uint64_t limit = std::min(size(), written_ + kWindow);
  const bool worth_saying = limit - limit_ >= kWindow / 4 || limit == size();
  if (limit == limit_ || !worth_saying) return;
  limit_ = limit;
  owner_.widened(*this);
}

void IncomingFile::finish(std::uint32_t crc, const std::shared_ptr<PublishGroup>& group,
                          PartialFile::Remembered wanted) {
  flush();
  if (state_ != State::receiving) return;  // the last write failed
  state_ = State::finishing;
  // What was asked for is asked for again by this side, which knows what it has.
  using Remembered = PartialFile::Remembered;
  const Remembered remembered = was_asked_for_ ? Remembered::no : wanted;
  group_ = group;
  group->expect();
  disk_.post([shared = on_disk_, weak = weak_from_this(), first = first_job(), group, crc,
              remembered](const DiskThread::Turn& turn) -> DiskThread::Done {
    const DiskThread::Done failed = first ? first(turn) : nullptr;
    Part& part = shared->with(turn);
    if (!part.broken)
      group->add(*part.file, crc, remembered, [shared, weak, &part](const auto& outcome) {
        part.broken = outcome.name.empty();
        return [weak, outcome] {
          if (const auto self = weak.lock()) self->published(outcome);
        };
      });
    return both(failed, group->came(turn));
  });
}

// Of a whole one, of which nothing is on the disk yet: all but its end. What an earlier session
// left of it is of no use, as it has come once more.
DiskThread::Job IncomingFile::first_job() {
  if (!is_whole()) return nullptr;
  return job(
      [begin_part = begin_,
       bytes = std::make_shared<const std::string>(std::exchange(chunk_, {}))](Part& part) {
        (*begin_part)(part);
        part.file->take_again();
        part.file->hash_found();
        part.file->write(*bytes);
        return 0;
      },
      [](IncomingFile&, int) {});
}

void IncomingFile::published(const PublishGroup::Outcome& outcome) {
  if (outcome.name.empty()) return broke(outcome.problem, outcome.mismatch);
  if (state_ == State::over) return;
  state_ = State::stored;
  owner_.stored(*this, outcome.name);
}

void IncomingFile::broke(const std::string& reason, bool mismatch) {
  if (state_ != State::over) owner_.failed(*this, reason, mismatch);
}

void IncomingFile::let_go(bool keep_part) {
  const State before = std::exchange(state_, State::over);
  if (before == State::asked || before == State::over) return;
  if (keep_part) flush();
  const bool may_wait = before == State::finishing;  // in its group, for others
  disk_.post([shared = on_disk_, group = may_wait ? std::move(group_) : nullptr,
              keep_part](const DiskThread::Turn& turn) -> DiskThread::Done {
    DiskThread::Done done = group ? group->publish(turn) : nullptr;
    Part& part = shared->with(turn);
    if (part.file && !keep_part) part.file->discard();
    if (part.file && keep_part) part.kept = part.file->hidden_name();
    part.file.reset();
    part.broken = true;
    return done;
  });
}

void IncomingFile::discard() {
  if (state_ != State::over || !inbox_) return let_go(false);
  disk_.post([shared = on_disk_, inbox = inbox_, path = check_name(name()).parts](
                 const DiskThread::Turn& turn) mutable -> DiskThread::Done {
    path.back() = std::exchange(shared->with(turn).kept, {});
    if (!path.back().empty()) inbox->remove_part(std::move(path));
    return nullptr;
  });
}

}  // namespace talk
