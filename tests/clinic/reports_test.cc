// A whole class at once, and the reports for people and machines, all from the same results.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <regex>

#include "tests/clinic/wild.h"
#include "tests/support/fake_server.h"
#include "tests/support/peer.h"

namespace talk::test {
namespace {

std::size_t count_of(const std::string& part, const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

TEST(ClinicOfAClass, ExaminesFourAtOnceAndNoMore) {
  FakeServer silent;  // whoever calls it is heard, and never answered
  const TempDir directory;
  std::string list = "# a class\n";
  for (int i = 1; i <= 9; ++i)
    list += "student-" + std::to_string(i) + " 127.0.0.1 " + std::to_string(silent.port()) + "\n";
  write_file(directory / "class.txt", list);
  Process clinic({program("talk_clinic"), "echo", "--timeout", "2", "--case", "first", "--list",
                  directory / "class.txt"});
  std::vector<std::unique_ptr<Peer>> there;
  std::size_t most = 0;
  // Each is called twice, as a finding is tried twice.
  for (int calls = 0; calls < 18; ++calls) {
    there.push_back(std::make_unique<Peer>(silent.accept()));
    std::erase_if(there, [](auto& peer) { return peer->sees_end(milliseconds(0)); });
    most = std::max(most, there.size());
  }
  EXPECT_EQ(clinic.exit_code(), 5) << clinic.err();
  EXPECT_EQ(most, 4U);
  EXPECT_EQ(count_of("student-", clinic.out()), 9U) << clinic.out();
}

TEST(ClinicOfAClass, PrintsATableAndWritesARowEach) {
  Patient right("echo", ""), wrong("echo", "strlen-binary"), other("echo", "no-exit");
  const TempDir directory;
  write_file(directory / "class.txt", "alice 127.0.0.1 " + right.port() + "\nbob 127.0.0.1 " +
                                          wrong.port() + "\ncarol 127.0.0.1 " + other.port() +
                                          "\ndave 127.0.0.1 1\n");
  Process clinic({program("talk_clinic"), "echo", "--quick", "--delay", "5", "--timeout", "3",
                  "--list", directory / "class.txt", "--html", directory / "class.html", "--junit",
                  directory / "class.xml"});
  EXPECT_EQ(clinic.exit_code(seconds(150)), 5);
  const std::string& table = clinic.out();
  EXPECT_EQ(std::ranges::count(table, '\n'), 5) << table;
  for (const char* const part : {"NAME ", "\nalice ", "\nbob ", "strlen-binary\n", "\ncarol ",
                                 "no-exit\n", "\ndave ", "connect to 127.0.0.1 port 1"})
    EXPECT_NE(table.find(part), std::string::npos) << part << "\n" << table;
  const std::string page = read_file(directory / "class.html");
  EXPECT_EQ(count_of("<tr><td>", page), 4U);
  EXPECT_EQ(count_of("<section", page), 4U);
  EXPECT_NE(page.find("bob</a></td>"), std::string::npos);
  EXPECT_EQ(count_of("<testsuite ", read_file(directory / "class.xml")), 4U);
}

TEST(ClinicReports, SayTheSameToPeopleAndMachines) {
  Patient patient("store", "value-cut");
  const TempDir directory;
  const std::vector<std::string> asked = {
      program("talk_clinic"), "store", "--quick", "--delay", "5", "--timeout", "3"};
  const auto run = [&](std::vector<std::string> more) {
    std::vector<std::string> command = asked;
    command.insert(command.end(), more.begin(), more.end());
    command.insert(command.end(), {"127.0.0.1", patient.port()});
    Process clinic(command);
    EXPECT_EQ(clinic.exit_code(seconds(90)), 5) << clinic.err();
    return clinic.out();
  };
  const std::string tap =
      run({"--tap", "--junit", directory / "r.xml", "--html", directory / "r.html"});
  const std::string junit = read_file(directory / "r.xml");
  const std::string html = read_file(directory / "r.html");
  const std::size_t cases = count_of("\nok ", tap) + count_of("\nnot ok ", tap);
  EXPECT_TRUE(tap.starts_with("TAP version 14\n")) << tap;
  EXPECT_NE(tap.find("\n1.." + std::to_string(cases) + "\n"), std::string::npos) << tap;
  EXPECT_EQ(count_of("<testcase ", junit), cases);
  EXPECT_EQ(count_of("<details ", html), cases);
  EXPECT_EQ(count_of("\nnot ok ", tap), 1U) << tap;
  EXPECT_EQ(count_of("<failure ", junit), 1U);
  EXPECT_EQ(count_of("class=\"fails\"", html), 1U);
  EXPECT_NE(tap.find("  mistake: value-cut\n"), std::string::npos) << tap;
  EXPECT_NE(tap.find("  weight: fails\n"), std::string::npos) << tap;
}

TEST(ClinicOfAClass, NamesWhatIsNotFinishedAtInterrupt) {
  Patient right("echo", "");
  FakeServer silent;  // whoever calls it is heard, and never answered
  const TempDir directory;
  const std::string port = std::to_string(silent.port());
  std::string list = "alice 127.0.0.1 " + right.port() + "\n";
  for (const char* const name : {"bob", "carol", "dave", "erin", "frank"})
    list += std::string(name) + " 127.0.0.1 " + port + "\n";
  write_file(directory / "class.txt", list);
  Process clinic({program("talk_clinic"), "echo", "--timeout", "60", "--case", "first", "--list",
                  directory / "class.txt"});
  const auto says = [&] { return clinic.err().find("alice: 1 well") != std::string::npos; };
  ASSERT_TRUE(wait_until(says, seconds(60))) << clinic.err();
  std::vector<OwnedFd> there;
  for (int calls = 0; calls < 3; ++calls) there.push_back(silent.accept());
  clinic.signal(SIGINT);
  EXPECT_EQ(clinic.exit_code(), -SIGINT);
  const std::string& table = clinic.out();
  EXPECT_TRUE(std::regex_search(table, std::regex("\nalice [ 0-9]*\n"))) << table;
  EXPECT_TRUE(std::regex_search(table, std::regex("\nbob [ 0-9]*unfinished\n"))) << table;
  EXPECT_TRUE(std::regex_search(table, std::regex("\nfrank [ 0-9]*not begun\n"))) << table;
}

TEST(ClinicReports, ThatCannotBeWrittenAreAFailure) {
  Patient patient("echo", "");
  Process clinic({program("talk_clinic"), "echo", "--case", "first", "--html",
                  "/nowhere/report.html", "127.0.0.1", patient.port()});
  EXPECT_EQ(clinic.exit_code(seconds(90)), 1);
  EXPECT_NE(clinic.err().find("ERROR: write '/nowhere/report.html'"), std::string::npos)
      << clinic.err();
}

TEST(ClinicReports, WaitForNobodyWhoReadsThem) {
  Patient patient("echo", "");
  const TempDir directory;
  const std::string fifo = directory / "report";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  Process clinic({program("talk_clinic"), "echo", "--case", "first", "--html", fifo, "127.0.0.1",
                  patient.port()});
  EXPECT_EQ(clinic.exit_code(seconds(90)), 1);
  EXPECT_NE(clinic.err().find("ERROR: write '" + fifo + "': nobody reads"), std::string::npos)
      << clinic.err();
}

TEST(ClinicOfFiles, SaysWhichIsNotThere) {
  const TempDir directory;
  const std::string none = directory / "none";
  const std::vector<std::vector<std::string>> kTable = {
      {"accio", "--dir", none, "127.0.0.1", "1"},
      {"fetch", "--dir", directory.path(), "--file", "none", "127.0.0.1", "1"},
      {"echo", "--file", "none", "127.0.0.1", "1"},
      {"upload", "--serve", "0", "--expect", none},
      {"echo", "--list", none},
  };
  for (std::vector<std::string> command : kTable) {
    command.insert(command.begin(), program("talk_clinic"));
    Process clinic(command);
    EXPECT_EQ(clinic.exit_code(), 2) << command[1] << command[2];
    EXPECT_TRUE(clinic.err().starts_with("ERROR: --")) << clinic.err();
  }
}

TEST(ClinicOfAClass, RefusesAListWithAWrongLine) {
  const TempDir directory;
  write_file(directory / "class.txt", "alice 127.0.0.1 1\nbob desk\n");
  Process clinic({program("talk_clinic"), "echo", "--list", directory / "class.txt"});
  EXPECT_EQ(clinic.exit_code(), 2);
  EXPECT_NE(clinic.err().find("line 2 is not NAME HOST PORT"), std::string::npos) << clinic.err();
}

// A client of which nothing can be seen is not asked for again and again.
TEST(ClinicOfAClient, AsksForNoMoreRunsThanTheyTell) {
  const TempDir directory;
  write_file(directory / "notes.bin", "notes\n");
  Process clinic({program("talk_clinic"), "upload", "--serve", "0", "--timeout", "1"});
  ASSERT_TRUE(clinic.says("start the client", seconds(90)));
  const std::string& out = clinic.out();
  const std::size_t at = out.find("port ") + 5;
  Process client({"python3", "-B", wild_script("client.py"), "upload",
                  out.substr(at, out.find(':', at) - at), directory / "notes.bin", "never-ends"});
  EXPECT_EQ(clinic.exit_code(seconds(90)), 5);
  EXPECT_EQ(count_of("start the client", clinic.out()), 2U) << clinic.out();  // the finding twice
}

}  // namespace
}  // namespace talk::test
