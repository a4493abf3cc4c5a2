#include "common/transfer/sending.h"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>

#include "common/files/beneath.h"
#include "common/files/crc32c.h"
#include "common/files/file_name.h"
#include "common/files/progress.h"
#include "common/wire/frame.h"
#include "common/wire/limits.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

constexpr std::size_t kDataHeader = kFrameHeader + 4;
// Files of one /send that are offered or sent at once: the next is ready while the last is being
// stored, and a directory does not crowd out what is sent beside it.
constexpr std::size_t kAtOnce = 4;
constexpr std::size_t kMaxOpen = 32;    // of all that this side sends of its own accord
constexpr std::size_t kMaxWanted = 64;  // with those that the peer asked for
// A part of a file that the peer already has is hashed in steps, so that other work gets its turn.
constexpr std::uint64_t kHashStep = std::uint64_t{8} << 20;

// "dir", "dir/" and "." are all called by the directory's own name.
std::string last_part(const std::string& path) {
  std::filesystem::path plain(path);
  if (!plain.has_filename()) plain = plain.parent_path();
  if (plain.filename() == "." || plain.filename() == "..") {
    std::error_code ignored;
    plain = std::filesystem::canonical(plain, ignored);
  }
  return plain.filename().string();
}

}  // namespace

struct Sending::Outgoing {
  enum class State { offered, sending, finishing, ended };
  std::uint32_t number = 0;
  std::uint64_t batch = 0;  // 0: the peer asked for it
  std::string name;
  std::shared_ptr<const FileSource> source;
  State state = State::offered;
  std::uint64_t start = 0;
  std::uint64_t sent = 0;  // up to here
  std::uint64_t limit = 0;
  std::uint32_t crc = 0;  // of what was sent from `start` on
  std::optional<std::uint32_t> skipped_crc;
  bool begun_anew = false;
  RateMeter meter;

  std::uint64_t size() const { return source->size(); }
  std::string title() const { return name + " (" + size_text(size()) + ")"; }
  bool can_send() const { return state == State::sending && sent < std::min(limit, size()); }
  void reset() {
    state = State::offered;
    start = sent = limit = 0;
    crc = 0;
    skipped_crc.reset();
  }
};

// What one /send of one path has still to offer.
struct Sending::Batch {
  std::uint64_t id = 0;
  std::string path;
  bool started = false;
  std::optional<TreeWalk> walk;  // of a directory
  std::size_t files = 0;
};

Sending::Sending(const Transfers::Options& options, TransferOutbox& out, DiskThread& worker)
    : options_(options), out_(out), worker_(worker) {}

Sending::~Sending() = default;

Sending::Ptr Sending::find(std::uint32_t number) const {
  const auto at = std::find_if(open_.begin(), open_.end(),
                               [&](const Ptr& outgoing) { return outgoing->number == number; });
  return at == open_.end() ? nullptr : *at;
}

void Sending::send(const std::string& path) {
  auto batch = std::make_unique<Batch>();
  batch->id = ++last_batch_;
  batch->path = path;
  batches_.push_back(std::move(batch));
}

