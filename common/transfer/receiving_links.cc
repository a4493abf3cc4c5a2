// What is received over more than one link: given back when one is lost, and gone on with over the
// next, without a second question.
#include <algorithm>
#include <utility>

#include "common/transfer/receiving.h"
#include "common/wire/limits.h"

namespace talk {
namespace {

constexpr std::size_t kMostInterrupted = 512;  // files

}  // namespace

// What has come of a file stays for whoever brings the same one, be it in another talk: its sender
// may never call again, and come anew instead.
void Receiving::link_lost() {
  for (const Ptr& file : open_)
    if (file->state() == State::opening || file->state() == State::receiving) file->keep();
}

void Receiving::start_over(AfterLoss peer) {
  std::deque<std::string> again;
  for (const Ptr& file : std::vector<Ptr>(open_)) {
    if (file->was_asked_for() && file->state() == State::finishing) {
      orphans_.push_back(file);  // all of it is here: nobody need send it again
      std::erase(open_, file);
      continue;
    }
    if (file->was_asked_for()) again.push_back(file->name());
    interrupt(file);
  }
  while (interrupted_.size() > kMostInterrupted) interrupted_.pop_front();
  if (peer == AfterLoss::another_peer)
    for (Interrupted& one : interrupted_) one.number = 0;
  unheard_.clear();
  directories_.start_over(peer);
  requests_.start_over(std::move(again));
  closed_.clear();
  if (!inbox_) return;
  // Others may have gone on with what was free meanwhile.
  disk_.post([inbox = inbox_](const DiskThread::Turn&) -> DiskThread::Done {
    inbox->part_names.forget();
    return nullptr;
  });
}

void Receiving::interrupt(const Ptr& file) {
  interrupted_.push_back({file, file->number(), file->state()});
  keep(*file);
}

// It was agreed to, and its bytes are counted, where it was not only asked about.
bool Receiving::was_interrupted(const IncomingFile& file) {
  const auto same = [&](const Interrupted& one) { return one.file->is_same(file.offer()); };
  const auto at = std::find_if(interrupted_.begin(), interrupted_.end(), same);
  if (at == interrupted_.end()) return false;
  const bool agreed = at->state != State::asked;
  interrupted_.erase(at);
  if (agreed) taken_ -= std::min(taken_, file.size());
  return agreed;
}

// It will not be offered again.
Receiving::Interrupted Receiving::give_up(const std::deque<Interrupted>::iterator& at) {
  const Interrupted one = *at;
  interrupted_.erase(at);
  if (one.state != State::asked) taken_ -= std::min(taken_, one.file->size());
  one.file->discard();
  return one;
}

// Its sender has done so since, or before that could be heard.
bool Receiving::interrupted_is_cancelled(const Cancel& cancel) {
  const auto at =
      std::find_if(interrupted_.begin(), interrupted_.end(),
                   [&](const Interrupted& one) { return one.number == cancel.transfer; });
  if (at == interrupted_.end())
    return directories_.interrupted_is_closed(cancel.transfer, cancel.reason);
  const Interrupted one = give_up(at);
  if (one.file->directory()) return true;  // which is closed too, and tells of it
  const std::string title = one.file->title();
  if (one.state == State::finishing)
    out_.info("received all of " + title + " from " + out_.who() + ", who cancelled it too late");
  else
    out_.withdrawn("cancelled by " + out_.who() + ": " + title + because(cancel.reason));
  return true;
}

bool Receiving::cancel_interrupted(std::optional<TransferNumber> number) {
  const auto at =
      std::find_if(interrupted_.begin(), interrupted_.end(), [&](const Interrupted& one) {
        return !one.file->was_asked_for() && !one.file->directory() &&
               (!number || one.number == *number);
      });
  if (at == interrupted_.end()) return false;
  const Interrupted one = give_up(at);
  declined_.cancel(one.file->offer(), kNotWantedAnyMore);
  out_.info("cancelled " + one.file->title() + " from " + out_.who());
  return true;
}

}  // namespace talk
