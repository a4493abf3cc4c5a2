// What a session and a listener say of themselves at their control sockets, and what they are asked
// there. A line each; words `key=value`, values percent-encoded, unknown keys ignored. Pure.
//
//   status        session number=3 pid=8402 state=here unread=2 idle=7 since=1790000000 name=alice
//   …
//                 listener pid=8400 waiting=3 limit=64 since=1790000000
//   say TEXT      ok, or left (the talk has ended), or no REASON
//   close REASON  likewise
//   raise         likewise, or tmux SERVER PANE: its window is one of that tmux, to be selected
//                 there, or window N: it is one of an X display, to be given the keyboard there
//   resume …      with a connection beside it (resumption.h): ok, or left, or no REASON
//   anything else no such request
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/desk/talk_link.h"
#include "common/posix/clock.h"

namespace talk {

struct TransferReport {
  std::string name;  // untrusted
  bool outgoing = false;
  std::uint64_t done = 0;   // bytes
  std::uint64_t total = 0;  // bytes
  std::uint64_t rate = 0;   // bytes a second; 0: not known
  bool operator==(const TransferReport&) const = default;
};

struct OfferReport {        // of the desk's, which the visitor has not answered
  std::string name;         // untrusted
  std::uint64_t total = 0;  // bytes
  bool operator==(const OfferReport&) const = default;
};

struct SessionReport {
  std::uint64_t number = 0;
  long pid = 0;  // the handler's
  TalkLink link = TalkLink::here;
  std::optional<seconds> silent;  // the link says nothing, for so long
  std::uint64_t unread = 0;       // lines of words
  bool typing = false;            // the person at the desk, in its window
  seconds idle{0};                // since the visitor's last words, or bytes of a file
  std::chrono::sys_seconds since{};
  std::string name;     // as the visitor calls itself; untrusted; empty where it does not
  std::string address;  // "10.0.0.7"
  std::vector<TransferReport> transfers;
  std::vector<OfferReport> offers;
  bool operator==(const SessionReport&) const = default;
};

struct ListenerReport {
  long pid = 0;
  std::optional<std::uint64_t> waiting;  // visitors in the backlog, where the system says
  std::uint64_t limit = 0;               // sessions
  std::chrono::sys_seconds since{};
  bool operator==(const ListenerReport&) const = default;
};

inline constexpr std::size_t kMostTransfersReported = 32;
inline constexpr std::size_t kMostNameReported = 512;  // bytes

std::string format_report(const SessionReport& report);
std::string format_report(const ListenerReport& report);

// Nothing where the line is no such report.
std::optional<SessionReport> read_session_report(std::string_view line);
std::optional<ListenerReport> read_listener_report(std::string_view line);

// A request or an answer: its first word, and the text behind the blank.
struct ControlLine {
  std::string_view word;
  std::string_view text;
};
ControlLine split_control_line(std::string_view line);

// The whole answer to what is not known, which begins like a refusal and is none.
inline constexpr const char* kNoSuchRequest = "no such request";

// A window in tmux: the server's socket, the pane.
struct TmuxPane {
  std::string server;
  std::string pane;
  bool operator==(const TmuxPane&) const = default;
};
std::string format_tmux_answer(const TmuxPane& window);
std::optional<TmuxPane> read_tmux_answer(std::string_view answer);

// A window of an X display, by its number.
std::string format_window_answer(std::uint32_t window);
std::optional<std::uint32_t> read_window_answer(std::string_view answer);

}  // namespace talk
