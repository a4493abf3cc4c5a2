// talk_desk for scripts, and a server of whose talks it tells.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

namespace talk::test {

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};

class TalkDeskFixture : public testing::Test {
 protected:
  Process::Options environment() const {
    Process::Options options;
    options.environment["XDG_RUNTIME_DIR"] = runtime.path();
    return options;
  }
  std::unique_ptr<Server> serve(std::vector<std::string> options = {}) {
    options.insert(options.begin(), {"--terminal", "none", "--name", "prof"});
    auto server = std::make_unique<Server>(options, files.path(), environment());
    port = std::to_string(server->port());
    return server;
  }
  // Of the server that was started last: this user may have others, registered below /tmp.
  Ran desk(std::vector<std::string> words) const {
    words.insert(words.begin(), port);
    return desk_alone(words);
  }
  Ran desk_alone(std::vector<std::string> words) const {
    words.insert(words.begin(), program("talk_desk"));
    Process process(words, environment());
    const int code = process.exit_code().value_or(-1);
    return {code, process.out(), process.err()};
  }
  // True once the list, or its JSON, holds `part`.
  bool lists(const std::string& part, milliseconds patience = kPatience) const {
    return wait_until(
        [&] {
          return desk({"list", "--json"}).out.find(part) != std::string::npos;
        },
        patience);
  }
  std::string register_of(const Server& server) const {
    return runtime / ("talk/" + std::to_string(server.port()));
  }

  TempDir runtime;
  TempDir files;
  std::string port;
};

}  // namespace talk::test
