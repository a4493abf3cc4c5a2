// A whole talk at random: two conversations on a pipe that loses nothing, whose people type, send,
// ask for, accept, refuse and cancel. What was said and stored is known beforehand from what was
// typed and from the frames that went by; whether it is so is looked at in the end.
//
// Or on one that is cut again and again: the people go on while there is none, somebody may give up
// then, and nobody refuses or cancels, so that all that was asked for has to be there.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/frame.h"
#include "tests/support/mutate.h"
#include "tests/support/talk_seat.h"
#include "tests/support/temp_dir.h"

namespace talk::test {

// The files that are sent and asked for: f0.bin and so on.
inline constexpr std::size_t kModelFiles = 5;
std::string model_file(std::size_t file);
void write_model_files(const TempDir& directory);

class TalkModel {
 public:
  enum class Link { whole, cut };
  explicit TalkModel(unsigned seed, Link link = Link::whole);

  // Random turns; then everybody falls silent, what is under way is finished, and the talk ends.
  // False where it does not end.
  bool run(int turns);
  // What is not as it should be, a line each; empty where all is well.
  std::string wrong() const;

  std::uint64_t stored() const { return stored_count_; }
  std::size_t cuts() const { return cuts_; }
  // All that one side sent, for those who want to change it.
  const std::string& stream_of(talk::Role role) const { return sides_[index(role)].stream; }

 private:
  struct Side {
    std::string stream;       // all that was sent, from the greeting on
    std::size_t arrived = 0;  // so much of it was received by the other side
    bool ended = false;       // half-closed, or over
    bool end_arrived = false;
    std::vector<std::string> said;              // in order
    std::set<std::string> stored;               // what this side called stored, below its directory
    std::map<std::size_t, std::size_t> wanted;  // files that it is to get, and how often
    std::size_t judged = 0;                     // of the stream, by watch()
    FrameReader frames;
  };

  static std::size_t index(talk::Role role) { return role == talk::Role::client ? 1 : 0; }
  TalkSeat& seat(std::size_t side) { return side == 0 ? desk_ : visitor_; }

  void act();
  bool may_be_cut() const;
  void cut();
  void call_again();
  void leave();
  void give_up();
  void want(std::size_t getter, std::size_t file, std::size_t typist, const std::string& line);
  void type(std::size_t side, const std::string& line);
  std::string random_words();
  void move(std::size_t side, std::size_t most);
  void watch(Side& side, bool visitor);
  void settle_turn();
  bool quiet() const;
  void check_words(std::size_t side, std::string& wrong) const;
  void check_files(std::size_t side, std::string& wrong) const;
  void check_copies(std::size_t side, std::string& wrong) const;

  Mutator random_;
  Time now_ = Time{} + seconds(1'000);
  TempDir files_{memory_place()};  // what is sent and shared
  TempDir desk_directory_{memory_place()};
  TempDir visitor_directory_{memory_place()};
  TalkSeat desk_;
  TalkSeat visitor_;
  Side sides_[2];
  std::uint64_t stored_count_ = 0;
  const Link link_;
  bool lost_ = false;
  bool gave_up_ = false;
  std::size_t cuts_ = 0;
};

}  // namespace talk::test
