#include "common/transfer/receiving.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "common/files/file_name.h"
#include "common/files/incoming_file.h"
#include "common/files/progress.h"
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
constexpr std::size_t kMaxOpen = 64;     // files at once
constexpr std::size_t kMaxRequests = 4;  // asked for at once
constexpr std::size_t kMaxJobs = 256;    // a disk that is so far behind takes no more files
constexpr std::size_t kMaxClosed = 256;
// A session may bring so many files of the largest size.
constexpr std::uint64_t kLargestFiles = 100;
constexpr std::uint64_t kUnlimited = std::uint64_t{1} << 62;

}  // namespace

struct Receiving::Incoming {
  enum class State { asked, opening, receiving, finishing };
  std::uint32_t number = 0;
  std::string name;  // checked
  std::uint64_t size = 0;
  std::int64_t mtime = 0;
  State state = State::asked;
  bool was_asked_for = false;
  std::uint64_t received = 0;  // up to here; handed to the disk or in `chunk`
  std::uint64_t written = 0;
  std::uint64_t limit = 0;
  std::uint32_t crc = 0;
  std::string chunk;
  RateMeter meter;
  std::unique_ptr<IncomingFile> file;  // once it was accepted

  std::string title() const { return name + " (" + size_text(size) + ")"; }
};

Receiving::Receiving(const Transfers::Options& options, TransferOutbox& out, DiskThread& worker)
    : options_(options), out_(out), worker_(worker) {
  try {
    inbox_ = std::make_shared<Inbox>(options.directory);
    worker_.post([inbox = inbox_, this]() -> DiskThread::Done {
      const std::uint64_t left = inbox->sweep(std::chrono::system_clock::now());
      // What others' broken uploads left never stands in the way of this session's alone.
      return [this, left] { taken_ += std::min(left, session_limit() / 2); };
    });
  } catch (const std::exception& error) {
    inbox_.reset();
    no_inbox_ = error.what();
  }
}

Receiving::~Receiving() = default;

Receiving::Ptr Receiving::find(std::uint32_t number) const {
  const auto at = std::find_if(open_.begin(), open_.end(),
                               [&](const Ptr& incoming) { return incoming->number == number; });
  return at == open_.end() ? nullptr : *at;
}

bool Receiving::asked_for(std::uint32_t number) const {
  return std::any_of(requests_.begin(), requests_.end(),
                     [&](const Request& request) { return request.number == number; });
}

bool Receiving::in_use(std::uint32_t number) const { return asked_for(number) || find(number); }

bool Receiving::idle() const { return open_.empty() && requests_.empty() && wanted_.empty(); }

std::string Receiving::place(const std::string& name) const {
  return options_.directory + (options_.directory.ends_with('/') ? "" : "/") + name;
}

// Bytes, with the parts that stand in the directory.
std::uint64_t Receiving::session_limit() const {
  const std::uint64_t largest = options_.max_file_size;
  return largest > 0 && largest < kUnlimited / kLargestFiles ? largest * kLargestFiles : kUnlimited;
}

std::string Receiving::refusal(const Offer& offer, bool asked) const {
  if (!asked && !options_.refuse_because.empty()) return options_.refuse_because;
  if (!inbox_) return no_inbox_;
  const std::uint64_t largest = options_.max_file_size;
  if (largest > 0 && offer.size > largest)
    return "it has " + size_text(offer.size) + ", more than the " + size_text(largest) +
           " that are taken";
  if (offer.size > kUnlimited) return "no file is that large";
  if (taken_ + offer.size > session_limit()) return "this session has brought enough";
  if (open_.size() >= kMaxOpen || worker_.backlog() >= kMaxJobs) return "too many files at once";
  return check_name(offer.name).refusal;
}

