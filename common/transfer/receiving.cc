#include "common/transfer/receiving.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "common/files/file_name.h"
#include "common/files/progress.h"
#include "common/text/display.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

constexpr std::size_t kMaxOpen = 64;   // files at once
constexpr std::size_t kMaxJobs = 256;  // a disk that is so far behind takes no more files
constexpr std::size_t kMaxClosed = 256;
constexpr std::size_t kMaxToBeginAnew = 256;
// A session may bring so many files of the largest size.
constexpr std::uint64_t kLargestFiles = 100;
constexpr std::uint64_t kUnlimited = std::uint64_t{1} << 62;

}  // namespace

Receiving::Receiving(const TransferOptions& options, TransferOutbox& out, DiskThread& disk)
    : options_(options), out_(out), disk_(disk) {
  try {
    inbox_ = std::make_shared<Inbox>(options.directory);
    disk_.post([inbox = inbox_, this](const DiskThread::Turn&) -> DiskThread::Done {
      const std::uint64_t left = inbox->sweep(std::chrono::system_clock::now());
      // What others' broken uploads left never stands in the way of this session's alone.
      return [this, left] { taken_ += std::min(left, session_limit() / 2); };
    });
  } catch (const std::exception& error) {
    inbox_.reset();
    no_inbox_ = error.what();
  }
}

Receiving::Ptr Receiving::find(std::uint32_t number) const {
  const auto at = std::find_if(open_.begin(), open_.end(),
                               [&](const Ptr& file) { return file->number() == number; });
  return at == open_.end() ? nullptr : *at;
}

std::string Receiving::place(const std::string& name) const {
  return options_.directory + (options_.directory.ends_with('/') ? "" : "/") + name;
}

bool Receiving::is_orphan(const IncomingFile& file) const {
  return std::any_of(orphans_.begin(), orphans_.end(),
                     [&](const Ptr& other) { return other.get() == &file; });
}

// Bytes, with the parts that stand in the directory.
std::uint64_t Receiving::session_limit() const {
  const std::uint64_t largest = options_.max_file_size;
  return largest > 0 && largest < kUnlimited / kLargestFiles ? largest * kLargestFiles : kUnlimited;
}

// ---- The peer ----

std::string Receiving::refusal(const Offer& offer, bool asked) const {
  if (!asked && !options_.refuse_because.empty()) return options_.refuse_because;
  if (!inbox_) return no_inbox_;
  const std::uint64_t largest = options_.max_file_size;
  if (largest > 0 && offer.size > largest)
    return "it has " + size_text(offer.size) + ", more than the " + size_text(largest) +
           " that are taken";
  if (offer.size > kUnlimited) return "no file is that large";
  if (taken_ + offer.size > session_limit()) return "this session has brought enough";
  if (open_.size() >= kMaxOpen || disk_.backlog() >= kMaxJobs) return "too many files at once";
  return check_name(offer.name).refusal;
}

void Receiving::offered(const Offer& wish) {
  Offer offer = wish;
  const auto wanted = requests_.answered(offer.transfer);
  if (wanted) offer.name = *wanted;  // whatever the peer calls it
  unheard_.offered_again(offer);
  const std::string reason = refusal(offer, wanted.has_value());
  if (!reason.empty()) {
    out_.say(Refuse{offer.transfer, reason});
    out_.failure("refused " + quoted(offer.name) + " from " + out_.who() + ": " + reason);
    return;
  }
  std::erase_if(closed_, [&](const Closed& closed) { return closed.number == offer.transfer; });
  IncomingFile::Owner& owner = *this;
  const auto file = std::make_shared<IncomingFile>(owner, disk_, offer, wanted.has_value());
  open_.push_back(file);
  if (wanted || options_.take_without_asking) return open(*file);
  const std::string number = std::to_string(offer.transfer);
  out_.info("offered by " + out_.who() + ": " + file->title() + ", to be written to " +
            quoted(place(offer.name)) +
            " or, where that exists, beside it under a new name: /accept " + number +
            " or /refuse " + number);
}

