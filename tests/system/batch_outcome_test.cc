// What talk_client --send and --get end with is what happened: over links that die at the worst
// moment each file is stored once, and what is left out of a directory is said.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/client.h"
#include "tests/support/cutting_proxy.h"
#include "tests/support/linked_transfers.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using Names = std::vector<std::string>;
using Frame = CuttingProxy::Frame;
using Side = CuttingProxy::Side;

constexpr int kRounds = 5;

struct Worst {
  const char* name;
  Side side;
  Frame frame;
};

class BatchOutcome : public testing::Test {
 protected:
  // One client through a link that is cut so.
  void run(int port, const Worst& worst, const Names& options) {
    SCOPED_TRACE(worst.name);
    CuttingProxy proxy(port, worst.side, worst.frame);
    Process process(client(proxy.port(), options));
    EXPECT_EQ(process.exit_code(), 0) << process.err();
    EXPECT_TRUE(proxy.has_cut());
  }

  // Without what is kept hidden for a sender who may come again.
  static Names stored_in(const TempDir& directory) {
    Names names = names_below(directory.path());
    std::erase_if(names, [](const std::string& name) { return name.starts_with(".talk-"); });
    return names;
  }

  TempDir desk_;
  TempDir here_;
};

// The story: the link died behind the last byte of an upload, and the desk had the file twice.
TEST_F(BatchOutcome, AFileThatWasSentIsStoredOnce) {
  const Worst kTable[] = {
      {"the end is not heard", Side::before, {Frame::From::client, 'E'}},
      {"the link dies behind the end", Side::behind, {Frame::From::client, 'E'}},
      {"stored is not heard", Side::before, {Frame::From::server, 'S'}},
      {"stored is heard", Side::behind, {Frame::From::server, 'S'}}};
  Server server({"--terminal", "none"}, desk_.path());
  write_file(here_ / "notes", noise(300'000));
  for (int round = 0; round < kRounds; ++round) {
    for (const Worst& worst : kTable) {
      run(server.port(), worst, {"--send", here_ / "notes"});
      EXPECT_EQ(stored_in(desk_), Names{"notes"}) << worst.name;
      EXPECT_EQ(read_file(desk_ / "notes"), noise(300'000));
      for (const std::string& name : names_below(desk_.path()))
        std::filesystem::remove(desk_ / name);
    }
  }
}

// The story: a second, hidden name of a file that was stored stood in the desk's directory for a
// week though its sender had come again, sent the rest, and left.
TEST_F(BatchOutcome, NoHiddenNameStaysBehindASenderWhoLeft) {
  const Worst kTable[] = {{"stored is not heard", Side::before, {Frame::From::server, 'S'}},
                          {"stored is heard", Side::behind, {Frame::From::server, 'S'}}};
  Server server({"--terminal", "none"}, desk_.path());
  write_file(here_ / "a.txt", "a");
  std::filesystem::create_directories(here_ / "dd");
  for (const char* name : {"1", "2", "3"}) write_file(here_ / ("dd/" + std::string(name)), name);
  for (int round = 0; round < kRounds; ++round) {
    for (const Worst& worst : kTable) {
      run(server.port(), worst, {"--send", here_ / "a.txt", here_ / "dd"});
      EXPECT_EQ(names_below(desk_.path()), (Names{"a.txt", "dd/1", "dd/2", "dd/3"})) << worst.name;
      for (const std::string& name : names_below(desk_.path()))
        std::filesystem::remove(desk_ / name);
    }
  }
}

// The story: the link died behind the last byte of a download, which was stored; the client asked
// for it once more and had notes-2 besides.
TEST_F(BatchOutcome, AFileThatWasGotIsStoredOnce) {
  const Worst kTable[] = {
      {"the end does not come", Side::before, {Frame::From::server, 'E'}},
      {"the link dies behind the end", Side::behind, {Frame::From::server, 'E'}},
      {"stored is not heard", Side::before, {Frame::From::client, 'S'}},
      {"stored is heard", Side::behind, {Frame::From::client, 'S'}}};
  Server server({"--terminal", "none", "--share", desk_.path()}, desk_.path());
  write_file(desk_ / "notes", noise(300'000));
  for (int round = 0; round < kRounds; ++round) {
    for (const Worst& worst : kTable) {
      run(server.port(), worst, {"-d", here_.path(), "--get", "notes"});
      EXPECT_EQ(stored_in(here_), Names{"notes"}) << worst.name;
      EXPECT_EQ(read_file(here_ / "notes"), noise(300'000));
      for (const std::string& name : names_below(here_.path()))
        std::filesystem::remove(here_ / name);
    }
  }
}

// The story: a script sent a directory every night, and for a year nobody knew that the links in it
// had never been sent: exit code 0, and not a word.
TEST_F(BatchOutcome, WhatIsLeftOutOfADirectoryIsSaidOnAPipe) {
  std::filesystem::create_directories(here_ / "dir/empty");
  write_file(here_ / "dir/plain", "plain");
  std::filesystem::create_symlink("plain", here_ / "dir/link");
  ASSERT_EQ(::mkfifo((here_ / "dir/fifo").c_str(), 0600), 0);
  Server server({"--terminal", "none"}, desk_.path());
  Process process(client(server.port(), {"--send", here_ / "dir"}));
  EXPECT_EQ(process.exit_code(), 5) << process.err();
  for (const char* name : {"dir/link", "dir/fifo", "dir/empty"})
    EXPECT_NE(process.err().find(name), std::string::npos) << process.err();
  EXPECT_EQ(names_below(desk_.path()), Names{"dir/plain"});
}

}  // namespace
}  // namespace talk::test