void Receiving::offered(const Offer& wish, Time now) {
  Offer offer = wish;
  const auto request = std::find_if(requests_.begin(), requests_.end(),
                                    [&](const Request& r) { return r.number == offer.transfer; });
  const bool asked = request != requests_.end();
  if (asked) {
    offer.name = request->name;  // whatever the peer calls it
    requests_.erase(request);
  }
  const std::string reason = refusal(offer, asked);
  if (!reason.empty()) {
    out_.say(Refuse{offer.transfer, reason});
    out_.failure("refused " + offer.name + " from " + out_.peer + ": " + reason);
    return;
  }
  auto incoming = std::make_shared<Incoming>();
  incoming->number = offer.transfer;
  incoming->name = offer.name;
  incoming->size = offer.size;
  incoming->mtime = offer.mtime;
  incoming->was_asked_for = asked;
  open_.push_back(incoming);
  std::erase_if(closed_, [&](const Closed& closed) { return closed.number == offer.transfer; });
  if (asked || options_.take_without_asking) return open(incoming, now);
  const std::string number = std::to_string(offer.transfer);
  out_.info(out_.peer + " offers " + incoming->title() + ", to be written to " + place(offer.name) +
            ": /accept " + number + " or /refuse " + number);
}

void Receiving::open(const Ptr& incoming, Time now) {
  incoming->state = Incoming::State::opening;
  taken_ += incoming->size;
  PartialFile::Identity identity{out_.peer, check_name(incoming->name).parts, incoming->size,
                                 incoming->mtime};
  Incoming& it = *incoming;  // owns the file that reports
  IncomingFile::Reports reports;
  reports.opened = [this, &it, now](std::uint64_t start) { opened(it, start, now); };
  reports.written = [this, &it](std::size_t count) { written(it, count); };
  reports.stored = [this, &it](const std::string& name) { stored(it, name); };
  reports.failed = [this, &it](const std::string& reason, bool mismatch) {
    fail(it, reason, mismatch || it.state == Incoming::State::opening);
  };
  incoming->file =
      std::make_unique<IncomingFile>(worker_, inbox_, std::move(identity), std::move(reports));
}

void Receiving::opened(Incoming& incoming, std::uint64_t start, Time now) {
  incoming.state = Incoming::State::receiving;
  incoming.received = incoming.written = start;
  incoming.limit = std::min(incoming.size, start + kWindow);
  incoming.meter.start(start, now);
  out_.say(Accept{incoming.number, start, incoming.limit});
  out_.info(out_.peer + " sends " + incoming.title() +
            (start > 0 ? ", from " + size_text(start) + " on" : ""));
  if (start > 0) incoming.file->hash_found();
}

void Receiving::data(std::uint32_t number, std::string_view piece, Time now) {
  const Ptr incoming = find(number);
  if (!incoming) return late_data(number, piece.size());
  if (incoming->state != Incoming::State::receiving ||
      piece.size() > incoming->limit - incoming->received)
    throw ProtocolError("file data beyond what was allowed");
  incoming->received += piece.size();
  incoming->meter.update(incoming->received, now);
  if (piece.size() >= kWorthWriting) {
    write(*incoming);
    if (incoming->file->write_at_once(piece)) return;
  }
  while (!piece.empty()) {
    std::string& chunk = incoming->chunk;
    if (chunk.empty()) chunk.reserve(std::min<std::uint64_t>(kChunk, incoming->size));
    const std::string_view part = piece.substr(0, kChunk - chunk.size());
    chunk.append(part);
    piece.remove_prefix(part.size());
    if (chunk.size() == kChunk) write(*incoming);
  }
}

// What was under way when this side gave a transfer up is let go by; more is not.
void Receiving::late_data(std::uint32_t number, std::size_t count) {
  for (Closed& closed : closed_) {
    if (closed.number != number || closed.may_come < count) continue;
    closed.may_come -= count;
    return;
  }
  throw ProtocolError("file data for no transfer");
}

void Receiving::flush() {
  for (const Ptr& incoming : open_) write(*incoming);
}

