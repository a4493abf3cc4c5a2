// talk_clinic with servers in the wild's manner: the one that is right, and one for each mistake.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/clinic/wild.h"

namespace talk::test {
namespace {

Diagnosis examine(const Row& row) {
  Patient patient(row.kind, row.mistake, row.manner);
  std::vector<std::string> command = {program("talk_clinic"), row.kind,  "--timeout", "3", "--dir",
                                      patient.directory(),    "--delay", "5"};
  if (row.cases.empty()) command.push_back("--quick");
  for (const std::string& name : words_of(row.cases))
    command.insert(command.end(), {"--case", name});
  if (row.kind == "fetch") command.insert(command.end(), {"--file", "notes.bin"});
  command.insert(command.end(), {"127.0.0.1", patient.port()});
  Process clinic(command);
  return diagnosis_of(clinic);
}

class ClinicFinds : public testing::TestWithParam<Row> {};

TEST_P(ClinicFinds, ThatMistakeAndNoOther) {
  const Diagnosis diagnosis = examine(GetParam());
  expect_finding(GetParam(), diagnosis);
}

struct Of {
  const char* kind;
  const char* mistakes;
};

constexpr const char* kCommon =
    "no-accept-loop one-at-a-time blocked-by-silent no-reuseaddr no-close ";

constexpr Of kTable[] = {
    {"talk",
     "zombies reset-kills text-only sends-commands empty-message fixed-buffer early-timeout"},
    {"echo",
     "zombies reset-kills strlen-binary text-only fixed-buffer empty-message no-exit exit-prefix "
     "one-recv echo-adds "
     "reply-without-ending closes-early blocked-by-deaf short-write sigpipe wrong-reply "
     "waits-for-line-feed "
     "wait-all "
     "hangs-up"},
    {"store",
     "reset-kills one-recv lost-remainder cr-kept waits-for-line-feed empty-message fixed-buffer "
     "text-only closes-early reply-without-ending short-write sigpipe overwrites "
     "value-cut value-stripped atoi key-as-text narrow-key not-shared not-atomic not-on-disk "
     "no-bye "
     "half-close-lost wrong-reply wait-all reply-split hangs-up"},
    {"fetch",
     "zombies reset-kills one-recv lost-remainder cr-kept waits-for-line-feed empty-message "
     "fixed-buffer "
     "text-only blocked-by-deaf sigpipe closes-early greeting-glued traversal no-missing "
     "no-process-id "
     "same-process strlen-binary size-wrong short-write half-close-lost hangs-up"},
    {"accio",
     "zombies reset-kills no-greeting second-greeting confirm-in-file glued-to-handshake "
     "error-not-written half-kept strlen-binary text-only one-recv fixed-buffer sigpipe "
     "wrong-reply reply-split file-differs hangs-up"},
    {"upload",
     "zombies reset-kills error-not-written half-kept strlen-binary text-only one-recv "
     "fixed-buffer "
     "banner file-differs hangs-up"},
};

std::vector<Row> rows() {
  std::vector<Row> rows;
  for (const auto& [kind, mistakes] : kTable) {
    rows.push_back({kind, ""});
    for (const std::string& mistake : words_of(std::string(kCommon) + mistakes))
      rows.push_back({kind, mistake});
  }
  rows.push_back({"fetch", "strlen-binary", "", "told-whole"});
  rows.push_back({"fetch", "greeting-glued", "", "two-sends"});
  rows.push_back({"store", "no-reply", "", "drips"});
  for (const char* const kind : {"accio", "upload"})
    rows.push_back({kind, "strlen-binary", "", "at-end"});
  for (const char* const mistake :
       {"", "one-recv", "lost-remainder", "one-at-a-time", "blocked-by-silent"})
    rows.push_back({"talk", mistake, "", "answers"});
  for (const char* const kind : {"accio", "upload"}) {
    const char* const silences = "silence silence-at-first slow-client";
    for (const char* const mistake : {"", "no-timeout", "early-timeout"})
      rows.push_back({kind, mistake, silences});
  }
  for (const char* const kind : {"talk", "echo", "store", "fetch", "accio", "upload"})
    for (const char* const mistake : {"", "leak"})
      rows.push_back({kind, mistake, "five-hundred afterwards"});
  return rows;
}

INSTANTIATE_TEST_SUITE_P(Wild, ClinicFinds, testing::ValuesIn(rows()), [](const auto& row) {
  return name_of(row.param) + (row.param.cases.starts_with("five") ? "_many" : "");
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
    EXPECT_NE(process->out().find("not finished: interrupted"), std::string::npos)
        << process->out();
    EXPECT_NE(process->out().find("broken off: interrupted"), std::string::npos) << process->out();
  }
}

}  // namespace
}  // namespace talk::test
