// How far a file is and how long it will take, in numbers and in words. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/posix/clock.h"

namespace talk {

// Follows a rising count of bytes.
class RateMeter {
 public:
  // `done` is where counting starts: a resumed file does not count what was there.
  void start(std::uint64_t done, Time now);
  void update(std::uint64_t done, Time now);

  double rate(Time now) const;  // bytes per second, over about the last three seconds
  // Nothing while there is no rate to tell it by.
  std::optional<seconds> left(std::uint64_t done, std::uint64_t total, Time now) const;

 private:
  Time started_{};
  Time sampled_{};
  std::uint64_t at_start_ = 0;
  std::uint64_t at_sample_ = 0;
  double smoothed_ = 0;
  bool has_sample_ = false;
};

// "0 bytes", "1 byte", "999 bytes", "1.5 KiB", "2.6 MiB", "310 KiB", "5.0 GiB"
std::string size_text(std::uint64_t bytes);
// "\"notes.pdf\" (2.6 MiB)": how every line calls a file, whose name may be a stranger's
std::string file_title(const std::string& name, std::uint64_t bytes);
// "0:05", "12:30", "3:02:11"
std::string duration_text(seconds duration);
// "notes.pdf 45 % 1.2 of 2.6 MiB, 310 KiB/s, 0:05 left"; `what` a word of ours and the quoted name
std::string progress_text(const std::string& what, std::uint64_t done, std::uint64_t total,
                          double rate, std::optional<seconds> left);

// The pieces of it: "45 %", "1.2 of 2.6 MiB, 310 KiB/s, 0:05 left".
std::string percent_text(std::uint64_t done, std::uint64_t total);
std::string amount_text(std::uint64_t done, std::uint64_t total, double rate,
                        std::optional<seconds> left);
// As wide as `columns`: of block characters, where one step is an eighth of a column, or of ASCII.
std::string bar_text(std::uint64_t done, std::uint64_t total, int columns, bool blocks);

// The same with a bar that takes what room there is in `columns`, of block characters or of ASCII:
// "notes.pdf 45 % [######       ] 1.2 of 2.6 MiB, 310 KiB/s, 0:05 left"
// Where there is too little, the bar goes first, then what stands at the end.
std::string progress_bar(const std::string& what, std::uint64_t done, std::uint64_t total,
                         double rate, std::optional<seconds> left, int columns, bool blocks);

}  // namespace talk
