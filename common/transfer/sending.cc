#include "common/transfer/sending.h"

#include <sys/stat.h>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include "common/files/beneath.h"
#include "common/files/file_name.h"
#include "common/files/progress.h"
#include "common/text/display.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

// Files of one /send that are offered or sent at once: the next is ready while the last is being
// stored, and a directory does not crowd out what is sent beside it.
constexpr std::ptrdiff_t kAtOnce = 4;
// As long as those are small the peer's disk has more to do at once: they are stored in groups.
constexpr std::uint64_t kSmallTogether = std::uint64_t{1} << 20;  // bytes
constexpr std::ptrdiff_t kSmallAtOnce = 24;
// Where each needs no accept: a group that is stored, one that waits, and a round trip's worth.
constexpr std::ptrdiff_t kAheadAtOnce = 128;
constexpr std::size_t kMaxOpen = 32;    // of all that this side sends of its own accord
constexpr std::size_t kMaxAhead = 160;  // with those that need no accept
constexpr std::size_t kMaxWanted = 64;  // with those that the peer asked for

// What the person has to know where a talk ends over a file.
std::string how_far(const OutgoingFile& file) {
  if (file.sent() == 0) return " before it had begun";
  if (file.sent() == file.size()) return " before the word that it is stored";
  return " after " + size_text(file.sent()) +
         "; sending it again soon under the same name goes on from there";
}

}  // namespace

Sending::Ptr Sending::find(TransferNumber number) const {
  const auto at = std::find_if(open_.begin(), open_.end(),
                               [&](const Ptr& file) { return file->number() == number; });
  return at == open_.end() ? nullptr : *at;
}

Sending::Ptr Sending::oldest() const {
  const auto at = std::min_element(open_.begin(), open_.end(), [](const Ptr& a, const Ptr& b) {
    return a->number() < b->number();
  });
  return at == open_.end() ? nullptr : *at;
}

void Sending::close(const OutgoingFile& file) {
  std::erase_if(open_, [&](const Ptr& other) { return other.get() == &file; });
}

// ---- Offers ----

void Sending::offer(TransferNumbers& numbers) {
  if (directories_.peer_is_known()) {
    directories_.announce_again(numbers);
    for (const SendList::Counted& counted : list_.take_counted())
      directories_.announce(counted, numbers);
  }
  offer_again(numbers);
  offer_next(numbers);
  directories_.finish_done(look_);
}

void Sending::offer_again(TransferNumbers& numbers) {
  while (open_.size() < kMaxOpen) {
    const auto at = std::find_if(again_.begin(), again_.end(), [this](const Ptr& file) {
      return !directories_.waits(file->batch());
    });
    if (at == again_.end()) return;
    offer_file(*at, numbers.take());
    again_.erase(at);
  }
}

// Whether one more file of the batch may be offered.
bool Sending::may_offer(SentDirectories::Batch batch) const {
  const bool ahead = directories_.goes_ahead(batch);
  if (open_.size() >= (ahead ? kMaxAhead : kMaxOpen) || directories_.waits(batch)) return false;
  std::ptrdiff_t count = 0;
  std::uint64_t bytes = 0;
  for (const Ptr& file : open_) {
    if (file->batch() != batch) continue;
    ++count;
    bytes += file->size();
  }
  if (count < kAtOnce) return true;
  return bytes < kSmallTogether && count < (ahead ? kAheadAtOnce : kSmallAtOnce);
}

void Sending::offer_next(TransferNumbers& numbers) {
  OutgoingFile::Owner& owner = *this;
  while (auto item = list_.next([this](auto batch) { return may_offer(batch); })) {
    const auto file = std::make_shared<OutgoingFile>(owner, disk_, std::move(item->name),
                                                     item->batch, std::move(item->source));
    offer_file(file, numbers.take());
    // The desk takes files at once; a visitor is asked, which may take a while.
    if (options_.take_without_asking && !directories_.has(item->batch))
      out_.info("offering " + file->title() + " to " + out_.who());
  }
}

SentDirectories::UnderWay Sending::under_way(SentDirectories::Batch batch) const {
  SentDirectories::UnderWay now{list_.has(batch), 0};
  const auto add = [&](const Ptr& file) {
    if (file->batch() != batch) return;
    now.any = true;
    now.bytes += file->sent();
  };
  std::for_each(open_.begin(), open_.end(), add);
  std::for_each(again_.begin(), again_.end(), add);
  return now;
}

