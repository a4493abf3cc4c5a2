#include "common/transfer/unheard.h"

#include <algorithm>
#include <string>
#include <utility>

#include "common/text/decimal.h"

namespace talk {
namespace {

// Each holds a descriptor. Our own senders wait for the word on fewer files at once, so the oldest
// of more was heard, or came from somebody who never answers.
constexpr std::size_t kMaxFiles = 200;
constexpr std::string_view kPing = "talk-stored-";

}  // namespace

void Unheard::add(std::shared_ptr<IncomingFile> file) {
  const bool none_under_way = files_.empty() || asked_ < files_.front().number;
  files_.push_back({++last_, std::move(file)});
  if (files_.size() > kMaxFiles) {
    files_.front().file->discard();
    files_.pop_front();
  }
  if (none_under_way || last_ - asked_ > kMaxFiles / 2) ping();
}

void Unheard::ping() {
  asked_ = last_;
  out_.say(Ping{std::string(kPing) + std::to_string(asked_)});
}

void Unheard::pong(std::string_view payload) {
  if (!payload.starts_with(kPing)) return;
  const auto heard = decimal<std::uint64_t>(payload.substr(kPing.size()));
  if (!heard || *heard > asked_) return;
  while (!files_.empty() && files_.front().number <= *heard) {
    files_.front().file->discard();
    files_.pop_front();
  }
  if (!files_.empty() && asked_ < files_.front().number) ping();
}

void Unheard::forget() {
  for (const Entry& entry : files_) entry.file->discard();
  files_.clear();
}

}  // namespace talk
