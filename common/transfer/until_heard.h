// What was said to the peer and has to be known as heard: a lost link takes words with it.
//
// TALK/1 has no answer to most of them. A ping that follows has: its pong says that all before it
// was heard. One is under way at a time, so that many small files cost a ping a round trip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "common/text/decimal.h"
#include "common/transfer/outbox.h"
#include "common/wire/messages.h"

namespace talk {

template <typename Word>
class UntilHeard {
 public:
  // `mark`: what its own pings begin with. `heard` is told of each word that was.
  UntilHeard(TransferOutbox& out, std::string mark, std::function<void(Word&)> heard = nullptr)
      : out_(out), mark_(std::move(mark)), heard_(std::move(heard)) {}

  // It was just said.
  void add(Word word) {
    const bool none_under_way = entries_.empty() || asked_ < entries_.front().number;
    entries_.push_back({++last_, std::move(word)});
    if (entries_.size() > kMost) take_oldest();
    if (none_under_way || last_ - asked_ > kMost / 2) ping();
  }

  // The peer has answered a ping, perhaps one of these.
  void pong(std::string_view payload) {
    if (!payload.starts_with(mark_)) return;
    const auto heard = decimal<std::uint64_t>(payload.substr(mark_.size()));
    if (!heard || *heard > asked_) return;
    while (!entries_.empty() && entries_.front().number <= *heard) take_oldest();
    if (!entries_.empty() && asked_ < entries_.front().number) ping();
  }

  // All were heard: the talk has ended in order.
  void forget() {
    while (!entries_.empty()) take_oldest();
  }
  // None of them counts as heard, or is waited for any more.
  void clear() { entries_.clear(); }

  // The link is another one: what was asked over the last is not answered. Returns the words, to be
  // said again.
  std::deque<Word> start_over() {
    std::deque<Word> words;
    for (Entry& entry : entries_) words.push_back(std::move(entry.word));
    entries_.clear();
    return words;
  }

 private:
  // Some hold a descriptor. Our own peers keep fewer waiting at once, so the oldest of more was
  // heard, or was said to somebody who never answers.
  static constexpr std::size_t kMost = 200;
  struct Entry {
    std::uint64_t number = 0;
    Word word;
  };

  void take_oldest() {
    Word word = std::move(entries_.front().word);
    entries_.pop_front();
    if (heard_) heard_(word);
  }
  void ping() {
    asked_ = last_;
    out_.say(Ping{mark_ + std::to_string(asked_)});
  }

  TransferOutbox& out_;
  std::string mark_;
  std::function<void(Word&)> heard_;
  std::deque<Entry> entries_;  // in the order in which they were said
  std::uint64_t last_ = 0;     // number of an entry
  std::uint64_t asked_ = 0;    // the last ping stands behind this one; all up to it
};

}  // namespace talk
