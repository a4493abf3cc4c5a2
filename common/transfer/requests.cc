#include "common/transfer/requests.h"

#include <algorithm>
#include <utility>

#include "common/files/file_name.h"
#include "common/text/display.h"
#include "common/transfer/declined.h"

namespace talk {
namespace {

constexpr std::size_t kAtOnce = 4;

}  // namespace

std::vector<Requests::Asked>::const_iterator Requests::find(TransferNumber number) const {
  return std::find_if(asked_.begin(), asked_.end(),
                      [&](const Asked& asked) { return asked.number == number; });
}

void Requests::want(const std::string& name) {
  const std::string refusal = check_name(name).refusal;
  if (!refusal.empty())
    out_.failure("cannot get " + quoted(name) + ": " + refusal);
  else
    wanted_.push_back(name);
}

void Requests::want_again(const std::string& name) { wanted_.push_front(name); }

void Requests::ask(TransferNumbers& numbers, std::size_t under_way) {
  while (!wanted_.empty() && asked_.size() + under_way < kAtOnce) {
    const TransferNumber number = numbers.take();
    out_.say(Get{number, wanted_.front()});
    asked_.push_back({number, std::move(wanted_.front())});
    wanted_.pop_front();
  }
}

std::optional<std::string> Requests::answered(TransferNumber number) {
  const auto at = find(number);
  if (at == asked_.end()) return std::nullopt;
  std::string name = at->name;
  asked_.erase(at);
  return name;
}

void Requests::refused(const Refuse& refuse) {
  if (const auto name = answered(refuse.transfer))
    out_.failure("getting " + quoted(*name) + " from " + out_.who() + " failed" +
                 because(refuse.reason));
}

bool Requests::cancel(std::optional<TransferNumber> number) {
  const auto at = number ? find(*number) : asked_.begin();
  if (at == asked_.end()) return false;
  out_.say(Cancel{at->number, kNotWantedAnyMore});
  out_.info("cancelled " + quoted(at->name));
  asked_.erase(at);
  return true;
}

void Requests::describe() const {
  for (const Asked& asked : asked_)
    out_.info(std::to_string(asked.number) + ": asked for " + quoted(asked.name));
  if (!wanted_.empty()) out_.info(std::to_string(wanted_.size()) + " more to be asked for");
}

void Requests::end(const std::string& why) {
  for (const Asked& asked : asked_)
    out_.failure("getting " + quoted(asked.name) + " failed: " + why);
  for (const std::string& name : wanted_)
    out_.failure("getting " + quoted(name) + " failed: " + why);
  asked_.clear();
  wanted_.clear();
}

void Requests::start_over(std::deque<std::string> first) {
  for (Asked& asked : asked_) first.push_back(std::move(asked.name));
  asked_.clear();
  wanted_.insert(wanted_.begin(), first.begin(), first.end());
}

}  // namespace talk
