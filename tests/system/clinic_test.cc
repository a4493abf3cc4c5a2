// talk_clinic before our own servers, which are right in all that they do. What it says of wrong
// ones takes longer: tests/clinic.
#include <gtest/gtest.h>

#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

class ClinicOfOurs : public testing::TestWithParam<std::string> {};

TEST_P(ClinicOfOurs, FindsNothing) {
  const std::string& kind = GetParam();
  const TempDir directory;
  write_file(directory / "notes.bin", std::string("before\0behind", 13));
  Server server({"--terminal", "none", "--handler", kind}, directory.path());
  std::vector<std::string> command = {program("talk_clinic"), kind, "--quick"};
  if (kind != "talk") command.insert(command.end(), {"--dir", directory.path()});
  if (kind == "fetch") command.insert(command.end(), {"--file", "notes.bin"});
  command.insert(command.end(), {"127.0.0.1", std::to_string(server.port())});
  Process clinic(command);
  EXPECT_EQ(clinic.exit_code(seconds(100)), 0) << clinic.out() << clinic.err();
  EXPECT_EQ(clinic.out().find("Mistakes"), std::string::npos) << clinic.out();
}

INSTANTIATE_TEST_SUITE_P(, ClinicOfOurs,
                         testing::Values("talk", "echo", "store", "fetch", "accio", "upload"),
                         [](const auto& kind) { return kind.param; });

TEST(Clinic, SaysThatThereIsNobody) {
  Process clinic({program("talk_clinic"), "echo", "127.0.0.1", "1"});
  EXPECT_EQ(clinic.exit_code(), 3);
  EXPECT_EQ(clinic.err().rfind("ERROR: connect to 127.0.0.1", 0), 0U) << clinic.err();
}

}  // namespace
}  // namespace talk::test
