// Where a server is, as a person writes it: HOST PORT, or in one word HOST:PORT, [::1]:1234,
// talk://HOST:PORT, unix:PATH. Pure.
#pragma once

#include <string>
#include <vector>

namespace talk {

struct ServerAddress {
  std::string host;
  std::string port;  // 1 to 65535, or what may be a service's name
  std::string path;  // of a Unix socket; then there are no host and port

  // For messages: "desk port 1234", "unix:/run/talk".
  std::string place() const { return path.empty() ? host + " port " + port : "unix:" + path; }
};

// Whether the word has one of the forms that say all, be it with a mistake in it.
bool is_whole_address(const std::string& word);

// Of the one or two words. Throws UsageError, which says how the words were understood.
ServerAddress read_server_address(const std::vector<std::string>& words);

}  // namespace talk
