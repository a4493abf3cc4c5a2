// What an examination found: the page, TAP, JUnit, HTML and the table are all made from this.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/posix/clock.h"
#include "talk_client/clinic/mistake.h"

namespace talk::clinic {

// In the order in which they weigh.
enum class Weight {
  well,
  skipped,
  differs,  // works, but not as specified
  fragile,  // works until the network, or somebody else, behaves differently
  fails
};

std::string to_text(Weight weight);

// One thing that went over a connection, or happened to it.
struct Said {
  enum class By { clinic, program, event };
  int visitor = 1;  // which connection
  By by = By::event;
  std::string bytes;      // at most kKeptBytes of them; of an event: what happened
  std::size_t total = 0;  // bytes there were
  std::optional<std::size_t> mark = std::nullopt;  // where in `bytes` it went wrong
};

inline constexpr std::size_t kKeptBytes = 240;

struct Result {
  std::string id;
  std::string story;
  std::string specification;
  Weight weight = Weight::well;
  const KnownMistake* mistake = nullptr;
  std::string what{};  // what was wrong; why it was skipped; a remark on what is well
  std::vector<Said> evidence{};
  milliseconds took{0};
  bool borne = false;  // it is known now, and does not stand in the way of the cases that follow
};

struct Report {
  std::string kind;           // "accio"
  std::string subject;        // "server" or "client"
  std::string name;           // what a list calls it; empty: its place
  std::string place;          // "desk port 1234"
  std::string unreachable{};  // why there is nothing to examine; empty: there is
  std::string broken_off{};   // why not every case was tried; empty: all were
  bool begun = false;
  bool complete = false;          // every case was tried, or left out for a reason
  std::optional<Result> doing{};  // the case that has begun
  bool unfinished = false;        // the last result is of a case that was broken off
  std::vector<Result> results{};

  // The case that has begun is told, too, as one that was not finished.
  void break_off(const std::string& why);
  std::size_t count(Weight weight) const;
  Weight worst() const;
  // The program's: 0, 1 where it was broken off, 3 where there is nothing to examine, 5.
  int exit_code() const;
};

// Bytes as a person can read them and no terminal obeys them: printable ASCII as it is, all else
// escaped as in C; in quotation marks.
std::string escaped(std::string_view bytes);
std::string bytes_in_words(std::size_t count);  // "1 byte", "2 bytes"

}  // namespace talk::clinic
