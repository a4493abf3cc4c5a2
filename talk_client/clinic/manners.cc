#include "talk_client/clinic/manners.h"

#include <algorithm>
#include <array>

namespace talk::clinic {
namespace {

constexpr std::size_t kLongestReply = 300;  // bytes; what is longer are no words

constexpr std::array<std::string_view, 8> kSpecified = {
    "OK",          "Key already exists", "Key not found", "Invalid command",
    "Invalid key", "Value too long",     "Goodbye",       "accio"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void remove_all(std::string& text, std::string_view part) {
  if (part.empty() || text.find(part) == std::string::npos) return;
  std::string left;
  std::size_t at = 0;
  for (std::size_t found = text.find(part); found != std::string::npos;
       found = text.find(part, at)) {
    left.append(text, at, found - at);
    at = found + part.size();
  }
  text = left.append(text, at);
}

// How many bytes at the beginning of `came` are `own`, which has no digits, with any digits
// between; otherwise as own_reply().
std::optional<std::size_t> match_digits_aside(std::string_view own, std::string_view came,
                                              bool& more) {
  std::size_t at = 0;
  std::size_t same = 0;
  for (; at < came.size(); ++at) {
    if (is_digit(came[at])) continue;
    if (same == own.size() || came[at] != own[same]) break;
    ++same;
  }
  more = same < own.size() && at == came.size();
  return same == own.size() ? std::optional(at) : std::nullopt;
}

}  // namespace

std::string stands_in_the_way(const Manners& manners, std::string_view need) {
  const struct {
    std::string_view need;
    bool missing;
    const char* why;
  } kNeeds[] = {
      {"new-accio", manners.old_accio, "not of this generation of the exercise"},
      {"echo-endings", manners.no_endings,
       "not tried: a message must come back with its ending before"},
      {"new-accio", manners.no_second, "not tried: a second greeting must come before"},
      {"greets", manners.no_greeting, "not tried: a greeting must come before"},
      {"pipelines", manners.lockstep, "this client waits for each reply"},
      {"endings", manners.no_endings, "its requests have no ending, and so the replies have none"},
      {"echoes",
       manners.changes_echo || !manners.adds_before.empty() || !manners.adds_behind.empty(),
       "not tried: what was sent must come back before, and nothing else"},
      {"stays-open", std::ranges::count(manners.own_no, "") > 0,
       "not tried: it ends the connection where NO belongs"},
      {"bare-form", manners.asks_with_line, "it asks with a line, and is answered with one"},
      {"sized-form", !manners.asks_with_line, "it asks with a bare name, and is told no size"},
      {"any-value", manners.compares, "this client leaves when a value is not what it has put"},
  };
  for (const auto& row : kNeeds)
    if (row.need == need && row.missing) return row.why;
  return "";
}

bool is_specified_reply(std::string_view text) {
  return std::ranges::find(kSpecified, text) != kSpecified.end();
}

std::string without_digits(std::string_view text) {
  std::string left(text);
  std::erase_if(left, is_digit);
  return left;
}

std::string_view without_last_ending(std::string_view text) {
  if (text.ends_with("\r\n")) return text.substr(0, text.size() - 2);
  if (text.ends_with('\n') || text.ends_with('\0')) text.remove_suffix(1);
  return text;
}

std::string_view without_first_ending(std::string_view text) {
  if (text.starts_with("\r\n")) return text.substr(2);
  if (text.starts_with('\n') || text.starts_with('\0')) text.remove_prefix(1);
  return text;
}

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find_first_of(std::string_view("\r\n\0", 3)));
}

bool learn_reply(Manners& manners, std::string_view wanted, std::string_view came) {
  const std::string own = without_digits(came);
  if (!is_specified_reply(wanted)) return false;
  if (own.empty() || came.size() > kLongestReply) return false;
  // One or several replies of the specification are no other words.
  const auto begins = [&](std::string_view reply) { return came.starts_with(reply); };
  if (std::ranges::any_of(kSpecified, begins)) return false;
  manners.own_words.emplace_back(wanted, own);
  return true;
}

std::optional<std::size_t> own_reply(const Manners& manners, std::string_view wanted,
                                     std::string_view came, bool& more) {
  more = false;
  for (const auto& [specified, own] : manners.own_words) {
    if (specified != wanted) continue;
    bool more_of_this = false;
    if (const auto size = match_digits_aside(own, came, more_of_this)) return size;
    more = more || more_of_this;
  }
  return std::nullopt;
}

std::string learn_echo(Manners& manners, std::string_view sent, std::string_view came) {
  std::size_t at = came.find(sent);
  if (at == std::string_view::npos) {  // something stands between the words and their ending
    const std::string_view ending = sent.substr(without_last_ending(sent).size());
    sent = without_last_ending(sent);
    at = came.find(sent);
    manners.no_endings = at != std::string_view::npos && !came.ends_with(ending);
    if (came.ends_with(ending)) came.remove_suffix(ending.size());
  }
  if (at == std::string_view::npos) {
    manners.changes_echo = true;
    return came.size() < sent.size() ? "echo-loses" : "wrong-reply";
  }
  manners.adds_before = came.substr(0, at);
  manners.adds_behind = came.substr(at + sent.size());
  // A buffer that was sent whole has as many NULs as a message leaves room for.
  if (manners.adds_behind.find_first_not_of('\0') == std::string::npos &&
      !manners.adds_behind.empty())
    manners.adds_behind.assign(1, '\0');
  return "echo-adds";
}

void learn_said_back(Manners& manners, const std::pair<std::string_view, std::string_view>& lines,
                     const std::pair<std::string_view, std::string_view>& came) {
  const std::string first = without_digits(came.first);
  const std::size_t at = first.find(lines.first);
  if (at == std::string::npos) return;
  manners.says_back.emplace(first.substr(0, at), first.substr(at + lines.first.size()));
  if (said_back(manners, lines.second) != without_digits(came.second)) manners.says_back.reset();
}

std::string said_back(const Manners& manners, std::string_view lines) {
  std::string all;
  while (manners.says_back && !lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    all += manners.says_back->first + std::string(lines.substr(0, end)) + manners.says_back->second;
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return all;
}

std::string without_additions(const Manners& manners, std::string_view text) {
  std::string left(text);
  remove_all(left, manners.adds_before);
  remove_all(left, manners.adds_behind);
  return left;
}

std::string learn_no(Manners& manners, std::string_view came) {
  came = without_last_ending(came);
  if (!came.empty() && is_digit(came.front())) {
    const std::size_t digits = std::min(came.find_first_not_of("0123456789"), came.size());
    manners.own_no.push_back(without_digits(without_first_ending(came.substr(digits))));
    return "no-missing";
  }
  const std::size_t digits = came.find_first_of("0123456789");
  manners.own_identity = came.substr(0, digits == std::string_view::npos ? 0 : digits);
  if (digits == std::string_view::npos && came != "NO")
    manners.own_no.push_back(without_digits(came));
  return "no-process-id";
}

}  // namespace talk::clinic
