// A long way that loses packets changes no finding: right programs stay right, wrong ones are named
// as they are on this machine.
#include <gtest/gtest.h>

#include "tests/clinic/wild.h"

namespace talk::test {
namespace {

constexpr const char* kOneWay = "150";  // ms: 300 there and back
constexpr const char* kLost = "30";     // percent of the packets, either way
constexpr int kNoSuchLink = 77;         // bad_link.py's

// `far` runs on the other side of the link.
void expect_diagnosis(const Row& row, const std::vector<std::string>& far,
                      const std::vector<std::string>& near) {
  std::vector<std::string> command = {"python3", "-B",  wild_script("bad_link.py"),
                                      kOneWay,   kLost, "1"};
  command.insert(command.end(), far.begin(), far.end());
  command.insert(command.end(), {"--", program("talk_clinic"), row.kind});
  for (const std::string& name : words_of(row.cases))
    command.insert(command.end(), {"--case", name});
  command.insert(command.end(), near.begin(), near.end());
  Process clinic(command);
  const Diagnosis diagnosis = diagnosis_of(clinic, seconds(400));
  if (diagnosis.code == kNoSuchLink) GTEST_SKIP() << diagnosis.page;
  expect_finding(row, diagnosis);
}

class ClinicOverABadLink : public testing::TestWithParam<Row> {};

TEST_P(ClinicOverABadLink, FindsWhatItFindsHere) {
  const Row& row = GetParam();
  const TempDir directory;
  write_file(directory / "notes.bin", "notes of the clinic\n");
  std::vector<std::string> near = {"--dir", directory.path()};
  if (row.kind == "fetch") near.insert(near.end(), {"--file", "notes.bin"});
  near.insert(near.end(), {"{host}", "{port}"});
  const std::string script = wild_script("server.py");
  expect_diagnosis(row, {"python3", "-B", script, row.kind, "0", directory.path(), row.mistake},
                   near);
}

class ClinicOfClientsOverABadLink : public testing::TestWithParam<Row> {};

TEST_P(ClinicOfClientsOverABadLink, FindsWhatItFindsHere) {
  const Row& row = GetParam();
  const TempDir directory;
  const std::string file = directory / "notes.bin";
  write_file(file, std::string("notes\0of the clinic\n", 20));
  const std::string port = "1234";  // of a network of its own
  std::vector<std::string> near = {"--serve", port};
  if (row.kind == "fetch") near.insert(near.end(), {"--dir", directory.path()});
  if (row.kind == "accio" || row.kind == "upload") near.insert(near.end(), {"--expect", file});
  const std::string script = wild_script("client.py");
  expect_diagnosis(row, {"python3", "-B", script, row.kind, port, file, row.mistake}, near);
}

const Row kTable[] = {
    {"store", "", "again end bytes two-in-one no-ending empty-line half-close"},
    {"echo", "", "end bytes two-in-one no-ending exit half-close"},
    {"fetch", "", "bytes no-ending receives-apart empty-name file file-bare"},
    {"accio", "", "bytes stored handshake-bytes glued stored-cut"},
    {"talk", "", "again bytes no-ending silent-one"},
    {"upload", "", "bytes stored stored-bytes stored-cut"},
    {"store", "one-recv", "bytes"},
    {"store", "lost-remainder", "two-in-one"},
    {"store", "reply-without-ending", "again"},
    {"echo", "strlen-binary", "nul-inside"},
    {"fetch", "greeting-glued", "receives-apart"},
    {"fetch", "waits-for-line-feed", "no-ending"},
    {"accio", "half-kept", "stored-cut"},
    {"upload", "no-close", "first"},
    {"talk", "empty-message", "empty-line"},
};

INSTANTIATE_TEST_SUITE_P(, ClinicOverABadLink, testing::ValuesIn(kTable), [](const auto& row) {
  return name_of({row.param.kind, row.param.mistake});
});

const Row kClients[] = {
    {"accio", "", "greeting-bytes file-apart other-greeting"},
    {"upload", "", "again half-closed spoken-to"},
    {"fetch", "", "id-alone file-bytes no cut"},
    {"store", "", "reply-bytes together value-of-words"},
    {"echo", "", "echo-bytes last-byte one-echo"},
    {"talk", "", "bytes empty-lines ends-in-line"},
    {"accio", "speaks-first", "other-greeting"},
    {"upload", "strlen-binary", "again"},
    {"fetch", "half-kept", "cut"},
    {"store", "one-recv", "reply-bytes"},
    {"echo", "one-recv", "echo-bytes"},
    {"talk", "empty-message", "empty-lines"},
};

INSTANTIATE_TEST_SUITE_P(, ClinicOfClientsOverABadLink, testing::ValuesIn(kClients),
                         [](const auto& row) {
                           return name_of({row.param.kind, row.param.mistake});
                         });

}  // namespace
}  // namespace talk::test
