// A long way that loses packets changes no finding: right servers stay right, wrong ones are named
// as they are on this machine.
#include <gtest/gtest.h>

#include "tests/clinic/wild.h"

namespace talk::test {
namespace {

constexpr const char* kOneWay = "150";  // ms: 300 there and back
constexpr const char* kLost = "30";     // percent of the packets, either way
constexpr int kNoSuchLink = 77;         // bad_link.py's

class ClinicOverABadLink : public testing::TestWithParam<Row> {};

TEST_P(ClinicOverABadLink, FindsWhatItFindsHere) {
  const Row& row = GetParam();
  const TempDir directory;
  write_file(directory / "notes.bin", "notes of the clinic\n");
  std::vector<std::string> command = {
      "python3",   "-B", wild_script("bad_link.py"), kOneWay,  kLost,   "1",
      "python3",   "-B", wild_script("server.py"),   row.kind, "0",     directory.path(),
      row.mistake, "--", program("talk_clinic"),     row.kind, "--dir", directory.path()};
  if (row.kind == "fetch") command.insert(command.end(), {"--file", "notes.bin"});
  for (const std::string& name : words_of(row.cases))
    command.insert(command.end(), {"--case", name});
  command.insert(command.end(), {"{host}", "{port}"});
  Process clinic(command);
  const Diagnosis diagnosis = diagnosis_of(clinic, seconds(300));
  if (diagnosis.code == kNoSuchLink) GTEST_SKIP() << diagnosis.page;
  EXPECT_EQ(diagnosis.mistakes, row.mistake) << diagnosis.page;
  EXPECT_EQ(diagnosis.page.find("broken off"), std::string::npos) << diagnosis.page;
}

const Row kTable[] = {
    {"store", "", "again end bytes two-in-one no-ending empty-line half-close"},
    {"echo", "", "end bytes two-in-one no-ending exit half-close"},
    {"fetch", "", "bytes no-ending receives-apart empty-name file file-bare"},
    {"accio", "", "bytes stored handshake-bytes glued stored-cut"},
    {"talk", "", "again bytes no-ending silent-one"},
    {"store", "one-recv", "bytes"},
    {"store", "lost-remainder", "two-in-one"},
    {"store", "reply-without-ending", "again"},
    {"echo", "strlen-binary", "nul-inside"},
    {"fetch", "greeting-glued", "receives-apart"},
    {"fetch", "waits-for-line-feed", "no-ending"},
    {"accio", "half-kept", "stored-cut"},
    {"upload", "no-close", "first"},
};

INSTANTIATE_TEST_SUITE_P(, ClinicOverABadLink, testing::ValuesIn(kTable), [](const auto& row) {
  return name_of({row.param.kind, row.param.mistake});
});

}  // namespace
}  // namespace talk::test
