#include "common/transfer/receiving.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "common/files/file_name.h"
#include "common/files/progress.h"
#include "common/text/display.h"
#include "common/wire/limits.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

constexpr std::size_t kMaxOpen = 64;            // files at once
constexpr std::size_t kMaxInDirectories = 256;  // with those of directories
constexpr std::size_t kMaxJobs = 1024;          // a disk that is so far behind takes no more files
constexpr std::size_t kMaxClosed = 2 * kMaxInDirectories;
constexpr std::size_t kMaxToBeginAnew = 256;
// A session may bring so many files of the largest size.
constexpr std::uint64_t kLargestFiles = 100;
constexpr std::uint64_t kUnlimited = std::uint64_t{1} << 62;

}  // namespace

Receiving::Receiving(const TransferOptions& options, TransferOutbox& out, Declined& declined,
                     DiskThread& disk)
    : options_(options), out_(out), declined_(declined), disk_(disk) {
  try {
    inbox_ = std::make_shared<Inbox>(options.directory);
    disk_.post([inbox = inbox_, within = options.comes_again_within,
                this](const DiskThread::Turn&) -> DiskThread::Done {
      const std::uint64_t left = inbox->sweep(std::chrono::system_clock::now(), within);
      // What others' broken uploads left never stands in the way of this session's alone.
      return [this, left] { taken_ += std::min(left, session_limit() / 2); };
    });
  } catch (const std::exception& error) {
    inbox_.reset();
    no_inbox_ = error.what();
  }
}

