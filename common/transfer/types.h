// What the outside needs to know about transfers: their options, what they report, how they look,
// and how they are numbered.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "common/posix/clock.h"
#include "common/wire/transfer_number.h"

namespace talk {

class OwnFiles;

struct TransferOptions {
  bool even_numbers = false;         // the handler's side of the numbering
  bool take_without_asking = false;  // the desk, and --accept
  std::string refuse_because;        // not empty: offers that nobody asked for are refused so
  std::string directory = ".";       // where received files go
  std::string share;                 // what the peer may list and get; empty: nothing
  std::uint64_t max_file_size = 0;   // bytes; 0: no limit
  // How long a sender may come again with what is stored and was not heard to be.
  seconds comes_again_within{600};
  std::shared_ptr<OwnFiles> files;  // of the person; none: opened here and now
};

// Something to be told to the person.
struct TransferEvent {
  enum class Kind {
    info,
    failure,    // counts for the exit code
    withdrawn,  // counts too, but is no error: the peer has cancelled
  };
  Kind kind = Kind::info;
  std::string text;  // untrusted: it contains what the peer chose, quoted
};

struct TransferView {
  TransferNumber number = 0;
  bool outgoing = false;
  std::string name;         // untrusted
  std::uint64_t done = 0;   // bytes
  std::uint64_t total = 0;  // bytes
  double rate = 0;          // bytes per second
  std::optional<seconds> left;
  std::uint32_t files = 0;       // of a directory; 0: it is one file
  std::uint32_t files_done = 0;  // of these

  bool operator==(const TransferView&) const = default;
};

// A file or a directory that the person is asked about, until that is answered.
struct OfferView {
  TransferNumber number = 0;
  std::string name;         // untrusted
  std::uint64_t bytes = 0;  // of all its files
  std::uint32_t files = 0;  // of a directory; 0: it is one file
  std::string place;        // where it would be written; untrusted, empty while that is looked up

  bool operator==(const OfferView&) const = default;
};

// "/accept 4 or /refuse 4"
inline std::string how_to_answer(TransferNumber number) {
  const std::string text = std::to_string(number);
  return "/accept " + text + " or /refuse " + text;
}

// Who is there behind a lost link: whoever was there before, who has not heard all of what was said
// last; or somebody who knows of nothing.
enum class AfterLoss { same_peer, another_peer };

// To what waits, and to what the peer offers right behind it: of many files it offers some at a
// time.
enum class AnswerAll { accept, refuse };

// Gives this side's transfers their numbers: odd ones to the client's, even ones to the handler's.
class TransferNumbers {
 public:
  explicit TransferNumbers(bool even) : next_(even ? 2 : 1) {}

  TransferNumber take() { return std::exchange(next_, next_ + 2); }
  bool is_ours(TransferNumber number) const { return number % 2 == next_ % 2; }
  bool was_given(TransferNumber number) const { return is_ours(number) && number < next_; }

 private:
  TransferNumber next_;
};

}  // namespace talk
