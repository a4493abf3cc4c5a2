// What this side has said and the peer has not heard yet: texts and notices in their order, counted
// from the beginning of the talk over all its links. Pure.
//
// What makes a talk outlive its link: a word is in here from when it is said until the peer says
// that it was shown, the peer shows each in order and counts it, and a new link begins behind the
// count of the one who did not hear. So nothing is lost, doubled or reordered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "common/wire/messages.h"

namespace talk {

class UnheardWords {
 public:
  // Of words; more is taken from nobody until some were heard.
  static constexpr std::size_t kMost = std::size_t{1} << 20;

  struct Word {
    std::string text;
    bool notice = false;  // by the program, else the person's
    Message message() const { return notice ? Message(Notice{text}) : Message(Text{text}); }
    bool operator==(const Word&) const = default;
  };

  void said(Word word);
  // So many were heard since the beginning. False, with nothing changed, where that cannot be: more
  // than was said, or fewer than were heard already.
  [[nodiscard]] bool heard(std::uint64_t count);
  bool could_be_heard(std::uint64_t count) const {
    return count >= heard_ && count <= said_so_far();
  }

  // To be said again, in this order.
  const std::deque<Word>& words() const { return words_; }
  std::uint64_t heard_so_far() const { return heard_; }
  std::uint64_t said_so_far() const { return heard_ + words_.size(); }
  std::size_t texts() const { return texts_; }  // of the person's
  bool empty() const { return words_.empty(); }
  bool has_room() const { return bytes_ < kMost; }

  // Another talk begins: gives up what is left, and counts from nothing.
  std::deque<Word> start_over();

 private:
  static constexpr std::size_t kWordCost = 16;  // bytes, so that empty lines are bounded too

  std::deque<Word> words_;
  std::uint64_t heard_ = 0;  // from the beginning; words_ stands behind
  std::size_t bytes_ = 0;
  std::size_t texts_ = 0;
};

}  // namespace talk
