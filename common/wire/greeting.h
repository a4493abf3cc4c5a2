// The first line of TALK/1: `TALK/1 key=value …`, values percent-encoded.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace talk {

struct Greeting {
  std::optional<long> pid;          // the handler's process, where it said so
  std::optional<std::string> name;  // as its owner wishes; untrusted
  bool many = false;                // its side knows the frame 'M'
};

// The line with its CR LF, at most kMaxGreeting bytes: a name that does not fit is shortened.
std::string format_greeting(const Greeting& greeting);

// What the first bytes of a stream are.
struct FirstBytes {
  enum class Kind { greeting, could_become_one, something_else };
  Kind kind = Kind::could_become_one;
  std::size_t size = 0;  // of the greeting with its line ending
  Greeting greeting;
};
FirstBytes judge_first_bytes(std::string_view bytes);

}  // namespace talk
