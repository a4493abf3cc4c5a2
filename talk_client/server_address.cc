#include "talk_client/server_address.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "common/posix/error.h"
#include "common/text/options.h"

namespace talk {
namespace {

constexpr std::string_view kUnix = "unix:";
constexpr std::string_view kScheme = "talk://";
constexpr const char* kForms =
    "HOST PORT, HOST:PORT, [ADDRESS]:PORT, talk://HOST:PORT or unix:PATH";

// A scheme is one in whatever case (RFC 3986).
bool has_scheme(std::string_view word) {
  return word.size() >= kScheme.size() &&
         std::equal(kScheme.begin(), kScheme.end(), word.begin(), [](char wanted, char c) {
           return wanted == std::tolower(static_cast<unsigned char>(c));
         });
}

bool is_number(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
}

// As services are called: "http", "x11-1". It has a letter where a number has its first digit.
bool may_be_service(std::string_view port) {
  return !port.empty() && std::isalpha(static_cast<unsigned char>(port[0])) != 0 &&
         std::all_of(port.begin(), port.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
         });
}

long colons(std::string_view word) { return std::count(word.begin(), word.end(), ':'); }

bool in_brackets(std::string_view host) {
  return host.size() > 2 && host.front() == '[' && host.back() == ']';
}

ServerAddress address_of(std::string host, const std::string& port) {
  if (in_brackets(host)) host = host.substr(1, host.size() - 2);
  const std::string understood = " (understood: HOST '" + host + "', PORT '" + port + "')";
  if (host.empty()) throw UsageError("HOST must not be empty" + understood);
  if (port.empty()) throw UsageError("PORT is missing" + understood);
  if (may_be_service(port)) return {std::move(host), port, {}};
  try {
    number_value("PORT", port, 1, 65535);
  } catch (const UsageError&) {
    throw UsageError("PORT must be a number from 1 to 65535 or the name of a service" + understood);
  }
  return {std::move(host), port, {}};
}

// "HOST:PORT"; an IPv6 address stands in brackets.
ServerAddress read_pair(const std::string& pair) {
  const std::size_t end = pair.front() == '[' ? pair.find(']') : pair.rfind(':');
  if (pair.front() == '[') {
    if (end == std::string::npos) throw UsageError("'" + pair + "' has a '[' without its ']'");
    const bool port_follows = end + 1 < pair.size() && pair[end + 1] == ':';
    if (end + 1 < pair.size() && !port_follows)
      throw UsageError("'" + pair + "': only :PORT can follow the address in brackets");
    return address_of(pair.substr(0, end + 1), port_follows ? pair.substr(end + 2) : "");
  }
  if (end == std::string::npos) return address_of(pair, "");
  if (colons(pair) > 1)
    throw UsageError("'" + pair + "': an IPv6 address stands in brackets, [ADDRESS]:PORT, or has " +
                     "its PORT as a word of its own");
  return address_of(pair.substr(0, end), pair.substr(end + 1));
}

ServerAddress read_url(const std::string& word) {
  std::string rest = word.substr(kScheme.size());
  if (!rest.empty() && rest.back() == '/') rest.pop_back();
  if (rest.empty() || rest.find_first_of("/?#@") != std::string::npos)
    throw UsageError("'" + word + "' is not of the form talk://HOST:PORT");
  return read_pair(rest);
}

ServerAddress read_one(const std::string& word) {
  if (word.starts_with(kUnix)) return {{}, {}, value_not_empty("PATH", word.substr(kUnix.size()))};
  if (has_scheme(word)) return read_url(word);
  if (is_number(word))
    throw UsageError("HOST is missing: '" + word + "' alone can only be PORT (" + kForms + ")");
  if (word.empty()) throw UsageError("HOST must not be empty");
  return read_pair(word);
}

}  // namespace

bool is_whole_address(const std::string& word) {
  if (word.starts_with(kUnix) || has_scheme(word)) return true;
  if (word.starts_with('[')) return word.find("]:") != std::string::npos;
  if (colons(word) != 1 || word.front() == ':') return false;
  const std::string port = word.substr(word.find(':') + 1);
  return is_number(port) || may_be_service(port);
}

ServerAddress read_server_address(const std::vector<std::string>& words) {
  if (words.empty()) throw UsageError(std::string("HOST and PORT are missing (") + kForms + ")");
  if (words.size() > 2)
    throw UsageError("one HOST and one PORT are needed: '" + words[0] + "' and '" + words[1] +
                     "' could be them, and what is '" + words[2] + "'?");
  if (words.size() == 1) return read_one(words[0]);
  if (is_whole_address(words[0]))
    throw UsageError("'" + words[0] + "' says HOST and PORT already, and what is '" + words[1] +
                     "'?");
  return address_of(words[0], words[1]);
}

}  // namespace talk