void Receiving::open(IncomingFile& file) {
  taken_ += file.size();
  using Others = PartialFile::Others;
  file.open(inbox_, out_.peer(), is_to_begin_anew(file) ? Others::leave_alone : Others::use);
}

void Receiving::opened(IncomingFile& file) {
  out_.say(Accept{file.number(), file.start(), file.limit()});
  out_.info("receiving " + file.title() + " from " + out_.who() +
            (file.start() > 0 ? ", from " + size_text(file.start()) + " on" : ""));
}

void Receiving::data(std::uint32_t number, std::string_view piece, Time now) {
  const Ptr file = find(number);
  file ? file->take(piece, now) : late_data(number, piece.size());
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
  for (const Ptr& file : std::vector<Ptr>(open_)) file->flush();  // one that fails is forgotten
}

void Receiving::widened(IncomingFile& file) { out_.say(Window{file.number(), file.limit()}); }

void Receiving::ended(const End& end) {
  const Ptr file = find(end.transfer);
  if (!file) return;
  if (file->state() != State::receiving)
    throw ProtocolError("the end of a file that was not begun");
  if (file->received() == file->size()) return file->finish(end.crc);
  fail(*file, "only " + size_text(file->received()) + " of " + size_text(file->size()) + " came",
       true);
}

void Receiving::stored(IncomingFile& file, const std::string& name) {
  out_.info("received " + file.title() + " from " + out_.who() + ", stored as " +
            quoted(place(name)));
  if (is_orphan(file)) return forget(file);  // its link is gone
  out_.say(Stored{file.number(), name});
  if (!file.was_asked_for()) unheard_.add(file.shared_from_this());
  forget(file);
}

void Receiving::failed(IncomingFile& file, const std::string& reason, bool mismatch) {
  if (mismatch && file.start() > 0) return begin_anew(file, reason);
  fail(file, reason, mismatch || file.state() == State::opening);
}

// The file was replaced since the part was kept; or the part is what another session of that name
// sends, perhaps only to be in the way. Neither is this sender's fault.
void Receiving::begin_anew(IncomingFile& file, const std::string& reason) {
  out_.info("the part of " + quoted(file.name()) + " that was kept is of another version; it is " +
            (file.was_asked_for() ? "asked for from the start" : "taken from the start"));
  if (!is_orphan(file)) out_.say(Refuse{file.number(), reason});
  if (file.was_asked_for()) requests_.want_again(file.name());
  to_begin_anew_.push_back(file.shared_from_this());
  if (to_begin_anew_.size() > kMaxToBeginAnew) to_begin_anew_.pop_front();
  discard(file);
}

bool Receiving::is_to_begin_anew(const IncomingFile& file) {
  return std::erase_if(to_begin_anew_,
                       [&](const Ptr& other) { return other->is_same(file.offer()); }) > 0;
}

// `refuse`: before anything was accepted, or a file that is not the one that was offered.
void Receiving::fail(IncomingFile& file, const std::string& reason, bool refuse) {
  if (!is_orphan(file)) {
    if (refuse)
      out_.say(Refuse{file.number(), reason});
    else
      out_.say(Cancel{file.number(), reason});
  }
  out_.failure("receiving " + file.title() + " from " + out_.who() + " failed: " + reason);
  discard(file);
}

void Receiving::keep(IncomingFile& file) {
  file.keep();
  forget(file);
}

void Receiving::discard(IncomingFile& file) {
  if (file.state() != State::asked) taken_ -= std::min(taken_, file.size());
  file.discard();
  forget(file);
}

void Receiving::forget(IncomingFile& file) {
  if (file.limit() > file.received()) {
    closed_.push_back({file.number(), file.limit() - file.received()});
    if (closed_.size() > kMaxClosed) closed_.pop_front();
  }
  const auto is_it = [&](const Ptr& other) { return other.get() == &file; };
  std::erase_if(orphans_, is_it);
  std::erase_if(open_, is_it);
}

