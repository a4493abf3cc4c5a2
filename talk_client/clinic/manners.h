// What a program was seen to do otherwise than its exercise says: it is found once, and borne in
// the cases that follow, so that one mistake is not named after another. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace talk::clinic {

struct Manners {
  bool banner = false;  // speaks before the first request
  std::size_t banner_size = 0;
  std::string prompt{};  // what stands before a reply without belonging to it
  bool no_endings = false;
  bool old_accio = false;    // keeps the handshake as a part of the file
  bool no_second = false;    // accio: no second greeting comes
  bool no_greeting = false;  // accio: none at all
  bool greets = false;       // of a server to talk with
  bool answers = false;      // likewise: each line, at once
  // Likewise: says each line back, with this before and behind it, digits aside.
  std::optional<std::pair<std::string, std::string>> says_back{};
  // Replies of the specification and its own words for them, digits aside: they may be a key's.
  std::vector<std::pair<std::string, std::string>> own_words{};
  // What it adds around each message that it echoes; and whether it changes what is between.
  std::string adds_before{};
  std::string adds_behind{};
  bool changes_echo = false;
  // Fetch: what stands before the process ID, empty: there is none; what comes for NO, in either
  // form.
  std::optional<std::string> own_identity{};
  std::vector<std::string> own_no{};
  // Of clients:
  bool lockstep = false;            // asks again when it was answered, not before
  bool ends_early = false;          // ends its side before it is answered
  bool done_when_answered = false;  // goes then, whether the server ends or not
  bool leaves = false;              // talk: goes by itself
  bool asks_with_line = false;      // fetch: a line feed stands behind the name
  // Store: leaves when a value is not what it has put; takes it all the same.
  bool compares = false;
  bool takes_any_value = false;
};

// What a case may need besides other cases that went well: why this program does not have it, or
// empty.
std::string stands_in_the_way(const Manners& manners, std::string_view need);

// Whether the specification of some exercise has this reply; all others are data.
bool is_specified_reply(std::string_view text);

// A reply that is not `wanted`: its words are remembered. False where it is another reply of the
// specification, or data was wanted: then it is no matter of words.
bool learn_reply(Manners& manners, std::string_view wanted, std::string_view came);
// How many bytes at the beginning of `came` are this program's own words for `wanted`; nothing:
// they are not, or (`more`) not yet all there.
std::optional<std::size_t> own_reply(const Manners& manners, std::string_view wanted,
                                     std::string_view came, bool& more);

// An echo of `sent` that came back as `came`: what was added is remembered, or that it is changed.
// Returns the mistake.
std::string learn_echo(Manners& manners, std::string_view sent, std::string_view came);
// What is left without what this program adds.
std::string without_additions(const Manners& manners, std::string_view text);

// Whether a server to talk with says lines back: what came for each of two, one after the other.
void learn_said_back(Manners& manners, const std::pair<std::string_view, std::string_view>& lines,
                     const std::pair<std::string_view, std::string_view>& came);
// What such a server says to these lines, digits aside.
std::string said_back(const Manners& manners, std::string_view lines);

// What fetch says of a file that is not there, where that is not a process ID and NO. Returns the
// mistake.
std::string learn_no(Manners& manners, std::string_view came);

std::string without_digits(std::string_view text);
// Without one line feed, CR LF or NUL at its end, or at its beginning; up to the first of them.
std::string_view without_last_ending(std::string_view text);
std::string_view without_first_ending(std::string_view text);
std::string_view first_line(std::string_view text);

}  // namespace talk::clinic
