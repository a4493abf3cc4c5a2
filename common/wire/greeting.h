// The first line of TALK/1: `TALK/1 key=value …`, values percent-encoded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/posix/clock.h"

namespace talk {

inline constexpr std::string_view kGreetingWord = "TALK/1";
// What a listener tells a visitor whom it does not take begins so; the reason follows, in a line.
inline constexpr std::string_view kRefusal = "ERROR: ";

// Which talk of a server's, and the proof that one has taken part in it.
struct TalkTicket {
  static constexpr std::size_t kTokenSize = 32;  // hexadecimal digits of 128 random bits

  std::uint64_t number = 0;
  std::string token;  // a secret: never logged, nor in an argument or an environment
  bool operator==(const TalkTicket&) const = default;
};
std::string format_ticket(const TalkTicket& ticket);  // "3-0123…"
std::optional<TalkTicket> read_ticket(std::string_view text);

struct Greeting {
  std::optional<long> pid;          // the handler's process, where it said so
  std::optional<std::string> name;  // as its owner wishes; untrusted
  bool many = false;                // its side knows the frame 'M'
  bool ack = false;                 // its side says what it heard, and knows the frame 'K'
  // The handler's: by what its talk is found again. A client says it when it calls again.
  std::optional<TalkTicket> session;
  seconds again{0};                  // the client's: for how long it calls again; 0: it does not
  std::optional<std::uint64_t> got;  // on a further link: what was heard on those before
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
