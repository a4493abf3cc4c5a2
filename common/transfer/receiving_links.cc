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

void Receiving::start_over() {
  std::deque<std::string> again;
  for (const Ptr& file : std::vector<Ptr>(open_)) {
    if (file->was_asked_for() && file->state() == State::finishing) {
      orphans_.push_back(file);  // all of it is here: nobody need send it again
      std::erase(open_, file);
      continue;
    }
    if (file->was_asked_for()) again.push_back(file->name());
    if (file->state() != State::asked) interrupted_.push_back(file);
    keep(*file);
  }
  while (interrupted_.size() > kMostInterrupted) interrupted_.pop_front();
  unheard_.keep();
  directories_.start_over();
  requests_.start_over(std::move(again));
  closed_.clear();
}

// It was agreed to, and its bytes are counted.
bool Receiving::was_interrupted(const IncomingFile& file) {
  const auto same = [&](const Ptr& other) { return other->is_same(file.offer()); };
  const auto at = std::find_if(interrupted_.begin(), interrupted_.end(), same);
  if (at == interrupted_.end()) return false;
  interrupted_.erase(at);
  taken_ -= std::min(taken_, file.size());
  return true;
}

}  // namespace talk