void Receiving::write(Incoming& incoming) {
  if (!incoming.chunk.empty()) incoming.file->write(std::exchange(incoming.chunk, {}));
}

void Receiving::written(Incoming& incoming, std::uint64_t count) {
  incoming.written += count;
  const std::uint64_t limit = std::min(incoming.size, incoming.written + kWindow);
  const bool worth_saying = limit - incoming.limit >= kWindow / 4 || limit == incoming.size;
  if (limit == incoming.limit || !worth_saying) return;
  incoming.limit = limit;
  out_.say(Window{incoming.number, limit});
}

void Receiving::ended(const End& end) {
  const Ptr incoming = find(end.transfer);
  if (!incoming) return;
  if (incoming->state != Incoming::State::receiving)
    throw ProtocolError("the end of a file that was not begun");
  if (incoming->received != incoming->size)
    return fail(
        *incoming,
        "only " + size_text(incoming->received) + " of " + size_text(incoming->size) + " came",
        true);
  incoming->state = Incoming::State::finishing;
  write(*incoming);
  incoming->file->publish(end.crc);
}

void Receiving::stored(Incoming& incoming, const std::string& name) {
  out_.say(Stored{incoming.number, name});
  out_.info(incoming.title() + " from " + out_.peer + " is stored as " + place(name));
  forget(incoming);
}

// `refuse`: before anything was accepted, or a file that is not the one that was offered.
void Receiving::fail(Incoming& incoming, const std::string& reason, bool refuse) {
  if (refuse)
    out_.say(Refuse{incoming.number, reason});
  else
    out_.say(Cancel{incoming.number, reason});
  out_.failure(incoming.title() + " from " + out_.peer + " could not be received: " + reason);
  discard(incoming);
}

void Receiving::keep(Incoming& incoming) {
  if (incoming.file) {
    write(incoming);
    incoming.file->keep();
  }
  forget(incoming);
}

void Receiving::discard(Incoming& incoming) {
  if (incoming.file) incoming.file->discard();
  forget(incoming);
}

void Receiving::forget(Incoming& incoming) {
  if (incoming.limit > incoming.received) {
    closed_.push_back({incoming.number, incoming.limit - incoming.received});
    if (closed_.size() > kMaxClosed) closed_.pop_front();
  }
  std::erase_if(open_, [&](const Ptr& other) { return other.get() == &incoming; });
}

bool Receiving::refused(const Refuse& refuse) {
  const auto request = std::find_if(requests_.begin(), requests_.end(),
                                    [&](const Request& r) { return r.number == refuse.transfer; });
  if (request == requests_.end()) return false;
  out_.failure(out_.peer + " did not send " + request->name + ": " + refuse.reason);
  requests_.erase(request);
  return true;
}

bool Receiving::cancelled(const Cancel& cancel) {
  const Ptr incoming = find(cancel.transfer);
  if (!incoming) return refused({cancel.transfer, cancel.reason});
  const std::string what = out_.peer + " cancelled " + incoming->title() +
                           (cancel.reason.empty() ? "" : ": " + cancel.reason);
  incoming->limit = incoming->received;  // nothing more may come
  discard(*incoming);
  out_.failure(what);
  return true;
}

void Receiving::get(const std::string& name) {
  const std::string refusal = check_name(name).refusal;
  if (!refusal.empty())
    out_.failure("cannot get " + name + ": " + refusal);
  else
    wanted_.push_back(name);
}

void Receiving::ask(std::uint32_t& next_number) {
  while (!wanted_.empty() && requests_.size() + open_.size() < kMaxRequests) {
    out_.say(Get{next_number, wanted_.front()});
    requests_.push_back({next_number, std::move(wanted_.front())});
    wanted_.pop_front();
    next_number += 2;
  }
}

