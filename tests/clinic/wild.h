// talk_clinic and the programs in the wild's manner that it examines: what it says of them.
#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {

// Of tests/clinic, wherever the programs of this variant lie.
std::string wild_script(const std::string& name);

struct Diagnosis {
  std::string mistakes;  // as its last line names them
  std::string page;      // all that it said
  int code = -1;
};
Diagnosis diagnosis_of(Process& clinic, seconds patience = seconds(150));

struct Row {
  std::string kind;
  std::string mistake;   // empty: the program is right
  std::string cases{};   // only these, in a run that takes its time; empty: a quick run of all
  std::string manner{};  // one of several in which a program may be right, or make the mistake
};
// Those between blanks.
std::vector<std::string> words_of(const std::string& text);
// For GoogleTest: "store_one_recv", "store_right".
std::string name_of(const Row& row);
void PrintTo(const Row& row, std::ostream* out);
// That the whole was seen, and that mistake and no other was named.
void expect_finding(const Row& row, const Diagnosis& diagnosis);

// server.py, with files of its own.
class Patient {
 public:
  Patient(const std::string& kind, const std::string& mistake, const std::string& manner = "");
  const std::string& port() const { return port_; }
  std::string directory() const { return directory_.path(); }

 private:
  TempDir directory_;
  Process process_;
  std::string port_;
};

}  // namespace talk::test
