#include "tests/clinic/wild.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

namespace talk::test {

namespace {

constexpr seconds kStarts{90};  // many start at once

}  // namespace

std::string wild_script(const std::string& name) {
  std::filesystem::path root = std::filesystem::path(program("talk_clinic")).parent_path();
  while (!std::filesystem::exists(root / "tests/clinic" / name) && root.has_relative_path())
    root = root.parent_path();  // a variant's programs lie deeper
  return root / "tests/clinic" / name;
}

Diagnosis diagnosis_of(Process& clinic, seconds patience) {
  Diagnosis diagnosis;
  diagnosis.code = clinic.exit_code(patience).value_or(-1);
  diagnosis.page = clinic.out() + clinic.err();
  std::smatch found;
  if (std::regex_search(diagnosis.page, found, std::regex("Mistakes: ([^\n]*)")))
    diagnosis.mistakes = found[1];
  return diagnosis;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) words.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return words;
}

std::string name_of(const Row& row) {
  std::string name = row.kind + "_" + (row.mistake.empty() ? "right" : row.mistake);
  if (!row.manner.empty()) name += "_" + row.manner;
  if (!row.cases.empty()) name += "_in_time";
  for (char& c : name)
    if (c == '-') c = '_';
  return name;
}

void PrintTo(const Row& row, std::ostream* out) { *out << name_of(row); }

void expect_finding(const Row& row, const Diagnosis& diagnosis) {
  EXPECT_EQ(diagnosis.mistakes, row.mistake) << diagnosis.page;
  EXPECT_EQ(diagnosis.page.find("broken off"), std::string::npos) << diagnosis.page;
  if (row.mistake.empty()) {
    EXPECT_EQ(diagnosis.code, 0) << diagnosis.page;
  }
}

Patient::Patient(const std::string& kind, const std::string& mistake, const std::string& manner)
    : process_({"python3", "-B", wild_script("server.py"), kind, "0", directory_.path(), mistake,
                manner}) {
  // A NUL; and where that is looked for, more than the system takes for a client that does not
  // read.
  const bool large = mistake == "short-write" || mistake == "blocked-by-deaf";
  const int lines = large ? 500'000 : 2000;
  std::string notes("before\0behind\n", 14);
  for (int i = 0; i < lines; ++i) notes += "line " + std::to_string(i) + "\n";
  write_file(directory_ / "notes.bin", notes);
  EXPECT_TRUE(process_.says("\n", kStarts)) << process_.err();
  port_ = process_.out().substr(process_.out().find_last_of(' ') + 1);
  port_.pop_back();
}

}  // namespace talk::test
