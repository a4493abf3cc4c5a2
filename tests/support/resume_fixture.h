// A server whose talks outlive their links, a register of its own, and what its desk has heard.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {

class ResumeFixture : public testing::Test {
 protected:
  Process::Options environment() const;
  void serve(std::vector<std::string> options = {});
  // What the desk was shown of alice's words, over all sessions, in the order of the sessions.
  std::vector<std::string> heard() const;
  bool has_heard(int last) const;  // "line 1" and so on, and no more: true once that is so
  // As somebody at the board: the exit code of talk_desk.
  int say(const std::string& session, const std::string& text) const;
  bool board_says(const std::string& part) const;

  TempDir runtime;
  TempDir files;
  TempDir transcripts;
  std::unique_ptr<Server> server;
};

std::vector<std::string> numbered(int last);  // "line 1", "line 2"…

}  // namespace talk::test
