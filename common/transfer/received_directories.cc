#include "common/transfer/received_directories.h"

#include <algorithm>
#include <utility>

#include "common/text/display.h"
#include "common/wire/limits.h"

namespace talk {
namespace {

constexpr std::size_t kMostUnwanted = 64;
constexpr std::size_t kMostInterrupted = 64;

bool lies_below(const std::string& name, const std::string& directory) {
  return name.size() > directory.size() && name.starts_with(directory) &&
         name[directory.size()] == '/';
}

}  // namespace

std::vector<ReceivedDirectories::Directory>::iterator ReceivedDirectories::find(Number number) {
  return std::find_if(open_.begin(), open_.end(), [&](const Directory& directory) {
    return directory.tally.number() == number;
  });
}

const DirectoryTally* ReceivedDirectories::tally_of(Number number) const {
  const auto at = std::find_if(open_.begin(), open_.end(), [&](const Directory& directory) {
    return directory.tally.number() == number;
  });
  return at == open_.end() ? nullptr : &at->tally;
}

DirectoryTally* ReceivedDirectories::tally_of(Number number) {
  return const_cast<DirectoryTally*>(std::as_const(*this).tally_of(number));
}

void ReceivedDirectories::forget(TransferNumber number) {
  std::erase_if(open_,
                [&](const Directory& directory) { return directory.tally.number() == number; });
}

// ---- The peer ----

void ReceivedDirectories::asked(const Many& many, bool agreed) {
  std::erase(unwanted_, many.name);
  open_.push_back({DirectoryTally(many.transfer, false, many.name, many.files, many.bytes),
                   State::asked,
                   0,
                   0,
                   {}});
  const std::string title = open_.back().tally.title();
  const bool goes_on = was_agreed(many);
  if (agreed || goes_on) {
    accept(many.transfer);
    return out_.info("receiving " + title + " from " + out_.who());
  }
  out_.ask(many.transfer, title, place_(many.name));
}

// It is announced again behind a lost link, and is no more than it was.
bool ReceivedDirectories::was_agreed(const Many& many) {
  bool agreed = false;
  std::erase_if(interrupted_, [&](const Directory& before) {
    const DirectoryTally& tally = before.tally;
    if (tally.name() != many.name || tally.files() < many.files || tally.bytes() < many.bytes)
      return false;
    agreed |= before.state == State::going;
    return true;
  });
  return agreed;
}

// More than the person has agreed to is asked about by itself.
ReceivedDirectories::Number ReceivedDirectories::admit(const Offer& offer) {
  for (Directory& directory : open_) {
    const DirectoryTally& tally = directory.tally;
    const bool below = lies_below(offer.name, tally.name());
    const bool room = directory.files_offered < tally.files() &&
                      offer.size <= tally.bytes() - directory.bytes_offered;
    if (directory.state != State::going || !below || !room) continue;
    ++directory.files_offered;
    directory.bytes_offered += offer.size;
    return tally.number();
  }
  return std::nullopt;
}

bool ReceivedDirectories::is_unwanted(const std::string& name) const {
  return std::any_of(unwanted_.begin(), unwanted_.end(),
                     [&](const std::string& directory) { return lies_below(name, directory); });
}

bool ReceivedDirectories::is_closed(Number number) const {
  return std::any_of(open_.begin(), open_.end(), [&](const Directory& directory) {
    return directory.tally.number() == number && directory.state == State::closed;
  });
}

void ReceivedDirectories::give_back(Number number, std::uint64_t bytes) {
  const auto at = find(number);
  if (at == open_.end()) return;
  --at->files_offered;
  at->bytes_offered -= bytes;
}

Many ReceivedDirectories::announced(TransferNumber number) const {
  const DirectoryTally& tally = *tally_of(number);
  return {number, tally.files(), tally.bytes(), tally.name()};
}

void ReceivedDirectories::closed(TransferNumber number, const std::string& reason) {
  if (close(*find(number), reason)) forget(number);
}

// Whether that is the end of it: else some of its files may still be under way.
bool ReceivedDirectories::close(Directory& directory, const std::string& reason) {
  directory.reason = reason;
  if (directory.state != State::asked) {
    directory.state = State::closed;
    return false;
  }
  out_.withdrawn("cancelled by " + out_.who() + ": " + directory.tally.title() + because(reason));
  return true;
}

bool ReceivedDirectories::interrupted_is_closed(TransferNumber number, const std::string& reason) {
  const auto at =
      std::find_if(interrupted_.begin(), interrupted_.end(),
                   [&](const Directory& directory) { return directory.tally.number() == number; });
  if (at == interrupted_.end()) return false;
  if (!close(*at, reason)) finish(*at);
  interrupted_.erase(at);
  return true;
}

// ---- The person ----

ReceivedDirectories::Number ReceivedDirectories::oldest() const {
  return open_.empty() ? std::nullopt : std::optional(open_.front().tally.number());
}

ReceivedDirectories::Number ReceivedDirectories::find_asked(Number number) const {
  for (const Directory& directory : open_)
    if (directory.state == State::asked && (!number || directory.tally.number() == *number))
      return directory.tally.number();
  return std::nullopt;
}

void ReceivedDirectories::accept(TransferNumber number) {
  find(number)->state = State::going;
  out_.say(Accept{number, 0, kMostAhead});
}

void ReceivedDirectories::refuse(TransferNumber number) {
  declined_.refuse(announced(number), kNotWanted);
  out_.info("refused " + tally_of(number)->title() + " from " + out_.who());
  drop(number);
}

void ReceivedDirectories::cancel(TransferNumber number) {
  const DirectoryTally& tally = *tally_of(number);
  declined_.cancel(announced(number), kNotWantedAnyMore);
  out_.info("cancelled " + tally.title() + " from " + out_.who() + " " + tally.after_so_many());
  drop(number);
}

void ReceivedDirectories::drop(TransferNumber number) {
  unwanted_.push_back(tally_of(number)->name());
  if (unwanted_.size() > kMostUnwanted) unwanted_.pop_front();
  forget(number);
}

// ---- The end ----

bool ReceivedDirectories::is_done(const Directory& directory, const Look& look) const {
  const bool all = directory.state == State::closed ||
                   (directory.state == State::going && directory.tally.all_settled());
  return all && !look(directory.tally.number()).any;
}

void ReceivedDirectories::finish_done(const Look& look) {
  std::erase_if(open_, [&](const Directory& directory) {
    const bool done = is_done(directory, look);
    if (done) finish(directory);
    return done;
  });
}

void ReceivedDirectories::finish(const Directory& directory) {
  const DirectoryTally& tally = directory.tally;
  const std::string end =
      " from " + out_.who() + ", stored in " + quoted(place_(tally.name())) + tally.remarks();
  if (tally.all_stored()) return out_.info("received " + tally.title() + end);
  const std::string line = "received " + tally.stored_part() + end;
  if (directory.state == State::closed)
    out_.withdrawn(line + "; no more come" + because(directory.reason));
  else
    out_.failure(line);
}

void ReceivedDirectories::views(std::vector<TransferView>& out, const Look& look, Time now) const {
  for (const Directory& directory : open_)
    if (directory.state != State::asked)
      out.push_back(directory.tally.view(look(directory.tally.number()).bytes, now));
}

void ReceivedDirectories::offers(std::vector<OfferView>& out) const {
  for (const Directory& directory : open_) {
    const DirectoryTally& tally = directory.tally;
    if (directory.state == State::asked)
      out.push_back(
          {tally.number(), tally.name(), tally.bytes(), tally.files(), place_(tally.name())});
  }
}

void ReceivedDirectories::describe(const Look& look, Time now) const {
  for (const Directory& directory : open_) {
    const DirectoryTally& tally = directory.tally;
    if (directory.state == State::asked)
      out_.still_asked(tally.number(), tally.title());
    else
      out_.info(std::to_string(tally.number()) + ": receiving " +
                tally.progress(look(tally.number()).bytes, now));
  }
}

void ReceivedDirectories::end(const std::string& why) {
  const auto tell = [&](const Directory& directory) {
    const std::string title = directory.tally.title();
    if (directory.state == State::asked)
      out_.unanswered(title, why);
    else
      out_.failure("receiving " + title + " from " + out_.who() + " was broken off " +
                   directory.tally.after_so_many() + ": " + why);
  };
  std::for_each(open_.begin(), open_.end(), tell);
  std::for_each(interrupted_.begin(), interrupted_.end(), tell);
  open_.clear();
  interrupted_.clear();
}

void ReceivedDirectories::start_over(AfterLoss peer) {
  for (Directory& directory : open_) {
    if (directory.state == State::closed)
      finish(directory);
    else
      interrupted_.push_back(std::move(directory));
  }
  while (interrupted_.size() > kMostInterrupted) interrupted_.pop_front();
  if (peer == AfterLoss::another_peer)
    for (Directory& directory : interrupted_) directory.tally.renumber(0);
  open_.clear();
  unwanted_.clear();
}

}  // namespace talk