void Sending::offer_file(const Ptr& file, TransferNumber number) {
  open_.push_back(file);
  out_.say(file->offer(number));
  if (directories_.offered(file->batch(), file->size())) file->send_ahead(Clock::now());
}

void Sending::wanted(const Get& get) {
  if (declined_.answers(get)) return;
  try {
    offer_file(find_wanted(get), get.transfer);
  } catch (const std::exception& error) {
    out_.say(Refuse{get.transfer, error.what()});
    out_.info("not given to " + out_.who() + ": " + quoted(get.name) + ": " + error.what());
  }
}

// Throws std::runtime_error with the reason where it can't be had.
Sending::Ptr Sending::find_wanted(const Get& get) {
  const NameCheck name = check_name(get.name);
  if (options_.share.empty()) throw std::runtime_error("nothing is shared here");
  if (!name.ok()) throw std::runtime_error(name.refusal);
  if (open_.size() >= kMaxWanted) throw std::runtime_error("too many files at once");
  for (const std::string& part : name.parts)
    if (part[0] == '.') throw std::runtime_error("the name has a hidden part");
  const OwnedFd share = open_directory(options_.share);
  OwnedFd fd = open_file_beneath(share.get(), name.parts);
  struct stat status {};
  if (::fstat(fd.get(), &status) == 0 && S_ISDIR(status.st_mode))
    throw std::runtime_error("it is a directory; /files lists what can be got");
  OutgoingFile::Owner& owner = *this;
  return std::make_shared<OutgoingFile>(owner, disk_, get.name, 0,
                                        std::make_shared<FileSource>(std::move(fd)));
}

// ---- Data ----

void Sending::accepted(const Accept& accept, Time now) {
  if (const auto batch = directories_.batch_of(accept.transfer))
    return directories_.accepted(*batch, accept.limit);
  const Ptr file = find(accept.transfer);
  if (!file) return;
  file->accept(accept, now);
  if (!in_use(accept.transfer)) return;  // it has changed since it was offered
  if (directories_.has(file->batch())) return;
  const std::string from =
      accept.start > 0 ? ", from " + size_text(accept.start) + " on" : std::string();
  out_.info("sending " + file->title() + " to " + out_.who() + from);
}

void Sending::widened(const Window& window) {
  if (const Ptr file = find(window.transfer)) file->widen(window.limit);
}

void Sending::complete(OutgoingFile& file, std::uint32_t crc) { out_.say(End{file.number(), crc}); }

// ---- Endings ----

void Sending::failed(OutgoingFile& file, const std::string& reason) {
  withdraw(file, reason);
  fail(file, "sending " + file.title() + " failed: " + reason);
}

void Sending::fail(const OutgoingFile& file, const std::string& line) {
  if (DirectoryTally* const directory = directories_.tally_of(file.batch()))
    directory->failed(file.size(), line, out_);
  else
    out_.failure(line);
  close(file);
}

void Sending::stored(const Stored& stored) {
  const Ptr file = find(stored.transfer);
  if (!file) return;
  if (file->state() != State::ended) throw ProtocolError("a file stored before its end");
  const bool renamed = stored.name != file->name();
  if (DirectoryTally* const directory = directories_.tally_of(file->batch()))
    directory->stored(file->size(), renamed);
  else
    out_.info("sent " + file->title() + ", stored by " + out_.who() +
              (renamed ? " as " + quoted(stored.name) : ""));
  close(*file);
}

// A part that was kept from an older version of the file, or copied from another sender's, fails
// the checksum and is then gone: the file is offered once more on this link, from its beginning.
bool Sending::refused(const Refuse& refuse) {
  if (const auto batch = directories_.batch_of(refuse.transfer)) {
    drop(*batch);
    directories_.refused(*batch, refuse.reason);
    return true;
  }
  const Ptr file = find(refuse.transfer);
  if (!file) return false;
  const bool old_part =
      file->state() == State::ended && file->start() > 0 && !file->was_begun_anew();
  if (!old_part) {
    fail(*file, "refused by " + out_.who() + ": " + file->title() + because(refuse.reason));
    return true;
  }
  close(*file);
  out_.info("the part of " + quoted(file->name()) + " that " + out_.who() +
            " had kept is of another version; it is sent from the start");
  if (file->batch() == 0) return true;  // the peer asks again
  again_.push_back(file->again());
  again_.back()->begin_anew();
  return true;
}

