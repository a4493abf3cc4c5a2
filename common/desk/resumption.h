// A visitor who calls again, its link having been lost: recognised by the first bytes, found in the
// register, and handed to the process that has its talk. Whoever was started for the new connection
// then has nothing more to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/posix/clock.h"
#include "common/wire/greeting.h"

namespace talk {

// What the talk's process is asked, at its control socket, with the connection beside it:
//
//   resume TICKET GOT SKIP PEER BYTES    ok, or left (the talk has ended), or no REASON
//
// PEER and BYTES are percent-encoded, an unknown PEER is a `-`. Pure.
struct Resumption {
  TalkTicket ticket;
  std::uint64_t got = 0;
  std::string read;      // what was read of the connection already
  std::string peer;      // the visitor's address; empty: the connection's own
  std::size_t skip = 0;  // so many bytes that wait in the connection are not the visitor's
};
inline constexpr std::size_t kMostReadOfResumed = 4096;  // bytes; of skip too
std::string format_resumption(const Resumption& resumption);
// `text`: what stands behind the word. Nothing where it is no such thing.
std::optional<Resumption> read_resumption(std::string_view text);

// Whether two secrets are the same, in a time that does not tell where they differ.
bool same_secret(std::string_view one, std::string_view other);
// 128 bits that nobody can guess, as TalkTicket has them. Throws std::system_error.
std::string make_token();

// Hands the connection to the process that has the talk. False where nobody there takes it. Waits
// no longer than a second for the answer.
bool hand_over(const std::string& register_directory, const Resumption& resumption, int socket);

// How it is known who calls.
struct CalledFrom {
  std::string address;
  bool by_header = false;  // a PROXY header comes first, and says it better
};

// Looks at what has come first, without taking it, for at most `patience`: nothing where that is no
// call again.
std::optional<Resumption> look_for_resumption(int socket, const CalledFrom& from,
                                              milliseconds patience);

}  // namespace talk
