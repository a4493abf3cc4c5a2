// What the tests of --send and --get with servers that know no frames stand on: a server that a
// test plays by hand, and files on both sides.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "common/posix/owned_fd.h"
#include "tests/support/temp_dir.h"

namespace talk::test {

// Does what the test tells it to, one connection after the other.
class ScriptedServer {
 public:
  ScriptedServer();
  std::string port() const;
  void accept();
  void say(const std::string& bytes);
  const std::string& heard();
  bool hears(const std::string& all);
  // In order; a reset is none.
  bool sees_end();
  void close() { connection_.reset(); }
  void reset();

 private:
  bool ended();

  OwnedFd listener_;
  OwnedFd connection_;
  std::string heard_;
};

class PlainBatchFixture : public testing::Test {
 protected:
  void SetUp() override;
  std::vector<std::string> client(const std::vector<std::string>& options, const std::string& port);
  std::string here(const std::string& name) { return read_file(directory_ / ("here/" + name)); }
  std::size_t names_here();
  bool nothing_here() { return names_here() == 0; }

  TempDir directory_;  // with the client's directory "here", the server's "server", and "big"
  std::string big_;
};

}  // namespace talk::test
