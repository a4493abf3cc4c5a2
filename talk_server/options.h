// What the command line of talk_server asks for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/confine/confine.h"
#include "common/posix/clock.h"
#include "common/text/options.h"
#include "talk_server/network.h"

namespace talk {

struct ServerOptions {
  std::optional<std::string> answer;  // to --help or --version: to be printed, and nothing done
  std::uint16_t port = 0;
  std::string socket_path;  // unix:PATH in place of the port; empty: none
  std::string directory = ".";
  std::string handler = "talk";   // a name or a path
  std::string terminal = "auto";  // auto, xterm, tmux, none, or a command
  std::string bind;               // empty: every interface
  std::string name;               // empty: the login name
  std::optional<std::size_t> max_sessions;
  std::size_t max_per_host = 0;     // 0: no limit
  std::string share;                // empty: nothing
  std::uint64_t max_file_size = 0;  // bytes; 0: no limit
  std::string transcripts;          // empty: none
  std::string screen;               // "split", "plain", "lines"; empty: the terminal decides
  seconds linger{60};
  bool board = false;
  std::optional<seconds> idle;  // 0: never
  std::vector<Network> allow;   // empty: everybody may come
  bool proxy_protocol = false;
  Confine confine = Confine::automatic;
  std::optional<seconds> keep;  // unset: by whether there is a window; 0: not at all
};

// The options, whose values go into `options`; it must live as long as they are read.
OptionTable server_option_table(ServerOptions& options);

// Throws UsageError.
ServerOptions parse_server_options(const std::vector<std::string>& arguments);

// "500M" in bytes; K, M and G are powers of 1,024. Throws UsageError.
std::uint64_t parse_size(const std::string& option, const std::string& text);

}  // namespace talk
