// talk_clinic with clients in the wild's manner, each of which is started until all cases were
// seen; and with our own, which are right.
#include <gtest/gtest.h>

#include <optional>

#include "tests/clinic/wild.h"

namespace talk::test {
namespace {

// More than the systems on both sides hold, with a NUL, bytes that are no UTF-8, and both endings.
std::string handed_in() {
  std::string content;
  for (int i = 0; i < 1000; ++i) content += "line " + std::to_string(i) + "\r\n";
  content += std::string("before\0behind\xff\xfe\x80\n", 17);
  while (content.size() < 7'000'000) content += "line " + std::to_string(content.size()) + "\n";
  return content;
}

// talk_clinic as the server of `kind`, with the file that its client hands in, or fetches.
class Examination {
 public:
  Examination(const Row& row, const std::string& file = "notes.bin") : file_(directory_ / file) {
    const bool sink = row.kind == "accio" || row.kind == "upload";
    if (sink) write_file(file_, handed_in());
    std::vector<std::string> command = {
        program("talk_clinic"), row.kind, "--serve", "0", "--timeout", "3", "--delay", "5"};
    const bool long_cases = row.kind == "fetch" && row.manner != "quickly";
    const bool quick = row.cases.empty() && !long_cases;
    if (quick) command.push_back("--quick");
    if (!row.cases.empty()) command.insert(command.end(), {"--case", row.cases});
    if (sink) command.insert(command.end(), {"--expect", file_});
    if (row.kind == "fetch") command.insert(command.end(), {"--dir", directory_.path()});
    clinic_.emplace(command);
    EXPECT_TRUE(clinic_->says("start the client", seconds(90))) << clinic_->err();
    const std::string& out = clinic_->out();
    const std::size_t at = out.find("port ") + 5;
    port_ = out.substr(at, out.find(':', at) - at);
  }
  const std::string& port() const { return port_; }
  const std::string& file() const { return file_; }
  std::string directory() const { return directory_.path(); }
  Process& clinic() { return *clinic_; }

 private:
  TempDir directory_;
  std::string file_;
  std::optional<Process> clinic_;
  std::string port_;
};

class ClinicFindsInClients : public testing::TestWithParam<Row> {};

TEST_P(ClinicFindsInClients, ThatMistakeAndNoOther) {
  const Row& row = GetParam();
  Examination examination(row);
  Process client({"python3", "-B", wild_script("client.py"), row.kind, examination.port(),
                  examination.file(), row.mistake, row.manner});
  const Diagnosis diagnosis = diagnosis_of(examination.clinic(), seconds(300));
  expect_finding(row, diagnosis);
}

const std::pair<const char*, std::vector<std::string>> kTable[] = {
    {"accio",
     {"speaks-first", "one-recv", "glued-to-confirmation", "short-write", "strlen-binary",
      "text-only", "fixed-buffer", "never-ends", "ends-by-reset", "impatient", "stays",
      "leaves-early", "request-without-ending", "sends-buffer", "file-differs"}},
    {"upload",
     {"short-write", "strlen-binary", "text-only", "fixed-buffer", "never-ends", "ends-by-reset",
      "leaves-unread", "half-close-lost", "waits-first", "file-differs"}},
    {"fetch",
     {"one-recv", "lost-remainder", "cr-kept", "strlen-binary", "text-only", "fixed-buffer",
      "impatient", "half-kept", "no-as-file", "stays", "file-differs"}},
    {"store",
     {"one-recv", "lost-remainder", "text-only", "fixed-buffer", "impatient", "stays",
      "leaves-unread", "leaves-early", "request-without-ending", "sends-buffer"}},
    {"echo", {"one-recv", "impatient", "stays", "leaves-unread", "sends-buffer"}},
    {"talk",
     {"text-only", "fixed-buffer", "empty-message", "sends-commands", "impatient", "stays",
      "leaves-early", "sends-buffer"}},
};

std::vector<Row> rows() {
  std::vector<Row> rows;
  for (const auto& [kind, mistakes] : kTable) {
    rows.push_back({kind, ""});
    for (const std::string& mistake : mistakes) rows.push_back({kind, mistake});
  }
  for (const char* const mistake :
       {"", "one-recv", "lost-remainder", "size-ignored", "line-in-file", "no-as-file"})
    rows.push_back({"fetch", mistake, "", "lines"});
  rows.push_back({"fetch", "strlen-binary", "", "at-end"});
  for (const char* const mistake : {"", "waits-forever"}) {
    rows.push_back({"accio", mistake, "no-greeting"});
    rows.push_back({"fetch", mistake, "silence"});
  }
  for (const char* const kind : {"upload", "store", "echo"})
    rows.push_back({kind, "", "long-silence"});
  return rows;
}

INSTANTIATE_TEST_SUITE_P(Wild, ClinicFindsInClients, testing::ValuesIn(rows()),
                         [](const auto& row) { return name_of(row.param); });

// How ours are started, HOST and PORT behind it.
struct Ours {
  const char* name;
  const char* kind;
  std::vector<std::string> words;
  std::string says;      // where it talks
  std::string manner{};  // of the examination
};

class ClinicOfOurClients : public testing::TestWithParam<Ours> {};

TEST_P(ClinicOfOurClients, FindsNothing) {
  const Ours& ours = GetParam();
  Examination examination({ours.kind, "", "", ours.manner});
  std::vector<std::string> command = {
      program("talk_client"), "--retry", "0", "--timeout", "5", "-d", examination.directory()};
  command.insert(command.end(), ours.words.begin(), ours.words.end());
  if (!ours.words.empty() && ours.words.back() == "--send") command.push_back(examination.file());
  command.insert(command.end(), {"127.0.0.1", examination.port()});
  Process::Options on_terminal;  // on a pipe it would stay: somebody might write more into it
  on_terminal.terminal = !ours.says.empty();
  // The next run begins when the one before has ended.
  while (!examination.clinic().exit_code(milliseconds(0))) {
    Process client(command, on_terminal);
    client.type(ours.says);
    wait_until(
        [&] {
          return client.exit_code(milliseconds(0)) ||
                 examination.clinic().exit_code(milliseconds(0));
        },
        seconds(60));
  }
  const Diagnosis diagnosis = diagnosis_of(examination.clinic(), seconds(300));
  EXPECT_EQ(diagnosis.mistakes, "") << diagnosis.page;
  EXPECT_EQ(diagnosis.code, 0) << diagnosis.page;  // nor was it broken off
}

INSTANTIATE_TEST_SUITE_P(
    , ClinicOfOurClients,
    testing::Values(Ours{"accio", "accio", {"--send"}, ""},
                    Ours{"upload", "upload", {"--raw", "--send"}, ""},
                    Ours{"fetch", "fetch", {"--raw", "--get", "notes.txt"}, ""},
                    Ours{"fetch_by_line", "fetch", {"--get", "notes.txt"}, ""},
                    Ours{"fetch_by_line_quickly", "fetch", {"--get", "notes.txt"}, "", "quickly"},
                    Ours{"talk", "talk", {"--raw"}, "hello\n"},
                    Ours{"talk_by_fallback", "talk", {}, "hello\n"},
                    Ours{"echo", "echo", {"--raw"}, "hello\nhow are you\n:exit\n"},
                    Ours{"store", "store", {"--raw"}, "put 7 an apple\nget 7\ndel 7\nBye\n"}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace talk::test
