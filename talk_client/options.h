// What the command line of talk_client asks for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/posix/clock.h"
#include "common/text/options.h"
#include "talk_client/server_address.h"

namespace talk {

struct ClientOptions {
  std::optional<std::string> answer;  // to --help or --version: to be printed, and nothing done
  ServerAddress server;
  std::string name;  // empty: the login name
  std::vector<std::string> send;
  std::vector<std::string> get;
  std::string directory = ".";
  bool accept = false;
  bool commands = false;
  bool raw = false;
  std::optional<seconds> retry;  // unset: by what it is for
  seconds timeout{10};
  std::vector<std::string> via;  // the words of a command to talk through; empty: none
  std::string screen;            // "split", "plain" or "lines"; empty: by what the terminal can

  bool batch() const { return !send.empty() || !get.empty(); }
};

// The options, whose values go into `options`; it must live as long as they are read.
OptionTable client_option_table(ClientOptions& options);

// Throws UsageError.
ClientOptions parse_client_options(const std::vector<std::string>& arguments);

}  // namespace talk
