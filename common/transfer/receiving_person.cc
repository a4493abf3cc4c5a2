// The person's side of what comes in: offers answered, transfers stopped and looked at.
#include "common/transfer/receiving.h"

#include <algorithm>

#include "common/files/progress.h"
#include "common/text/display.h"

namespace talk {
namespace {

// What is offered later than this behind an answer to all is another matter.
constexpr seconds kRightBehind{5};

}  // namespace

Receiving::Ptr Receiving::find_asked(std::optional<TransferNumber> number) const {
  const auto at = std::find_if(open_.begin(), open_.end(), [&](const Ptr& file) {
    return file->state() == State::asked && (!number || file->number() == *number);
  });
  return at == open_.end() ? nullptr : *at;
}

// Of a file and a directory that wait, the one with the lower number came first.
bool Receiving::accept(std::optional<TransferNumber> number) {
  const Ptr file = find_asked(number);
  const auto directory = directories_.find_asked(number);
  if (directory && (!file || *directory < file->number()))
    directories_.accept(*directory);
  else if (file)
    open(*file);
  return file != nullptr || directory;
}

bool Receiving::refuse(std::optional<TransferNumber> number) {
  const Ptr file = find_asked(number);
  const auto directory = directories_.find_asked(number);
  if (directory && (!file || *directory < file->number())) {
    directories_.refuse(*directory);
    return true;
  }
  if (!file) return false;
  declined_.refuse(file->offer(), kNotWanted);
  out_.info("refused " + file->title() + " from " + out_.who());
  discard(*file);
  return true;
}

bool Receiving::answer_all(AnswerAll answer) {
  bool any = false;
  while (answer == AnswerAll::accept ? accept(std::nullopt) : refuse(std::nullopt)) any = true;
  for_all_ = any ? std::optional(answer) : std::nullopt;
  answered_all_at_ = Clock::now();
  return any;
}

// The answer to an offer that comes right behind those to which it was given.
std::optional<AnswerAll> Receiving::answer_before() {
  const bool under_way = for_all_ == AnswerAll::accept && open_.size() > 1;  // with the new one
  if (!under_way && Clock::now() > answered_all_at_ + kRightBehind) for_all_.reset();
  answered_all_at_ = Clock::now();
  return for_all_;
}

bool Receiving::cancel(std::optional<TransferNumber> number) {
  Ptr file = number ? find(*number) : open_.empty() ? nullptr : open_.front();
  auto directory = number;
  if (!number) directory = file ? file->directory() : directories_.oldest();
  if (directory && directories_.in_use(*directory)) {
    drop_directory(*directory);
    return true;
  }
  if (!file) return requests_.cancel(number) || cancel_interrupted(number);
  if (file->state() == State::asked) return refuse(file->number());
  if (file->state() == State::finishing) {
    out_.info(file->title() + " from " + out_.who() + " has come already");
    return true;
  }
  decline(*file);
  out_.info("cancelled " + file->title() + " from " + out_.who());
  if (DirectoryTally* const whole = directories_.tally_of(file->directory()))
    whole->given_up(file->size());
  discard(*file);
  return true;
}

// What this side has asked for it does not ask for again.
void Receiving::decline(const IncomingFile& file) {
  if (file.was_asked_for())
    out_.say(Cancel{file.number(), kNotWantedAnyMore});
  else
    declined_.cancel(file.offer(), kNotWantedAnyMore);
}

// A file that has come completely still gets its name.
void Receiving::drop_directory(TransferNumber number) {
  if (directories_.find_asked(number)) return directories_.refuse(number);
  directories_.cancel(number);
  for (const Ptr& file : std::vector<Ptr>(open_)) {
    if (file->directory() != number || file->state() == State::finishing) continue;
    decline(*file);
    discard(*file);
  }
}

ReceivedDirectories::UnderWay Receiving::under_way(TransferNumber directory) const {
  ReceivedDirectories::UnderWay now;
  for (const Ptr& file : open_) {
    if (file->directory() != directory) continue;
    now.any = true;
    now.bytes += file->received();
  }
  return now;
}

void Receiving::views(std::vector<TransferView>& out, Time now) const {
  for (const Ptr& file : open_)
    if (file->state() != State::asked && !directories_.in_use(file->directory()))
      out.push_back(file->view(now));
  directories_.views(out, look_, now);
}

std::vector<OfferView> Receiving::offers() const {
  std::vector<OfferView> offers;
  for (const Ptr& file : open_)
    if (file->state() == State::asked && !file->free_name().empty())
      offers.push_back({file->number(), file->name(), file->size(), 0, place(file->free_name())});
  directories_.offers(offers);
  std::sort(offers.begin(), offers.end(),
            [](const OfferView& a, const OfferView& b) { return a.number < b.number; });
  return offers;
}

// How the end of the talk met it. What was offered and not answered is nobody's failure.
void Receiving::tell_end(const IncomingFile& file, State state, const std::string& why) {
  if (directories_.in_use(file.directory())) return;  // its directory speaks of it
  const std::string title = file.title() + " from " + out_.who();
  if (state == State::asked)
    out_.unanswered(file.title(), why);
  else if (state == State::finishing)
    out_.info("received all of " + title + ", but " + why + " before that could be said");
  else
    out_.failure("receiving " + title + " was broken off after " + size_text(file.received()) +
                 ": " + why);
}

void Receiving::describe(Time now) const {
  for (const Ptr& file : open_) {
    if (directories_.in_use(file->directory())) continue;
    if (file->state() == State::asked) {
      out_.still_asked(file->number(), file->title());
    } else {
      const TransferView view = file->view(now);
      out_.info(std::to_string(view.number) + ": receiving " +
                progress_text(quoted(view.name), view.done, view.total, view.rate, view.left));
    }
  }
  directories_.describe(look_, now);
  requests_.describe();
}

}  // namespace talk
