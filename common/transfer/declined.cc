#include "common/transfer/declined.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace talk {
namespace {

constexpr std::size_t kMostUnheard = 200;
constexpr int kRounds = 2;

bool is_same(const Offer& before, const Offer& now) {
  return before.name == now.name && before.size == now.size && before.mtime == now.mtime;
}

// Of what is announced again some may have been stored.
bool is_same(const Many& before, const Many& now) {
  return before.name == now.name && before.files >= now.files && before.bytes >= now.bytes;
}

bool is_same(const Get& before, const Get& now) { return before.name == now.name; }

template <typename Before, typename Now>
bool is_same(const Before&, const Now&) {
  return false;
}

}  // namespace

void Declined::say(const Word& word) {
  const auto number = std::visit([](const auto& one) { return one.transfer; }, word.what);
  if (word.refuse)
    out_.say(Refuse{number, word.reason});
  else
    out_.say(Cancel{number, word.reason});
  said_.add(word);
}

bool Declined::answers(const What& what) {
  const auto at = std::find_if(unheard_.begin(), unheard_.end(), [&](const Word& word) {
    return std::visit([](const auto& a, const auto& b) { return is_same(a, b); }, word.what, what);
  });
  if (at == unheard_.end()) return false;
  const Word before = *at;
  unheard_.erase(at);
  say({what, before.refuse, before.reason});
  return true;
}

void Declined::pong(const std::string& payload) {
  said_.pong(payload);
  rounds_.pong(payload);
}

void Declined::round_is_over(int round) {
  if (round < kRounds) return rounds_.add(round + 1);
  unheard_.clear();
  all_said_again_ = true;
}

// Another peer knows nothing of what there was before.
void Declined::start_over(AfterLoss peer) {
  for (Word& word : said_.start_over()) unheard_.push_back(std::move(word));
  while (unheard_.size() > kMostUnheard) unheard_.pop_front();
  rounds_.clear();
  all_said_again_ = peer == AfterLoss::another_peer;
  if (all_said_again_)
    unheard_.clear();
  else
    rounds_.add(1);
}

}  // namespace talk
