// A scripted talk over a link that is cut at given places: two hundred lines each way and a file
// each way, whose bytes are carried until the next cut. Whatever the place, both sides show what
// was said, once and in order, and store the files as they are.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "tests/support/mutate.h"
#include "tests/support/talk_seat.h"
#include "tests/support/temp_dir.h"

namespace talk::test {

class CutTalk {
 public:
  static constexpr std::size_t kLines = 200;  // each way

  // Cut whenever so many bytes more have been carried, over both directions together. `seed` is for
  // the sizes of the pieces, and for what each side notices of a cut.
  CutTalk(std::deque<std::uint64_t> cuts, unsigned seed);

  // False where it does not end.
  bool run();
  std::string wrong() const;  // empty where all is well
  std::uint64_t carried() const { return carried_; }
  std::size_t cuts_made() const { return made_; }

 private:
  struct Side {
    std::string under_way;  // sent, and not arrived
    std::size_t typed = 0;
    bool ended = false;
  };
  TalkSeat& seat(std::size_t side) { return side == 0 ? desk_ : visitor_; }
  void type_some();
  void carry(std::size_t side);
  void cut();
  bool all_said() const;

  Mutator random_;
  Time now_ = Time{} + seconds(1'000);
  TempDir files_{memory_place()};
  TempDir desk_directory_{memory_place()};
  TempDir visitor_directory_{memory_place()};
  TalkSeat desk_;
  TalkSeat visitor_;
  Side sides_[2];
  std::deque<std::uint64_t> cuts_;
  std::uint64_t since_cut_ = 0;
  std::uint64_t carried_ = 0;
  std::size_t made_ = 0;
};

}  // namespace talk::test
