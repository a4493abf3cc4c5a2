// What the program itself says of a talk: one place for its sentences, so that they agree.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "common/session/ending.h"
#include "common/session/role.h"

namespace talk {

// Why a talk is over; empty where there is nothing to be said. `peer` is its title as shown;
// `reason` is the peer's for bye and refused (it is quoted here), the system's for link_failed,
// else this side's own.
std::string farewell_text(TalkEnding::Why why, const std::string& peer, const std::string& reason);

// There is no link any more, and another one is waited for; and there it is.
std::string lost_text(Role role, bool piped, const std::string& peer, const std::string& reason);
std::string found_again_text(const std::string& peer, std::chrono::nanoseconds after);

// The first line to a peer that has not said a word: its person may not know what to do.
std::string welcome_line(const std::string& my_name);

// At the door or of a wish: the server's own words, for what cannot be taken for ours.
std::string refusal_text(const std::string& reason);

// The last line to a peer of plain lines: it must not read as the person's words.
std::string parting_line(const std::string& reason);

// The answer to /who.
struct Who {
  std::string title;    // as shown
  std::string address;  // empty where the title is the address
  std::optional<long> pid;
  Speech speech = Speech::undecided;
  std::chrono::minutes here{0};
  std::optional<std::chrono::microseconds> round_trip;
};
std::string who_text(const Who& who);

}  // namespace talk
