// How an accio upload begins: four generations of clients are told apart by their first bytes,
// and what they say before the file is taken off. Pure.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace talk {

// The beginning is none of those known: the upload has failed.
struct BadStart : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class AccioStart {
 public:
  struct Step {
    std::string reply;  // to be sent
    std::string file;   // the first bytes of the file
  };

  // To be given every receive until done(). Throws BadStart.
  [[nodiscard]] Step receive(std::string_view bytes);
  // The peer's orderly end before done(). Returns the file that it leaves. Throws BadStart.
  [[nodiscard]] std::string end();
  // Whether what follows is the file as it comes.
  bool done() const { return state_ == State::file; }

 private:
  enum class State { first_bytes, second_confirmation, blank_line, header, file };

  bool take(std::string_view expected);
  bool advance(Step& step);
  bool judge_first_bytes(Step& step);
  bool skip_header();

  State state_ = State::first_bytes;
  std::string held_;  // not yet understood
};

}  // namespace talk
