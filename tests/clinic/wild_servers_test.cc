// talk_clinic with servers in the wild's manner: the one that is right, and one for each mistake.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <regex>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

std::string source_directory() {
  return std::filesystem::path(program("talk_clinic")).parent_path().parent_path();
}

// tests/clinic/server.py, with files of its own.
class Patient {
 public:
  Patient(const std::string& kind, const std::string& mistake)
      : process_({"python3", script(), kind, "0", directory_.path(), mistake}) {
    write_file(directory_ / "notes.bin", std::string("before\0behind", 13));
    EXPECT_TRUE(process_.says("\n")) << process_.err();
    port_ = process_.out().substr(process_.out().find_last_of(' ') + 1);
    port_.pop_back();
  }
  const std::string& port() const { return port_; }
  std::string directory() const { return directory_.path(); }

 private:
  static std::string script() {
    std::filesystem::path root = source_directory();
    while (!std::filesystem::exists(root / "tests/clinic/server.py") && root.has_relative_path())
      root = root.parent_path();  // a variant's programs lie deeper
    return root / "tests/clinic/server.py";
  }

  TempDir directory_;
  Process process_;
  std::string port_;
};

struct Diagnosis {
  std::string mistakes;
  std::string page;
  int code = -1;
};

Diagnosis examine(const std::string& kind, const std::string& mistake) {
  Patient patient(kind, mistake);
  std::vector<std::string> command = {
      program("talk_clinic"), kind,      "--quick", "--timeout", "3", "--dir",
      patient.directory(),    "--delay", "5"};
  if (kind == "fetch") command.insert(command.end(), {"--file", "notes.bin"});
  command.insert(command.end(), {"127.0.0.1", patient.port()});
  Process clinic(command);
  Diagnosis diagnosis;
  diagnosis.code = clinic.exit_code(seconds(100)).value_or(-1);
  diagnosis.page = clinic.out() + clinic.err();
  std::smatch found;
  if (std::regex_search(diagnosis.page, found, std::regex("Mistakes: ([^\n]*)")))
    diagnosis.mistakes = found[1];
  return diagnosis;
}

struct Row {
  std::string kind;
  std::string mistake;
};

class ClinicFinds : public testing::TestWithParam<Row> {};

TEST_P(ClinicFinds, ThatMistakeAndNoOther) {
  const Diagnosis diagnosis = examine(GetParam().kind, GetParam().mistake);
  EXPECT_EQ(diagnosis.mistakes, GetParam().mistake) << diagnosis.page;
}

const std::vector<std::pair<std::string, std::vector<std::string>>> kMistakes = {
    {"talk",
     {"", "no-accept-loop", "one-at-a-time", "blocked-by-silent", "no-reuseaddr", "zombies",
      "no-close", "text-only", "sends-commands"}},
    {"echo",
     {"", "no-accept-loop", "one-at-a-time", "blocked-by-silent", "reset-kills", "no-reuseaddr",
      "zombies", "no-close", "strlen-binary", "text-only", "fixed-buffer", "empty-message",
      "no-exit", "echo-adds", "reply-without-ending", "closes-early", "short-write", "sigpipe"}},
    {"store",
     {"",
      "no-accept-loop",
      "one-at-a-time",
      "blocked-by-silent",
      "reset-kills",
      "no-reuseaddr",
      "no-close",
      "one-recv",
      "lost-remainder",
      "cr-kept",
      "waits-for-line-feed",
      "empty-message",
      "fixed-buffer",
      "text-only",
      "closes-early",
      "reply-without-ending",
      "short-write",
      "sigpipe",
      "overwrites",
      "value-cut",
      "atoi",
      "key-as-text",
      "not-shared",
      "not-atomic",
      "not-on-disk",
      "no-bye",
      "half-close-lost"}},
    {"fetch",
     {"",
      "no-accept-loop",
      "one-at-a-time",
      "blocked-by-silent",
      "reset-kills",
      "no-reuseaddr",
      "zombies",
      "no-close",
      "one-recv",
      "lost-remainder",
      "cr-kept",
      "waits-for-line-feed",
      "empty-message",
      "text-only",
      "sigpipe",
      "closes-early",
      "greeting-glued",
      "traversal",
      "no-missing",
      "no-process-id",
      "same-process",
      "strlen-binary",
      "size-wrong"}},
    {"accio",
     {"", "no-accept-loop", "one-at-a-time", "blocked-by-silent", "reset-kills", "no-reuseaddr",
      "zombies", "no-close", "no-greeting", "second-greeting", "confirm-in-file",
      "glued-to-handshake", "error-not-written", "half-kept", "strlen-binary", "text-only",
      "one-recv"}},
    {"upload",
     {"", "no-accept-loop", "one-at-a-time", "blocked-by-silent", "reset-kills", "no-reuseaddr",
      "zombies", "no-close", "error-not-written", "half-kept", "strlen-binary", "text-only",
      "one-recv"}},
};

std::vector<Row> rows() {
  std::vector<Row> rows;
  for (const auto& [kind, mistakes] : kMistakes)
    for (const std::string& mistake : mistakes) rows.push_back({kind, mistake});
  return rows;
}

INSTANTIATE_TEST_SUITE_P(Wild, ClinicFinds, testing::ValuesIn(rows()), [](const auto& row) {
  std::string name = row.param.kind + "_" + row.param.mistake;
  for (char& c : name)
    if (c == '-') c = '_';
  return row.param.mistake.empty() ? row.param.kind + "_right" : name;
});

TEST(Clinic, PrintsWhatIsKnownAtInterrupt) {
  Patient patient("accio", "no-greeting");
  Process clinic({program("talk_clinic"), "accio", "--timeout", "60", "127.0.0.1", patient.port()});
  Patient quick("echo", "");
  Process other({program("talk_clinic"), "echo", "127.0.0.1", quick.port()});
  ASSERT_TRUE(other.says("again"));
  for (Process* process : {&clinic, &other}) {
    process->signal(SIGINT);
    EXPECT_EQ(process->exit_code(), -SIGINT);
    EXPECT_NE(process->out().find("broken off: interrupted"), std::string::npos) << process->out();
  }
}

}  // namespace
}  // namespace talk::test
