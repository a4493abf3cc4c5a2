#include "common/wire/greeting.h"

#include <algorithm>

#include "common/text/decimal.h"
#include "common/text/percent.h"
#include "common/wire/limits.h"

namespace talk {
namespace {

constexpr std::uint64_t kLongestAgain = 1'000'000;  // seconds

void read_attribute(std::string_view attribute, Greeting& greeting) {
  const std::size_t equals = attribute.find('=');
  if (equals == std::string_view::npos) return;
  const std::string_view key = attribute.substr(0, equals);
  const std::string value = percent_decode(attribute.substr(equals + 1));
  if (key == "name") greeting.name = value;
  if (key == "pid")
    if (const auto pid = decimal<long>(value); pid && *pid > 0) greeting.pid = pid;
  if (key == "many") greeting.many = value == "1";
  if (key == "ack") greeting.ack = value == "1";
  if (key == "session") greeting.session = read_ticket(value);
  if (key == "again")
    if (const auto again = decimal<std::uint64_t>(value))
      greeting.again = seconds(std::min(*again, kLongestAgain));
  if (key == "got") greeting.got = decimal<std::uint64_t>(value);
}

// What stands behind the name, so that a long one does not cut it off.
std::string abilities(const Greeting& greeting) {
  std::string text;
  if (greeting.many) text += " many=1";
  if (greeting.ack) text += " ack=1";
  if (greeting.session) text += " session=" + format_ticket(*greeting.session);
  if (greeting.again > seconds(0)) text += " again=" + std::to_string(greeting.again.count());
  if (greeting.got) text += " got=" + std::to_string(*greeting.got);
  return text + "\r\n";
}

}  // namespace

std::string format_ticket(const TalkTicket& ticket) {
  return std::to_string(ticket.number) + "-" + ticket.token;
}

std::optional<TalkTicket> read_ticket(std::string_view text) {
  const std::size_t dash = std::min(text.find('-'), text.size());
  const auto number = decimal<std::uint64_t>(text.substr(0, dash));
  if (!number || dash == text.size()) return std::nullopt;
  const std::string_view token = text.substr(dash + 1);
  if (token.size() != TalkTicket::kTokenSize ||
      token.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  return TalkTicket{*number, std::string(token)};
}

std::string format_greeting(const Greeting& greeting) {
  const std::string end = abilities(greeting);
  std::string line(kGreetingWord);
  if (greeting.pid) line += " pid=" + std::to_string(*greeting.pid);
  if (greeting.name) {
    line += " name=";
    for (const char c : *greeting.name) {
      const std::string encoded = percent_encode({&c, 1});
      if (line.size() + encoded.size() + end.size() > kMaxGreeting) break;
      line += encoded;
    }
  }
  return line + end;
}

FirstBytes judge_first_bytes(std::string_view bytes) {
  using Kind = FirstBytes::Kind;
  const std::string_view start = bytes.substr(0, kGreetingWord.size());
  if (start != kGreetingWord.substr(0, start.size())) return {Kind::something_else, 0, {}};
  if (bytes.size() > kGreetingWord.size() &&
      std::string_view(" \r\n").find(bytes[kGreetingWord.size()]) == std::string_view::npos)
    return {Kind::something_else, 0, {}};

  const std::size_t end = bytes.substr(0, kMaxGreeting).find('\n');
  if (end == std::string_view::npos)
    return {bytes.size() >= kMaxGreeting ? Kind::something_else : Kind::could_become_one, 0, {}};

  FirstBytes result{Kind::greeting, end + 1, {}};
  std::string_view rest = bytes.substr(kGreetingWord.size(), end - kGreetingWord.size());
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  if (!rest.empty() && rest.front() != ' ') return {Kind::something_else, 0, {}};  // "TALK/1\rx"
  while (!rest.empty()) {
    const std::size_t blank = std::min(rest.find(' '), rest.size());
    read_attribute(rest.substr(0, blank), result.greeting);
    rest.remove_prefix(std::min(blank + 1, rest.size()));
  }
  return result;
}

}  // namespace talk