Receiving::Ptr Receiving::find_asked(std::optional<std::uint32_t> number) const {
  const auto at = std::find_if(open_.begin(), open_.end(), [&](const Ptr& incoming) {
    return incoming->state == Incoming::State::asked && (!number || incoming->number == *number);
  });
  return at == open_.end() ? nullptr : *at;
}

bool Receiving::accept(std::optional<std::uint32_t> number) {
  const Ptr incoming = find_asked(number);
  if (incoming) open(incoming, Clock::now());
  return incoming != nullptr;
}

bool Receiving::refuse(std::optional<std::uint32_t> number) {
  const Ptr incoming = find_asked(number);
  if (!incoming) return false;
  out_.say(Refuse{incoming->number, "not wanted"});
  out_.info("refused " + incoming->title() + " from " + out_.peer);
  discard(*incoming);
  return true;
}

bool Receiving::cancel(std::optional<std::uint32_t> number) {
  const Ptr incoming = number ? find(*number) : open_.empty() ? nullptr : open_.front();
  if (incoming) {
    if (incoming->state == Incoming::State::asked) return refuse(incoming->number);
    out_.say(Cancel{incoming->number, "not wanted any more"});
    out_.info("cancelled " + incoming->title() + " from " + out_.peer);
    discard(*incoming);
    return true;
  }
  const auto request = std::find_if(requests_.begin(), requests_.end(), [&](const Request& r) {
    return !number || r.number == *number;
  });
  if (request == requests_.end()) return false;
  out_.say(Cancel{request->number, "not wanted any more"});
  out_.info("cancelled " + request->name);
  requests_.erase(request);
  return true;
}

void Receiving::views(std::vector<TransferView>& out, Time now) const {
  for (const Ptr& incoming : open_) {
    if (incoming->state == Incoming::State::asked) continue;
    out.push_back({incoming->number, false, incoming->name, incoming->received, incoming->size,
                   incoming->meter.rate(now),
                   incoming->meter.left(incoming->received, incoming->size, now)});
  }
}

void Receiving::describe(Time now) {
  for (const Ptr& incoming : open_) {
    const std::string number = std::to_string(incoming->number);
    if (incoming->state == Incoming::State::asked)
      out_.info(number + ": " + incoming->title() + " waits for /accept " + number +
                " or /refuse " + number);
    else
      out_.info(number + ": receiving " +
                progress_text(incoming->name, incoming->received, incoming->size,
                              incoming->meter.rate(now),
                              incoming->meter.left(incoming->received, incoming->size, now)));
  }
  for (const Request& request : requests_)
    out_.info(std::to_string(request.number) + ": asked for " + request.name);
  if (!wanted_.empty()) out_.info(std::to_string(wanted_.size()) + " more to be asked for");
}

void Receiving::end(bool link_lost) {
  const std::string why = link_lost ? "the connection was lost" : "the session has ended";
  for (const Ptr& incoming : std::vector<Ptr>(open_)) {
    if (incoming->state == Incoming::State::finishing)
      out_.info(incoming->title() + " from " + out_.peer + " is complete, but " + why +
                " before that could be said");
    else
      out_.failure(incoming->title() + " from " + out_.peer + " is not complete: " + why);
    if (incoming->file && link_lost) incoming->file->sender_gone();
    keep(*incoming);  // to be gone on with when its sender comes again
  }
  for (const Request& request : requests_) out_.failure(request.name + " did not come: " + why);
  for (const std::string& name : wanted_) out_.failure(name + " did not come: " + why);
  requests_.clear();
  wanted_.clear();
}

void Receiving::start_over() {
  std::deque<std::string> again;
  for (const Ptr& incoming : std::vector<Ptr>(open_)) {
    if (incoming->was_asked_for) again.push_back(incoming->name);
    keep(*incoming);
  }
  for (Request& request : requests_) again.push_back(std::move(request.name));
  requests_.clear();
  closed_.clear();
  wanted_.insert(wanted_.begin(), again.begin(), again.end());
}

}  // namespace talk
