#include "server_handler/store/request.h"

#include <algorithm>
#include <string>

#include "server_handler/store/record.h"

namespace talk {
namespace {

using Verb = StoreRequest::Verb;

bool is_word(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return a == b || (a >= 'A' && a <= 'Z' && a + 32 == b); };
  return std::ranges::equal(text, word, same);
}

StoreRequest wrong(std::string_view problem) { return {Verb::wrong, 0, {}, problem}; }

StoreRequest parse_key_alone(Verb verb, std::string_view rest) {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  if (end == 0 || rest.find_first_not_of(' ', end) != rest.npos) return wrong("Invalid command");
  const auto key = parse_store_key(rest.substr(0, end));
  if (!key) return wrong("Invalid key");
  return {verb, *key, {}, {}};
}

StoreRequest parse_put(std::string_view rest) {
  const std::size_t blank = rest.find(' ');
  const auto key = parse_store_key(rest.substr(0, blank));
  if (!key && !rest.empty()) return wrong("Invalid key");
  if (!key || blank == rest.npos || blank + 1 == rest.size()) return wrong("Invalid command");
  const std::string_view value = rest.substr(blank + 1);
  if (value.size() > kMaxValue) return wrong("Value too long");
  return {Verb::put, *key, value, {}};
}

}  // namespace

StoreRequest parse_store_request(std::string_view message) {
  if (is_word(message, "bye")) return {Verb::bye, 0, {}, {}};
  const std::size_t blank = message.find(' ');
  if (blank == message.npos) return wrong("Invalid command");
  const std::string_view word = message.substr(0, blank);
  const std::string_view rest = message.substr(blank + 1);
  if (is_word(word, "put")) return parse_put(rest);
  if (is_word(word, "get")) return parse_key_alone(Verb::get, rest);
  if (is_word(word, "del")) return parse_key_alone(Verb::del, rest);
  return wrong("Invalid command");
}

// It could if some end of some request makes it one.
bool could_become_store_request(std::string_view message) {
  constexpr std::size_t kShort = 64;  // anything unfinished is shorter
  if (message.size() > kShort || parse_store_request(message).verb != Verb::wrong) return false;
  for (const std::string_view pattern : {"put 1 a", "get 1", "del 1", "bye"}) {
    for (std::size_t from = 1; from < pattern.size(); ++from) {
      const std::string whole = std::string(message).append(pattern.substr(from));
      if (parse_store_request(whole).verb != Verb::wrong) return true;
    }
  }
  return false;
}

}  // namespace talk
