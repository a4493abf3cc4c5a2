#include "common/session/unheard_words.h"

#include <utility>

namespace talk {

void UnheardWords::said(Word word) {
  bytes_ += word.text.size() + kWordCost;
  texts_ += word.notice ? 0 : 1;
  words_.push_back(std::move(word));
}

bool UnheardWords::heard(std::uint64_t count) {
  if (!could_be_heard(count)) return false;
  for (; heard_ < count; ++heard_) {
    bytes_ -= words_.front().text.size() + kWordCost;
    texts_ -= words_.front().notice ? 0 : 1;
    words_.pop_front();
  }
  return true;
}

std::deque<UnheardWords::Word> UnheardWords::start_over() {
  heard_ = bytes_ = texts_ = 0;
  return std::exchange(words_, {});
}

}  // namespace talk