bool Receiving::cancelled(const Cancel& cancel) {
  const Ptr file = find(cancel.transfer);
  if (!file) return refused({cancel.transfer, cancel.reason});
  if (file->state() == State::finishing) return true;  // too late: it gets its name
  out_.withdrawn("cancelled by " + out_.who() + ": " + file->title() + because(cancel.reason));
  discard(*file);
  std::erase_if(closed_, [&](const Closed& closed) { return closed.number == cancel.transfer; });
  return true;
}

// ---- The person ----

Receiving::Ptr Receiving::find_asked(std::optional<std::uint32_t> number) const {
  const auto at = std::find_if(open_.begin(), open_.end(), [&](const Ptr& file) {
    return file->state() == State::asked && (!number || file->number() == *number);
  });
  return at == open_.end() ? nullptr : *at;
}

bool Receiving::accept(std::optional<std::uint32_t> number) {
  const Ptr file = find_asked(number);
  if (file) open(*file);
  return file != nullptr;
}

bool Receiving::refuse(std::optional<std::uint32_t> number) {
  const Ptr file = find_asked(number);
  if (!file) return false;
  out_.say(Refuse{file->number(), "not wanted"});
  out_.info("refused " + file->title() + " from " + out_.who());
  discard(*file);
  return true;
}

bool Receiving::cancel(std::optional<std::uint32_t> number) {
  const Ptr file = number ? find(*number) : open_.empty() ? nullptr : open_.front();
  if (!file) return requests_.cancel(number);
  if (file->state() == State::asked) return refuse(file->number());
  if (file->state() == State::finishing) {
    out_.info(file->title() + " from " + out_.who() + " has come already");
    return true;
  }
  out_.say(Cancel{file->number(), "not wanted any more"});
  out_.info("cancelled " + file->title() + " from " + out_.who());
  discard(*file);
  return true;
}

void Receiving::views(std::vector<TransferView>& out, Time now) const {
  for (const Ptr& file : open_)
    if (file->state() != State::asked) out.push_back(file->view(now));
}

void Receiving::describe(Time now) const {
  for (const Ptr& file : open_) {
    const std::string number = std::to_string(file->number());
    if (file->state() == State::asked) {
      out_.info(number + ": " + file->title() + " waits for /accept " + number + " or /refuse " +
                number);
    } else {
      const TransferView view = file->view(now);
      out_.info(number + ": receiving " +
                progress_text(quoted(view.name), view.done, view.total, view.rate, view.left));
    }
  }
  requests_.describe();
}

// ---- The end ----

void Receiving::end(bool link_lost) {
  const std::string why = link_lost ? "the connection was lost" : "the session has ended";
  for (const Ptr& file : std::vector<Ptr>(open_)) {
    if (file->state() == State::finishing)
      out_.info("complete is " + file->title() + " from " + out_.who() + ", but " + why +
                " before that could be said");
    else
      out_.failure("receiving " + file->title() + " from " + out_.who() + " was broken off after " +
                   size_text(file->received()) + ": " + why);
    keep(*file);  // to be gone on with when its sender comes again
  }
  for (const Ptr& file : std::vector<Ptr>(orphans_)) keep(*file);
  for (const Ptr& file : to_begin_anew_)
    if (!file->was_asked_for())
      out_.failure("receiving " + file->title() + " from " + out_.who() +
                   " failed: it was not sent from the start: " + why);
  to_begin_anew_.clear();
  link_lost ? unheard_.keep() : unheard_.forget();
  requests_.end(why);
}

void Receiving::start_over() {
  std::deque<std::string> again;
  for (const Ptr& file : std::vector<Ptr>(open_)) {
    if (file->was_asked_for() && file->state() == State::finishing) {
      orphans_.push_back(file);  // all of it is here: nobody need send it again
      std::erase(open_, file);
      continue;
    }
    if (file->was_asked_for()) again.push_back(file->name());
    keep(*file);
  }
  unheard_.keep();
  requests_.start_over(std::move(again));
  closed_.clear();
}

}  // namespace talk
