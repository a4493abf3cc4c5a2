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
#include "common/wire/frame.h"
#include "common/wire/limits.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

constexpr std::size_t kDataHeader = kFrameHeader + 4;
// Files of one /send that are offered or sent at once: the next is ready while the last is being
// stored, and a directory does not crowd out what is sent beside it.
constexpr std::ptrdiff_t kAtOnce = 4;
constexpr std::size_t kMaxOpen = 32;    // of all that this side sends of its own accord
constexpr std::size_t kMaxWanted = 64;  // with those that the peer asked for

// What the person has to know where a talk ends over a file.
std::string how_far(const OutgoingFile& file) {
  if (file.sent() == 0) return " before it had begun";
  if (file.sent() == file.size()) return " before the word that it is stored";
  return " after " + size_text(file.sent()) +
         "; sending it again soon under the same name goes on from there";
}

}  // namespace

Sending::Ptr Sending::find(std::uint32_t number) const {
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
  while (!again_.empty() && open_.size() < kMaxOpen) {
    offer_file(again_.front(), numbers.take());
    again_.pop_front();
  }
  const auto may_offer = [this](std::uint64_t batch) {
    return open_.size() < kMaxOpen &&
           std::count_if(open_.begin(), open_.end(),
                         [&](const Ptr& file) { return file->batch() == batch; }) < kAtOnce;
  };
  OutgoingFile::Owner& owner = *this;
  while (auto item = list_.next(may_offer)) {
    const auto file = std::make_shared<OutgoingFile>(owner, disk_, std::move(item->name),
                                                     item->batch, std::move(item->source));
    offer_file(file, numbers.take());
    // The desk takes files at once; a visitor is asked, which may take a while.
    if (options_.take_without_asking && item->first)
      out_.info("offering " + file->title() + " to " + out_.who());
  }
}

void Sending::offer_file(const Ptr& file, std::uint32_t number) {
  open_.push_back(file);
  out_.say(file->offer(number));
}

void Sending::wanted(const Get& get) {
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
  const Ptr file = find(accept.transfer);
  if (!file) return;
  file->accept(accept, now);
  if (!in_use(accept.transfer)) return;  // it has changed since it was offered
  const std::string from =
      accept.start > 0 ? ", from " + size_text(accept.start) + " on" : std::string();
  out_.info("sending " + file->title() + " to " + out_.who() + from);
}

void Sending::widened(const Window& window) {
  if (const Ptr file = find(window.transfer)) file->widen(window.limit);
}

bool Sending::has_data() const {
  return std::any_of(open_.begin(), open_.end(), [](const Ptr& file) { return file->can_send(); });
}

std::string_view Sending::next_data(std::size_t most, Time now) {
  const auto at =
      std::find_if(open_.begin(), open_.end(), [](const Ptr& file) { return file->can_send(); });
  if (at == open_.end() || most == 0) return {};
  const Ptr file = *at;
  std::rotate(at, at + 1, open_.end());
  const std::size_t room = std::min<std::uint64_t>({most, file->size(), kMaxPayload - 4});
  if (frame_.size() < kDataHeader + room) frame_.resize(kDataHeader + room);
  const std::size_t count = file->read(std::span(frame_).subspan(kDataHeader, room), now);
  if (count == 0) return {};
  frame_.replace(0, kDataHeader, make_data_header(file->number(), count));
  return std::string_view(frame_).substr(0, kDataHeader + count);
}

void Sending::complete(OutgoingFile& file, std::uint32_t crc) { out_.say(End{file.number(), crc}); }

// ---- Endings ----

void Sending::failed(OutgoingFile& file, const std::string& reason) {
  out_.say(Cancel{file.number(), reason});
  out_.failure("sending " + file.title() + " failed: " + reason);
  close(file);
}

void Sending::stored(const Stored& stored) {
  const Ptr file = find(stored.transfer);
  if (!file) return;
  if (file->state() != State::ended) throw ProtocolError("a file stored before its end");
  out_.info("sent " + file->title() + ", stored by " + out_.who() +
            (stored.name == file->name() ? "" : " as " + quoted(stored.name)));
  close(*file);
}

// A part that was kept from an older version of the file, or copied from another sender's, fails
// the checksum and is then gone: the file is offered once more on this link, from its beginning.
bool Sending::refused(const Refuse& refuse) {
  const Ptr file = find(refuse.transfer);
  if (!file) return false;
  close(*file);
  const bool old_part =
      file->state() == State::ended && file->start() > 0 && !file->was_begun_anew();
  if (!old_part) {
    out_.failure("refused by " + out_.who() + ": " + file->title() + because(refuse.reason));
    return true;
  }
  out_.info("the part of " + quoted(file->name()) + " that " + out_.who() +
            " had kept is of another version; it is sent from the start");
  if (file->batch() == 0) return true;  // the peer asks again
  again_.push_back(file->again());
  again_.back()->begin_anew();
  return true;
}

bool Sending::cancelled(const Cancel& cancel) {
  const Ptr file = find(cancel.transfer);
  if (!file) return false;
  out_.withdrawn("cancelled by " + out_.who() + ": " + file->title() + because(cancel.reason));
  close(*file);
  return true;
}

// With a file goes the rest of the /send that it belongs to.
bool Sending::cancel(std::optional<std::uint32_t> number) {
  const Ptr file = number ? find(*number) : oldest();
  if (!file) return false;
  for (const Ptr& other : std::vector<Ptr>(open_)) {
    if (other != file && (file->batch() == 0 || other->batch() != file->batch())) continue;
    out_.say(Cancel{other->number(), "cancelled by its sender"});
    out_.info("cancelled " + other->title());
    close(*other);
  }
  list_.drop(file->batch());
  return true;
}

void Sending::views(std::vector<TransferView>& out, Time now) const {
  for (const Ptr& file : open_)
    if (file->state() != State::offered) out.push_back(file->view(now));
}

void Sending::describe(Time now) const {
  for (const Ptr& file : open_) {
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
  list_.describe();
}

void Sending::end(bool link_lost) {
  const std::string why = link_lost ? "the connection was lost" : "the session has ended";
  for (const Ptr& file : open_)
    out_.failure("sending " + file->title() + " was broken off" + how_far(*file) + ": " + why);
  for (const Ptr& file : again_)
    out_.failure("sending " + file->title() + " was broken off: " + why);
  list_.end(why);
  open_.clear();
  again_.clear();
}

void Sending::start_over() {
  std::sort(open_.begin(), open_.end(),
            [](const Ptr& a, const Ptr& b) { return a->number() < b->number(); });
  for (auto at = open_.rbegin(); at != open_.rend(); ++at)
    if ((*at)->batch() != 0) again_.push_front((*at)->again());  // else the peer asks again
  open_.clear();
}

}  // namespace talk