void Sending::offer(std::uint32_t& next_number) {
  while (!again_.empty() && open_.size() < kMaxOpen) {
    const Ptr outgoing = std::move(again_.front());
    again_.pop_front();
    offer_file(outgoing, std::exchange(next_number, next_number + 2));
  }
  for (std::size_t i = 0; i < batches_.size();) {
    Batch& batch = *batches_[i];
    bool more = true;
    while (more && open_.size() < kMaxOpen &&
           std::count_if(open_.begin(), open_.end(), [&](const Ptr& outgoing) {
             return outgoing->batch == batch.id;
           }) < static_cast<std::ptrdiff_t>(kAtOnce))
      more = offer_next(batch, next_number);
    if (more)
      ++i;
    else
      batches_.erase(batches_.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

// True where it is a directory, to be walked.
bool Sending::start_batch(Batch& batch, const std::string& path) {
  batch.started = true;
  std::error_code ignored;
  if (!std::filesystem::is_directory(path, ignored)) return false;
  batch.walk.emplace(open_directory(path), last_part(path), true);
  return true;
}

// Offers one more file; false when there are no more. A file that cannot be offered is a failure
// of its own and the rest goes on.
bool Sending::offer_next(Batch& batch, std::uint32_t& next_number) {
  std::string name = batch.path;
  bool single = !batch.walk;
  try {
    if (!batch.started) single = !start_batch(batch, batch.path);
    auto outgoing = std::make_shared<Outgoing>();
    outgoing->batch = batch.id;
    if (single) {
      outgoing->name = last_part(batch.path);
      outgoing->source = std::make_shared<FileSource>(batch.path);
    } else {
      const auto entry = batch.walk->next();
      if (!entry && batch.files == 0) out_.info(batch.path + " has no files");
      if (!entry) return false;
      name = entry->name;
      ++batch.files;
      if (!entry->problem.empty()) {
        const std::string text = name + " is not sent: " + entry->problem;
        entry->unreadable ? out_.failure(text) : out_.info(text);
        return true;
      }
      outgoing->name = name;
      outgoing->source = std::make_shared<FileSource>(batch.walk->open_last());
    }
    const std::string refusal = check_name(outgoing->name).refusal;
    if (!refusal.empty()) throw std::runtime_error(refusal);
    offer_file(outgoing, std::exchange(next_number, next_number + 2));
    // The desk takes files at once; a visitor is asked, which may take a while.
    if (options_.take_without_asking && batch.files <= 1)
      out_.info("offering " + outgoing->title() + " to " + out_.peer);
  } catch (const std::exception& error) {
    out_.failure("cannot send " + name + ": " + error.what());
  }
  return !single && batch.walk;
}

void Sending::offer_file(const Ptr& outgoing, std::uint32_t number) {
  outgoing->number = number;
  open_.push_back(outgoing);
  out_.say(Offer{number, outgoing->size(), outgoing->source->mtime(), outgoing->name});
}

void Sending::wanted(const Get& get) {
  const auto refuse = [&](const std::string& reason) {
    out_.say(Refuse{get.transfer, reason});
    out_.info(out_.peer + " asked for " + get.name + ": " + reason);
  };
  const NameCheck name = check_name(get.name);
  if (options_.share.empty()) return refuse("nothing is shared here");
  if (!name.ok()) return refuse(name.refusal);
  if (open_.size() >= kMaxWanted) return refuse("too many files at once");
  for (const std::string& part : name.parts)
    if (part[0] == '.') return refuse("the name has a hidden part");
  try {
    const OwnedFd share = open_directory(options_.share);
    auto outgoing = std::make_shared<Outgoing>();
    outgoing->name = get.name;
    OwnedFd file = open_file_beneath(share.get(), name.parts);
    struct stat status {};
    if (::fstat(file.get(), &status) == 0 && S_ISDIR(status.st_mode))
      return refuse("it is a directory; /files lists what can be got");
    outgoing->source = std::make_shared<FileSource>(std::move(file));
    offer_file(outgoing, get.transfer);
  } catch (const std::exception& error) {
    refuse(error.what());
  }
}

bool Sending::accepted(const Accept& accept, Time now) {
  const Ptr outgoing = find(accept.transfer);
  if (!outgoing) return false;
  if (outgoing->state != Outgoing::State::offered) throw ProtocolError("a file accepted twice");
  if (accept.start > outgoing->size() || accept.limit < accept.start)
    throw ProtocolError("a file accepted beyond its end");
  outgoing->state = Outgoing::State::sending;
  outgoing->start = outgoing->sent = accept.start;
  outgoing->limit = accept.limit;
  outgoing->meter.start(accept.start, now);
  const std::string from =
      accept.start > 0 ? ", from " + size_text(accept.start) + " on" : std::string();
  out_.info("sending " + outgoing->title() + " to " + out_.peer + from);
  if (accept.start == 0)
    outgoing->skipped_crc = 0;
  else
    hash_skipped(outgoing, 0, 0);
  if (outgoing->sent == outgoing->size()) finish(outgoing);
  return true;
}

// The checksum is of the whole file, also of what the peer already has.
void Sending::hash_skipped(const Ptr& outgoing, std::uint64_t from, std::uint32_t crc) {
  std::weak_ptr<Outgoing> weak = outgoing;
  worker_.post([weak, source = outgoing->source, from, crc, end = outgoing->start,
                this]() -> DiskThread::Done {
    const std::uint64_t to = std::min(end, from + kHashStep);
    try {
      std::uint32_t now = crc;
      std::string buffer(std::size_t{256} << 10, '\0');
      for (std::uint64_t at = from; at < to && !weak.expired(); at += buffer.size()) {
        buffer.resize(std::min<std::uint64_t>(buffer.size(), to - at));
        source->read(at, buffer);
        now = crc32c(now, buffer);
      }
      return [weak, to, now, this] {
        const Ptr here = weak.lock();
        if (!here) return;
        if (to < here->start) return hash_skipped(here, to, now);
        here->skipped_crc = now;
        if (here->state == Outgoing::State::finishing) finish(here);
      };
    } catch (const std::exception& error) {
      return [weak, reason = std::string(error.what()), this] {
        if (const Ptr here = weak.lock()) fail(here, reason);
      };
    }
  });
}

bool Sending::widened(const Window& window) {
  const Ptr outgoing = find(window.transfer);
  if (outgoing) outgoing->limit = std::max(outgoing->limit, window.limit);
  return outgoing != nullptr;
}

bool Sending::has_data() const {
  return std::any_of(open_.begin(), open_.end(),
                     [](const Ptr& outgoing) { return outgoing->can_send(); });
}

std::string_view Sending::next_data(std::size_t most, Time now) {
  const auto at = std::find_if(open_.begin(), open_.end(),
                               [](const Ptr& outgoing) { return outgoing->can_send(); });
  if (at == open_.end() || most == 0) return {};
  const Ptr outgoing = *at;
  std::rotate(at, at + 1, open_.end());
  const std::uint64_t open = std::min(outgoing->limit, outgoing->size()) - outgoing->sent;
  const std::size_t count = std::min<std::uint64_t>({most, open, kMaxPayload - 4});
  if (frame_.size() < kDataHeader + count) frame_.resize(kDataHeader + count);
  try {
    outgoing->source->read(outgoing->sent, std::span(frame_).subspan(kDataHeader, count));
  } catch (const std::exception& error) {
    fail(outgoing, error.what());
    return {};
  }
  frame_.replace(0, kDataHeader, make_data_header(outgoing->number, count));
  const std::string_view frame = std::string_view(frame_).substr(0, kDataHeader + count);
  outgoing->crc = crc32c(outgoing->crc, frame.substr(kDataHeader));
  outgoing->sent += count;
  outgoing->meter.update(outgoing->sent, now);
  if (outgoing->sent == outgoing->size()) finish(outgoing);
  return frame;
}

// All is sent; the end is said once the part that was skipped is hashed too.
void Sending::finish(const Ptr& outgoing) {
  outgoing->state = Outgoing::State::finishing;
  if (!outgoing->skipped_crc) return;
  if (outgoing->source->changed()) return fail(outgoing, "it changed while it was sent");
  outgoing->state = Outgoing::State::ended;
  const std::uint64_t here = outgoing->size() - outgoing->start;
  out_.say(End{outgoing->number, crc32c_joined(*outgoing->skipped_crc, outgoing->crc, here)});
}

void Sending::fail(const Ptr& outgoing, const std::string& reason) {
  out_.say(Cancel{outgoing->number, reason});
  out_.failure("sending " + outgoing->title() + " failed: " + reason);
  close(outgoing);
}

void Sending::close(const Ptr& outgoing) { std::erase(open_, Ptr(outgoing)); }

bool Sending::stored(const Stored& stored) {
  const Ptr outgoing = find(stored.transfer);
  if (!outgoing) return false;
  if (outgoing->state != Outgoing::State::ended)
    throw ProtocolError("a file stored before its end");
  out_.info(out_.peer + " has stored " + outgoing->title() +
            (stored.name == outgoing->name ? "" : " as " + stored.name));
  close(outgoing);
  return true;
}

// A part that was kept from an older version of the file fails the checksum and is then gone: the
// file is offered once more, from its beginning.
bool Sending::refused(const Refuse& refuse) {
  const Ptr outgoing = find(refuse.transfer);
  if (!outgoing) return false;
  close(outgoing);
  if (outgoing->state == Outgoing::State::ended && outgoing->start > 0 && !outgoing->begun_anew &&
      outgoing->batch != 0) {
    outgoing->reset();
    outgoing->begun_anew = true;
    out_.info("the part of " + outgoing->name + " that " + out_.peer +
              " had kept is of another version; sending it from the start");
    again_.push_back(outgoing);
  } else {
    out_.failure(out_.peer + " refused " + outgoing->title() + ": " + refuse.reason);
  }
  return true;
}

bool Sending::cancelled(const Cancel& cancel) {
  const Ptr outgoing = find(cancel.transfer);
  if (!outgoing) return false;
  out_.failure(out_.peer + " cancelled " + outgoing->title() +
               (cancel.reason.empty() ? "" : ": " + cancel.reason));
  close(outgoing);
  return true;
}

// With a file goes the rest of the /send that it belongs to.
bool Sending::cancel(std::optional<std::uint32_t> number) {
  const auto oldest = std::min_element(
      open_.begin(), open_.end(), [](const Ptr& a, const Ptr& b) { return a->number < b->number; });
  const Ptr outgoing = number ? find(*number) : oldest == open_.end() ? nullptr : *oldest;
  if (!outgoing) return false;
  for (const Ptr& other : std::vector<Ptr>(open_)) {
    if (other != outgoing && (outgoing->batch == 0 || other->batch != outgoing->batch)) continue;
    out_.say(Cancel{other->number, "cancelled by its sender"});
    out_.info("cancelled " + other->title());
    close(other);
  }
  std::erase_if(batches_, [&](const auto& batch) { return batch->id == outgoing->batch; });
  return true;
}

void Sending::views(std::vector<TransferView>& out, Time now) const {
  for (const Ptr& outgoing : open_) {
    if (outgoing->state == Outgoing::State::offered) continue;
    out.push_back({outgoing->number, true, outgoing->name, outgoing->sent, outgoing->size(),
                   outgoing->meter.rate(now),
                   outgoing->meter.left(outgoing->sent, outgoing->size(), now)});
  }
}

void Sending::describe(Time now) {
  for (const Ptr& outgoing : open_) {
    const std::string number = std::to_string(outgoing->number) + ": ";
    if (outgoing->state == Outgoing::State::offered)
      out_.info(number + outgoing->title() + " is offered and not yet accepted");
    else if (outgoing->sent == outgoing->size())
      out_.info(number + outgoing->title() + " is sent and being stored");
    else
      out_.info(number + "sending " +
                progress_text(outgoing->name, outgoing->sent, outgoing->size(),
                              outgoing->meter.rate(now),
                              outgoing->meter.left(outgoing->sent, outgoing->size(), now)));
  }
  for (const auto& batch : batches_) out_.info("to be offered: more of " + batch->path);
}

void Sending::end(bool link_lost) {
  const std::string why = link_lost ? "the connection was lost" : "the session has ended";
  for (const Ptr& outgoing : open_)
    out_.failure(outgoing->title() + " was not stored by " + out_.peer + ": " + why);
  for (const Ptr& outgoing : again_) out_.failure(outgoing->title() + " was not sent: " + why);
  for (const auto& batch : batches_)
    out_.failure((batch->started ? "the rest of " : "") + batch->path + " was not sent: " + why);
  open_.clear();
  again_.clear();
  batches_.clear();
}

void Sending::start_over() {
  std::sort(open_.begin(), open_.end(),
            [](const Ptr& a, const Ptr& b) { return a->number < b->number; });
  for (auto at = open_.rbegin(); at != open_.rend(); ++at) {
    if ((*at)->batch == 0) continue;  // the peer asks again
    auto anew = std::make_shared<Outgoing>(**at);
    anew->reset();
    again_.push_front(std::move(anew));
  }
  open_.clear();
}

}  // namespace talk