bool Sending::cancelled(const Cancel& cancel) {
  if (const auto batch = directories_.batch_of(cancel.transfer)) {
    drop(*batch);
    directories_.cancelled_by_peer(*batch, cancel.reason);
    return true;
  }
  const Ptr file = find(cancel.transfer);
  if (!file) return false;
  const std::string line =
      "cancelled by " + out_.who() + ": " + file->title() + because(cancel.reason);
  if (directories_.has(file->batch())) {
    fail(*file, line);
  } else {
    out_.withdrawn(line);
    close(*file);
  }
  return true;
}

// The peer will ask again for what it had asked for.
void Sending::withdraw(const OutgoingFile& file, const std::string& reason) {
  if (file.batch() == 0)
    declined_.cancel(Get{file.number(), file.name()}, reason);
  else
    withdrawals_.say(file.numbers(), reason);
}

// Neither offered nor sent any more; the peer hears of those that it knows by themselves.
void Sending::drop(SentDirectories::Batch batch) {
  const auto of_batch = [&](const Ptr& file) { return file->batch() == batch; };
  const auto tell = [&](const Ptr& file) {
    if (of_batch(file)) withdraw(*file, "cancelled by its sender");
  };
  std::for_each(open_.begin(), open_.end(), tell);
  std::for_each(again_.begin(), again_.end(), tell);
  std::erase_if(open_, of_batch);
  std::erase_if(again_, of_batch);
  list_.drop(batch);
}

// With a file goes the rest of the /send that it belongs to.
bool Sending::cancel(std::optional<TransferNumber> number) {
  const Ptr file = number ? find(*number) : oldest();
  if (file && !directories_.has(file->batch())) {
    withdraw(*file, "cancelled by its sender");
    out_.info("cancelled " + file->title());
    close(*file);
    return true;
  }
  auto batch = file     ? std::optional(file->batch())
               : number ? directories_.batch_of(*number)
                        : list_.oldest();
  if (!batch && !number) batch = directories_.oldest();
  if (!batch) return false;
  if (directories_.has(*batch))
    directories_.cancel(*batch);
  else
    out_.info("cancelled " + quoted(list_.path_of(*batch)));
  drop(*batch);
  return true;
}

void Sending::views(std::vector<TransferView>& out, Time now) const {
  for (const Ptr& file : open_)
    if (file->state() != State::offered && !directories_.has(file->batch()))
      out.push_back(file->view(now));
  directories_.views(out, look_, now);
}

std::vector<OfferView> Sending::unanswered() const {
  std::vector<OfferView> offers;
  for (const Ptr& file : open_)
    if (file->state() == State::offered && !directories_.has(file->batch()))
      offers.push_back({file->number(), file->name(), file->size(), 0, {}});
  directories_.unanswered(offers);
  return offers;
}

void Sending::describe(Time now) const {
  for (const Ptr& file : open_) {
    if (directories_.has(file->batch())) continue;
    const std::string number = std::to_string(file->number()) + ": ";
    const TransferView view = file->view(now);
    if (file->state() == State::offered)
      out_.info(number + file->title() + " is offered and not yet accepted");
    else if (file->sent() == file->size())
      out_.info(number + file->title() + " is sent and being stored");
    else
      out_.info(number + "sending " +
                progress_text(quoted(view.name), view.done, view.total, view.rate, view.left));
  }
  directories_.describe(look_, now);
  list_.describe();
}

void Sending::end(bool link_lost) {
  const std::string why = link_lost ? "the connection was lost" : "the session has ended";
  const auto alone = [this](const Ptr& file) { return !directories_.has(file->batch()); };
  for (const Ptr& file : open_)
    if (alone(file))
      out_.failure("sending " + file->title() + " was broken off" + how_far(*file) + ": " + why);
  for (const Ptr& file : again_)
    if (alone(file)) out_.failure("sending " + file->title() + " was broken off: " + why);
  directories_.end(why);
  list_.end(why);
  open_.clear();
  again_.clear();
}

void Sending::start_over(AfterLoss peer) {
  std::sort(open_.begin(), open_.end(),
            [](const Ptr& a, const Ptr& b) { return a->number() < b->number(); });
  for (auto at = open_.rbegin(); at != open_.rend(); ++at)
    if ((*at)->batch() != 0) again_.push_front((*at)->again());  // else the peer asks again
  open_.clear();
  directories_.start_over();
  withdrawals_.start_over(peer);
}

}  // namespace talk
