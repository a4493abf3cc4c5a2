// Where a server is, as a person writes it. Pure.
#pragma once

#include <string>

namespace talk {

struct ServerAddress {
  std::string host;
  std::string port;  // 1 to 65535, or what may be a service's name
  std::string path;  // of a Unix socket; then there are no host and port

  // For messages: "desk port 1234", "unix:/run/talk".
  std::string place() const { return path.empty() ? host + " port " + port : "unix:" + path; }
};

}  // namespace talk