Receiving::Ptr Receiving::find(TransferNumber number) const {
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

std::string Receiving::session_refusal(std::uint64_t bytes, bool asked, std::size_t most) const {
  if (!asked && !options_.refuse_because.empty()) return options_.refuse_because;
  if (!inbox_) return no_inbox_;
  if (bytes > kUnlimited) return "nobody has so much room";
  if (taken_ + bytes > session_limit()) return "this session has brought enough";
  if (open_.size() >= most || directories_.count() >= kMaxOpen || disk_.backlog() >= kMaxJobs)
    return "too many files at once";
  return "";
}

std::string Receiving::refusal(const IncomingFile& file) const {
  const Offer& offer = file.offer();
  const std::uint64_t largest = options_.max_file_size;
  const std::size_t most = file.directory() ? kMaxInDirectories : kMaxOpen;
  const std::string refused = session_refusal(offer.size, file.was_asked_for(), most);
  if (!refused.empty()) return refused;
  if (largest > 0 && offer.size > largest)
    return "it has " + size_text(offer.size) + ", more than the " + size_text(largest) +
           " that are taken";
  return check_name(offer.name).refusal;
}

std::string Receiving::refusal(const Many& many) const {
  const std::string refused = session_refusal(many.bytes, false, kMaxOpen);
  if (!refused.empty()) return refused;
  return many.files == 0 ? "it has no files" : check_name(many.name).refusal;
}

void Receiving::many_offered(const Many& many) {
  if (declined_.answers(many)) return;
  const std::string reason = refusal(many);
  if (reason.empty()) {
    const bool agreed = options_.take_without_asking || answer_before() == AnswerAll::accept;
    return directories_.asked(many, agreed);
  }
  out_.say(Refuse{many.transfer, reason});
  tell_refused("refused " + quoted(many.name) + " from " + out_.who() + ": " + reason, reason);
}

void Receiving::offered(const Offer& wish) {
  Offer offer = wish;
  const auto wanted = requests_.answered(offer.transfer);
  if (wanted) offer.name = *wanted;  // whatever the peer calls it
  if (!wanted && directories_.is_unwanted(offer.name)) {
    close(offer.transfer, std::min(offer.size, kMostAhead));
    return out_.say(Refuse{offer.transfer, "not wanted"});
  }
  if (!wanted && declined_.answers(offer)) return;
  IncomingFile::Owner& owner = *this;
  const auto file = std::make_shared<IncomingFile>(owner, disk_, offer, wanted.has_value());
  if (!wanted) file->belong_to(directories_.admit(offer));
  const bool goes_on = was_interrupted(*file);
  const std::string reason = refusal(*file);
  if (!reason.empty()) {
    if (file->directory()) close(offer.transfer, std::min(offer.size, kMostAhead));
    out_.say(Refuse{offer.transfer, reason});
    directories_.give_back(file->directory(), file->size());
    const std::string line =
        "refused " + quoted(offer.name) + " from " + out_.who() + ": " + reason;
    if (file->directory()) return tell_failure(*file, line);
    return tell_refused(line, reason);
  }
  std::erase_if(closed_, [&](const Closed& closed) { return closed.number == offer.transfer; });
  open_.push_back(file);
  const bool agreed = wanted || options_.take_without_asking || file->directory() || goes_on;
  if (agreed) return open(*file);
  const auto answer = answer_before();
  if (!answer) return look_up_name(*file);
  *answer == AnswerAll::accept ? open(*file) : void(refuse(file->number()));
}

// Where nobody wanted any file it is no error that there is none.
void Receiving::tell_refused(const std::string& line, const std::string& reason) {
  reason == options_.refuse_because ? out_.info(line) : out_.failure(line);
}

void Receiving::tell_failure(const IncomingFile& file, const std::string& line) {
  if (DirectoryTally* const directory = directories_.tally_of(file.directory()))
    directory->failed(file.size(), line, out_);
  else
    out_.failure(line);
}

// The name that it would really get is looked up on the disk, before the person is asked.
void Receiving::look_up_name(IncomingFile& file) {
  disk_.post([this, weak = file.weak_from_this(), inbox = inbox_,
              parts = check_name(file.name()).parts](const DiskThread::Turn&) -> DiskThread::Done {
    return [this, weak, name = inbox->free_name(parts)] {
      const auto asked = weak.lock();
      if (!asked || asked->state() != State::asked) return;
      const bool first = asked->free_name().empty();
      asked->set_free_name(name);
      if (first) ask_about(*asked);
    };
  });
}

void Receiving::ask_about(IncomingFile& file) {
  out_.ask(file.number(), file.title(), place(file.free_name()));
}

void Receiving::open(IncomingFile& file) {
  taken_ += file.size();
  using Others = PartialFile::Others;
  const Others others = is_to_begin_anew(file) ? Others::leave_alone : Others::use;
  const bool whole = file.directory() && file.size() <= kMostAhead;
  file.open(inbox_, out_.peer(), others, whole);
}

void Receiving::opened(IncomingFile& file) {
  out_.say(Accept{file.number(), file.start(), file.limit()});
  if (directories_.tally_of(file.directory())) return;
  out_.info("receiving " + file.title() + " from " + out_.who() +
            (file.start() > 0 ? ", from " + size_text(file.start()) + " on" : ""));
}

void Receiving::data(TransferNumber number, std::string_view piece, Time now) {
  const Ptr file = find(number);
  if (!file) return late_data(number, piece.size());
  if (DirectoryTally* const directory = directories_.tally_of(file->directory()))
    directory->moved(piece.size(), now);
  file->take(piece, now);
}

// What was under way when this side gave a transfer up is passed over; more is the peer's fault.
void Receiving::late_data(TransferNumber number, std::size_t count) {
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
  using Remembered = PartialFile::Remembered;
  const Remembered remembered = peer_comes_again_ ? Remembered::yes : Remembered::no;
  if (file->received() == file->size()) return file->finish(end.crc, publish_group_, remembered);
  fail(*file, "only " + size_text(file->received()) + " of " + size_text(file->size()) + " came",
       true);
}

void Receiving::stored(IncomingFile& file, const std::string& name) {
  if (DirectoryTally* const directory = directories_.tally_of(file.directory()))
    directory->stored(file.size(), name != file.name());
  else
    out_.info("received " + file.title() + " from " + out_.who() + ", stored as " +
              quoted(place(name)));
  for (const Ptr& other : open_)
    if (other->state() == State::asked) look_up_name(*other);  // it may have been theirs
  if (is_orphan(file)) return forget(file);                    // its link is gone
  out_.say(Stored{file.number(), name});
  if (peer_comes_again_ && !file.was_asked_for()) unheard_.add(file.shared_from_this());
  forget(file);
}

void Receiving::failed(IncomingFile& file, const std::string& reason, bool mismatch) {
  if (mismatch && file.start() > 0) return begin_anew(file, reason);
  fail(file, reason, mismatch || file.state() == State::opening || file.is_whole());
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
  if (refuse) directories_.give_back(file.directory(), file.size());  // it may come once more
  tell_failure(file, "receiving " + file.title() + " from " + out_.who() + " failed: " + reason);
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

void Receiving::close(TransferNumber number, std::uint64_t may_come) {
  closed_.push_back({number, may_come});
  if (closed_.size() > kMaxClosed) closed_.pop_front();
}

void Receiving::forget(IncomingFile& file) {
  if (file.limit() > file.received()) close(file.number(), file.limit() - file.received());
  const auto is_it = [&](const Ptr& other) { return other.get() == &file; };
  std::erase_if(orphans_, is_it);
  std::erase_if(open_, is_it);
}

void Receiving::cancelled(const Cancel& cancel) {
  if (directories_.in_use(cancel.transfer)) {
    directories_.closed(cancel.transfer, cancel.reason);
    return;
  }
  const Ptr file = find(cancel.transfer);
  if (!file) {
    if (!interrupted_is_cancelled(cancel)) refused({cancel.transfer, cancel.reason});
    return;
  }
  if (file->state() == State::finishing) return;  // too late: it gets its name
  const std::string line =
      "cancelled by " + out_.who() + ": " + file->title() + because(cancel.reason);
  if (directories_.is_closed(file->directory()))
    directories_.tally_of(file->directory())->given_up(file->size());
  else if (directories_.in_use(file->directory()))
    tell_failure(*file, line);
  else
    out_.withdrawn(line);
  discard(*file);
  std::erase_if(closed_, [&](const Closed& closed) { return closed.number == cancel.transfer; });
}

// ---- The end ----

void Receiving::end(bool link_lost, bool in_vain) {
  const std::string why = link_lost ? "the connection was lost" : "the session has ended";
  for (const Ptr& file : std::vector<Ptr>(open_)) {
    tell_end(*file, file->state(), why);
    keep(*file);  // to be gone on with when its sender comes again
  }
  for (const Interrupted& one : interrupted_)
    if (!one.file->was_asked_for() && !one.file->directory()) tell_end(*one.file, one.state, why);
  interrupted_.clear();
  directories_.end(why);
  for (const Ptr& file : std::vector<Ptr>(orphans_)) keep(*file);
  for (const Ptr& file : to_begin_anew_)
    if (!file->was_asked_for())
      out_.failure("receiving " + file->title() + " from " + out_.who() +
                   " failed: it was not sent from the start: " + why);
  to_begin_anew_.clear();
  link_lost && !in_vain ? unheard_.clear() : forget_stored();
  requests_.end(why);
}

// Whoever leaves in order, or was waited for in vain, will not come again with what is stored:
// neither with what came in this session nor with what came in one that a link broke before it was
// known to be heard.
void Receiving::forget_stored() {
  unheard_.forget();
  if (!inbox_) return;
  disk_.post([inbox = inbox_, peer = out_.peer()](const DiskThread::Turn&) -> DiskThread::Done {
    inbox->forget_stored(peer);
    return nullptr;
  });
}

}  // namespace talk
