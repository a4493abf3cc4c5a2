// A tmux server of a test's own: windows without a desktop, typed into and read.
#pragma once

#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {

class Tmux {
 public:
  explicit Tmux(int columns = 80, int rows = 24);
  ~Tmux();
  Tmux(const Tmux&) = delete;
  Tmux& operator=(const Tmux&) = delete;

  // For a program that is to believe that it runs inside.
  Process::Options options();

  // A tmux command and what it printed.
  std::string run(std::vector<std::string> words);

  // Windows are known by their names; `talk N` is session N's, by which title it ever goes now.
  std::vector<std::string> windows();
  bool has_window(const std::string& name);
  void type_line(const std::string& window, const std::string& line);
  std::string text_of(const std::string& window);
  bool shows(const std::string& window, const std::string& part, milliseconds patience = kPatience);

 private:
  // As tmux has it; empty: there is none.
  std::string target(const std::string& window);

  TempDir dir_;
  Process::Options clean_;
};

}  // namespace talk::test
