#include "common/transfer/sent_directories.h"

#include <algorithm>
#include <utility>

#include "common/text/display.h"
#include "common/wire/messages.h"
#include "common/wire/protocol_error.h"

namespace talk {

std::vector<SentDirectories::Directory>::iterator SentDirectories::find(Batch batch) {
  return std::find_if(open_.begin(), open_.end(),
                      [&](const Directory& directory) { return directory.batch == batch; });
}

const DirectoryTally* SentDirectories::tally_of(Batch batch) const {
  const auto at = std::find_if(open_.begin(), open_.end(), [&](const Directory& directory) {
    return directory.batch == batch;
  });
  return at == open_.end() ? nullptr : &at->tally;
}

DirectoryTally* SentDirectories::tally_of(Batch batch) {
  return const_cast<DirectoryTally*>(std::as_const(*this).tally_of(batch));
}

std::optional<SentDirectories::Batch> SentDirectories::batch_of(TransferNumber number) const {
  for (const Directory& directory : open_)
    if (directory.tally.number() == number) return directory.batch;
  return std::nullopt;
}

std::optional<SentDirectories::Batch> SentDirectories::oldest() const {
  return open_.empty() ? std::nullopt : std::optional(open_.front().batch);
}

bool SentDirectories::waits(Batch batch) const {
  return std::any_of(open_.begin(), open_.end(), [&](const Directory& directory) {
    return directory.batch == batch && directory.state != State::going;
  });
}

void SentDirectories::forget(Batch batch) {
  std::erase_if(open_, [&](const Directory& directory) { return directory.batch == batch; });
}

void SentDirectories::tell(Directory& directory, const char* verb) {
  if (!std::exchange(directory.told, true))
    out_.info(verb + (" " + directory.tally.title()) + " to " + out_.who());
}

// ---- Announcing ----

void SentDirectories::announce(const SendList::Counted& counted, TransferNumbers& numbers) {
  open_.push_back({counted.batch,
                   DirectoryTally(numbers.take(), true, counted.name, counted.files, counted.bytes),
                   State::to_be_announced});
  announce(open_.back());
}

void SentDirectories::announce_again(TransferNumbers& numbers) {
  for (Directory& directory : open_) {
    if (directory.state != State::to_be_announced) continue;
    directory.tally.renumber(numbers.take());
    announce(directory);
  }
}

void SentDirectories::announce(Directory& directory) {
  const DirectoryTally& tally = directory.tally;
  directory.state = *peer_knows_ ? State::asked : State::going;
  directory.most_ahead = 0;
  directory.files_announced = tally.files_left();
  directory.bytes_announced = tally.bytes_left();
  if (*peer_knows_) {
    directory.numbers.push_back(tally.number());
    out_.say(Many{tally.number(), tally.files_left(), tally.bytes_left(), tally.name()});
  }
  // The desk takes files at once; a visitor is asked, which may take a while.
  if (options_.take_without_asking)
    tell(directory, "offering");
  else if (!*peer_knows_)
    tell(directory, "sending");
}

// ---- The peer's answers ----

void SentDirectories::accepted(Batch batch, std::uint64_t most_ahead) {
  Directory& directory = *find(batch);
  if (directory.state != State::asked) throw ProtocolError("a directory accepted twice");
  directory.state = State::going;
  directory.numbers = {directory.tally.number()};
  const auto same_name = [&](const Directory& other) {
    return other.tally.name() == directory.tally.name();
  };
  const bool alone = std::count_if(open_.begin(), open_.end(), same_name) == 1;
  directory.most_ahead = alone ? most_ahead : 0;
  tell(directory, "sending");
}

bool SentDirectories::goes_ahead(Batch batch) const {
  return std::any_of(open_.begin(), open_.end(), [&](const Directory& directory) {
    return directory.batch == batch && directory.most_ahead > 0;
  });
}

bool SentDirectories::offered(Batch batch, std::uint64_t bytes) {
  const auto at = find(batch);
  if (at == open_.end() || at->files_announced == 0 || bytes > at->bytes_announced) return false;
  --at->files_announced;
  at->bytes_announced -= bytes;
  return bytes <= at->most_ahead;
}

void SentDirectories::refused(Batch batch, const std::string& reason) {
  out_.failure("refused by " + out_.who() + ": " + find(batch)->tally.title() + because(reason));
  forget(batch);
}

void SentDirectories::cancelled_by_peer(Batch batch, const std::string& reason) {
  const DirectoryTally& tally = find(batch)->tally;
  out_.withdrawn("cancelled by " + out_.who() + ": " + tally.title() + " " + tally.after_so_many() +
                 because(reason));
  forget(batch);
}

// ---- Endings ----

void SentDirectories::cancel(Batch batch) {
  const Directory& directory = *find(batch);
  withdrawals_.say(directory.numbers, "cancelled by its sender");
  out_.info("cancelled " + directory.tally.title() + " " + directory.tally.after_so_many());
  forget(batch);
}

void SentDirectories::finish_done(const Look& look) {
  std::erase_if(open_, [&](const Directory& directory) {
    const bool done = directory.state == State::going && !look(directory.batch).any;
    if (done) finish(directory);
    return done;
  });
}

void SentDirectories::finish(const Directory& directory) {
  const DirectoryTally& tally = directory.tally;
  const std::string end = ", stored by " + out_.who() + tally.remarks();
  if (tally.all_stored())
    out_.info("sent " + tally.title() + end);
  else
    out_.failure("sent " + tally.stored_part() + end);
  // The peer waits for as many as were announced.
  if (tally.files_left() > 0)
    withdrawals_.say(directory.numbers, std::to_string(tally.files_left()) + " could not be sent");
}

void SentDirectories::views(std::vector<TransferView>& out, const Look& look, Time now) const {
  for (const Directory& directory : open_)
    if (directory.state == State::going)
      out.push_back(directory.tally.view(look(directory.batch).bytes, now));
}

void SentDirectories::unanswered(std::vector<OfferView>& out) const {
  for (const Directory& directory : open_)
    if (directory.state == State::asked) {
      const DirectoryTally& tally = directory.tally;
      out.push_back({tally.number(), tally.name(), tally.bytes(), tally.files(), {}});
    }
}

void SentDirectories::describe(const Look& look, Time now) const {
  for (const Directory& directory : open_) {
    const std::string number = std::to_string(directory.tally.number()) + ": ";
    if (directory.state == State::going)
      out_.info(number + "sending " + directory.tally.progress(look(directory.batch).bytes, now));
    else
      out_.info(number + directory.tally.title() + " is offered and not yet accepted");
  }
}

void SentDirectories::end(const std::string& why) {
  for (const Directory& directory : open_)
    out_.failure("sending " + directory.tally.title() + " was broken off " +
                 directory.tally.after_so_many() + ": " + why);
  open_.clear();
}

void SentDirectories::start_over() {
  peer_knows_.reset();
  for (Directory& directory : open_) directory.state = State::to_be_announced;
}

}  // namespace talk
