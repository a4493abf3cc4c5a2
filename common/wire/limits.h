// The protocol's limits, each with its reason.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace talk {

// A greeting is one short line; more than this before its end is no greeting. Line ending included.
inline constexpr std::size_t kMaxGreeting = 512;
// Large enough that framing costs nothing on a fast link, small enough to be held in memory.
inline constexpr std::size_t kMaxPayload = std::size_t{1} << 20;
// One line of talk. A pasted page fits; a runaway program is noticed.
inline constexpr std::size_t kMaxText = std::size_t{64} << 10;
inline constexpr const char* kMaxTextInWords = "64 KiB";
// A ping carries what its sender needs to know it again.
inline constexpr std::size_t kMaxPing = 64;
inline constexpr std::size_t kFrameHeader = 5;  // tag, length
// What may wait to be sent before the keyboard or the pipe is no longer read.
inline constexpr std::size_t kMaxQueued = std::size_t{1} << 20;
// What the receiver of a directory grants with its accept: files up to this size come whole behind
// their offers, without waiting for accepts of their own. A round trip is saved for each; the
// receiver may have to hold so much of every file that is under way.
inline constexpr std::uint64_t kMostAhead = std::uint64_t{64} << 10;
// Items in one answer to a list request.
inline constexpr std::size_t kMaxListed = 10'000;

// A message from a peer that ends its messages with nothing ends at such a pause.
inline constexpr std::chrono::milliseconds kMessagePause{50};
// One that is typed key by key ends at a longer one: the next key may come. So does one that stops
// in the middle of a character.
inline constexpr std::chrono::milliseconds kKeyPause{1000};
// Bytes that could still become a greeting (or a request) are waited for that long.
inline constexpr std::chrono::milliseconds kGreetingWait{1000};
// A peer that has not greeted by then talks in plain lines.
inline constexpr std::chrono::milliseconds kGreetingPatience{3000};
// Between lines kept for a line peer: each must reach it in a receive of its own.
inline constexpr std::chrono::milliseconds kKeptLineSpacing{20};

}  // namespace talk
