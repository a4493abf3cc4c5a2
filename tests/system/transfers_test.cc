// Files between two sides, with real files and a link in memory.
#include "common/transfer/transfers.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "common/files/file_source.h"
#include "common/posix/owned_fd.h"
#include "tests/support/linked_transfers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/transfer_fixture.h"
#include "tests/support/wait_until.h"

namespace talk::test {
namespace {

namespace fs = std::filesystem;

using TransfersTest = TransferFixture;

TEST_F(TransfersTest, AFileArrivesUnderItsNameAndBothAreTold) {
  const std::string bytes = noise(5'000'001);
  connect();
  send(file("notes.pdf", bytes));
  link->run_until_idle();
  EXPECT_EQ(at_desk(), Names{"notes.pdf"});
  EXPECT_EQ(read_file(desk_directory / "notes.pdf"), bytes);
  EXPECT_TRUE(visitor->told("sent \"notes.pdf\" (4.8 MiB), stored by prof\n")) << visitor->said;
  EXPECT_TRUE(desk->told("received \"notes.pdf\" (4.8 MiB) from alice, stored as \""))
      << desk->said;
  EXPECT_EQ(visitor->failures + desk->failures, 0);
}

TEST_F(TransfersTest, EveryLengthAroundAFrame) {
  connect();
  link->most = 1'000;
  for (const std::size_t size : {0U, 1U, 999U, 1'000U, 1'001U, 262'144U, 262'145U}) {
    const std::string name = "f" + std::to_string(size);
    send(file(name, noise(size)));
    link->run_until_idle();
    EXPECT_EQ(read_file(desk_directory / name), noise(size)) << size;
  }
}

TEST_F(TransfersTest, TheReceiverChoosesModeAndUmaskDecides) {
  const std::string path = file("script", "#!/bin/sh\n");
  ::chmod(path.c_str(), 04755);
  const mode_t before = ::umask(027);
  connect();
  send(path);
  link->run_until_idle();
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat((desk_directory / "script").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640u);
}

TEST_F(TransfersTest, NothingIsOverwritten) {
  write_file(desk_directory / "x.tar.gz", "old");
  fs::create_symlink("/nowhere", desk_directory / "x-2.tar.gz");
  connect();
  const std::string path = file("x.tar.gz", "new");
  send(path);
  send(path);
  link->run_until_idle();
  EXPECT_EQ(at_desk(), (Names{"x-2.tar.gz", "x-3.tar.gz", "x-4.tar.gz", "x.tar.gz"}));
  EXPECT_EQ(read_file(desk_directory / "x.tar.gz"), "old");
  EXPECT_TRUE(visitor->told("as \"x-4.tar.gz\""));
}

TEST_F(TransfersTest, AVisitorIsAskedFirst) {
  connect();
  desk->transfers.send({file("notes.pdf", noise(2'726'298))});
  link->run([&] { return visitor->told("/accept 2 or /refuse 2"); });
  EXPECT_TRUE(visitor->told("offered by prof: \"notes.pdf\" (2.6 MiB), to be written to \"" +
                            (visitor_directory / "notes.pdf") + "\": /accept 2"))
      << visitor->said;
  EXPECT_TRUE(names_below(visitor_directory.path()).empty());
  visitor->transfers.accept(2);
  link->run_until_idle();
  EXPECT_TRUE(
      wait_until([&] { return names_below(visitor_directory.path()) == Names{"notes.pdf"}; }));
}

TEST_F(TransfersTest, ARefusalIsToldAndNothingIsWritten) {
  connect();
  desk->transfers.send({file("notes.pdf", "x")});
  link->run([&] { return visitor->told("/refuse 2"); });
  visitor->transfers.refuse(std::nullopt);
  link->run_until_idle();
  EXPECT_TRUE(desk->told("refused by alice: \"notes.pdf\" (1 byte): \"not wanted\"")) << desk->said;
  EXPECT_TRUE(names_below(visitor_directory.path()).empty());
  visitor->transfers.accept(2);
  visitor->note();
  EXPECT_TRUE(visitor->told("no file waits to be accepted"));
}

TEST_F(TransfersTest, ADirectoryKeepsItsNamesWhicheverWayItIsWritten) {
  file("tree/a", "1");
  file("tree/sub/b c", "2");
  file("tree/.git/config", "3");
  fs::create_symlink("/etc/passwd", files / "tree/link");
  ::mkfifo((files / "tree/pipe").c_str(), 0600);
  fs::create_directories(files / "tree/void");
  connect();
  send(files / "tree/");
  link->run_until_idle();
  EXPECT_EQ(at_desk(), (Names{"tree/.git/config", "tree/a", "tree/sub/b c"}));
  EXPECT_TRUE(visitor->told("not sent: \"tree/link\": it is a symbolic link")) << visitor->said;
  EXPECT_TRUE(visitor->told("not sent: \"tree/pipe\": it is a named pipe")) << visitor->said;
  EXPECT_TRUE(visitor->told("not sent: \"tree/void\": it is an empty directory")) << visitor->said;
  EXPECT_EQ(visitor->failures, 3);
  send(files / "tree");
  link->run_until_idle();
  EXPECT_EQ(at_desk().size(), 6u);
  EXPECT_EQ(read_file(desk_directory / "tree/sub/b c-2"), "2");
}

TEST_F(TransfersTest, ManyFilesGoInTheirTurn) {
  for (int i = 0; i < 300; ++i) file("many/" + std::to_string(i), noise(100, 5));
  connect();
  send(files / "many");
  link->run_until_idle();
  EXPECT_EQ(at_desk().size(), 300u);
  EXPECT_EQ(visitor->failures + desk->failures, 0) << visitor->said;
}

// From when both are under way: the disk's thread opens one before the other.
TEST_F(TransfersTest, TwoTransfersShareFairly) {
  connect();
  send(file("one", noise(8'000'000)));
  send(file("two", noise(8'000'000)));
  const auto done = [&] {
    std::vector<std::uint64_t> bytes;
    for (const TransferView& view : desk->transfers.views(Clock::now())) bytes.push_back(view.done);
    return bytes;
  };
  link->run([&] { return done().size() == 2 && done()[0] > 0 && done()[1] > 0; });
  const auto start = done();
  ASSERT_EQ(start.size(), 2u);
  link->run([&] { return done().empty() || done()[0] > start[0] + 4'000'000; });
  const auto now = done();
  ASSERT_EQ(now.size(), 2u);
  EXPECT_GT(now[1] - start[1], 2'000'000u);
  link->run_until_idle();
}

TEST_F(TransfersTest, WhatCannotBeSentIsNamed) {
  fs::create_directories(files / "empty");
  ::mkfifo((files / "pipe").c_str(), 0600);
  connect();
  const std::string newline = file("a\nb", "x");
  visitor->transfers.send({files / "nosuch", files / "pipe", files / "empty", newline, "/dev/null",
                           file(".hidden", "x"), file("good", "x")});
  link->run_until_idle();
  EXPECT_EQ(visitor->failures, 6) << visitor->said;
  EXPECT_TRUE(visitor->told("nosuch\": open: No such file or directory"));
  EXPECT_TRUE(visitor->told("pipe\": it is a named pipe"));
  EXPECT_TRUE(visitor->told("a\nb\": the name has a control character"));
  EXPECT_TRUE(visitor->told("empty\" has no files"));
  EXPECT_EQ(at_desk(), Names{"good"});
}

TEST_F(TransfersTest, SharedFilesAreListedAndGot) {
  TempDir share;
  write_file(share / "notes.pdf", noise(3'000));
  fs::create_directories(share / "dir/.hidden");
  write_file(share / "dir/x", "x");
  write_file(share / "dir/.hidden/key", "secret");
  write_file(share / ".secret", "secret");
  fs::create_symlink("/etc", share / "etc");
  desk_options.share = share.path();
  connect();
  visitor->transfers.list();
  link->run_until_idle();
  EXPECT_EQ(
      visitor->said,
      "shared: \"dir/x\" (1 byte)\nshared: \"notes.pdf\" (2.9 KiB)\n2 files, 2.9 KiB: /get NAME\n");
  visitor->transfers.get(
      {"dir/x", "notes.pdf", "dir", "nosuch", "etc/passwd", ".secret", "dir/.hidden/key", "../x"});
  link->run_until_idle();
  EXPECT_EQ(names_below(visitor_directory.path()), (Names{"dir/x", "notes.pdf"}));
  EXPECT_EQ(visitor->failures, 6) << visitor->said;
  EXPECT_TRUE(visitor->told("getting \"dir\" from prof failed: \"it is a directory; /files lists"));
  EXPECT_TRUE(visitor->told("getting \"etc/passwd\" from prof failed: \"'etc' is a symbolic link"));
}

TEST_F(TransfersTest, ALongListStopsAtTheLimit) {
  TempDir share;
  for (int i = 0; i < 10'050; ++i) write_file(share / ("f" + std::to_string(i)), "");
  desk_options.share = share.path();
  connect();
  visitor->transfers.list();
  link->run_until_idle();
  EXPECT_TRUE(visitor->told("10000 files, 0 bytes"));
}

TEST_F(TransfersTest, NothingIsSharedUnasked) {
  connect();
  visitor->transfers.list();
  visitor->transfers.get({"x"});
  link->run_until_idle();
  EXPECT_TRUE(visitor->told("no files are shared by prof"));
  EXPECT_TRUE(visitor->told("getting \"x\" from prof failed: \"nothing is shared here\""));
}

TEST_F(TransfersTest, EitherSideCancelsAndTheSessionGoesOn) {
  connect();
  for (const bool by_sender : {true, false}) {
    send(file("big", noise(8'000'000)));
    link->run([&] {
      const auto views = desk->transfers.views(Clock::now());
      return !views.empty() && views[0].done > 2'000'000;
    });
    (by_sender ? visitor : desk)->transfers.cancel(std::nullopt);
    link->run_until_idle();
    desk->turn();  // the partial file goes in the background
  }
  EXPECT_TRUE(desk->told("cancelled by alice: \"big\" (7.6 MiB): \"cancelled by its sender\""))
      << desk->said;
  EXPECT_TRUE(visitor->told("cancelled by prof: \"big\" (7.6 MiB): \"not wanted any more\""));
  send(file("small", "x"));
  link->run_until_idle();
  EXPECT_EQ(at_desk(), Names{"small"});
}

TEST_F(TransfersTest, CancellingAFileOfADirectoryCancelsTheRest) {
  for (int i = 0; i < 20; ++i) file("many/" + std::to_string(i), noise(300'000));
  connect();
  send(files / "many");
  link->run([&] { return at_desk().size() > 1; });
  visitor->transfers.cancel(std::nullopt);
  link->run_until_idle();
  EXPECT_LT(at_desk().size(), 15u);
}

TEST_F(TransfersTest, AFileThatChangesWhileItIsSentFails) {
  const std::string bytes = noise(3'000'000);
  const std::vector<std::function<void(const std::string&)>> changes = {
      [](const std::string& path) { fs::resize_file(path, 2'000'000); },
      [](const std::string& path) { fs::resize_file(path, 4'000'000); },
      [&](const std::string& path) { write_file(path, noise(3'000'000, 2)); },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    connect();
    const std::string path = file("f" + std::to_string(i), bytes);
    send(path);
    link->run([&] { return visitor->data_sent > 500'000; });
    changes[i](path);
    link->run_until_idle();
    EXPECT_EQ(visitor->failures, 1) << visitor->said;
    EXPECT_EQ(desk->failures, 1) << desk->said;
    EXPECT_TRUE(visitor->told("while it was sent")) << visitor->said;
    EXPECT_TRUE(desk->told("while it was sent")) << desk->said;
  }
  desk.reset();  // waits until the disk's thread has done all
  EXPECT_EQ(at_desk(), Names{});
}

// A source on a disk that stalls was read in the loop of keys and chat, which then stood still too.
TEST_F(TransfersTest, AFileThatIsNotInMemoryIsReadByTheDisksThread) {
  const std::string bytes = noise(5'000'000);
  const std::string path = file("cold", bytes);
  const OwnedFd fd(::open(path.c_str(), O_RDWR));
  ASSERT_EQ(::fsync(fd.get()), 0);
  ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_DONTNEED);
  char probe = 0;
  if (FileSource(path).read_now(4'000'000, {&probe, 1})) GTEST_SKIP() << "it lies in memory";
  connect();
  send(path);
  bool waited = false;  // on its way, and yet nothing to be sent
  link->run([&] {
    waited |= visitor->data_sent > 0 && !visitor->transfers.has_data();
    return visitor->transfers.idle();
  });
  EXPECT_TRUE(waited);
  EXPECT_EQ(read_file(desk_directory / "cold"), bytes);
}

// Somebody has the file mapped and goes on writing to it: no time of the file tells of that. Half
// of one version and half of the other were stored as one file, and said to be safe.
TEST_F(TransfersTest, AFileThatChangesThroughAMappingFails) {
  const std::string path = file("mapped", noise(3'000'000));
  const OwnedFd fd(::open(path.c_str(), O_RDWR));
  void* const at = ::mmap(nullptr, 3'000'000, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  ASSERT_NE(at, MAP_FAILED);
  char* const bytes = static_cast<char*>(at);
  bytes[100] = 'x';  // from here on its page can be written to without anybody being told
  connect();
  send(path);
  link->run([&] { return visitor->data_sent > 500'000; });
  bytes[100] = 'y';
  link->run_until_idle();
  EXPECT_TRUE(visitor->told("it changed while it was sent")) << visitor->said;
  send(path);  // nobody writes to it any more, though it is still mapped
  link->run_until_idle();
  EXPECT_EQ(at_desk(), Names{"mapped"});
  EXPECT_EQ(read_file(desk_directory / "mapped"), read_file(path));
  ::munmap(at, 3'000'000);
}

TEST_F(TransfersTest, OldPartsAreSweptAndYoungOnesStay) {
  fs::create_directories(desk_directory / "dir");
  const std::string old_part = desk_directory / ".talk-0000000000000001.part";
  const std::string below = desk_directory / "dir/.talk-0000000000000002.part";
  const std::string young = desk_directory / ".talk-0000000000000003.part";
  const std::string in_use = desk_directory / ".talk-0000000000000004.part";
  const std::string other = desk_directory / ".talk-of-the-town";
  for (const std::string& path : {old_part, below, young, in_use, other}) {
    write_file(path, "x");
    const seconds age = path == young ? std::chrono::hours(6 * 24) : std::chrono::hours(8 * 24);
    fs::last_write_time(path, fs::file_time_type::clock::now() - age);
  }
  const OwnedFd holder(::open(in_use.c_str(), O_RDWR));
  ASSERT_EQ(::flock(holder.get(), LOCK_EX), 0);
  connect();
  EXPECT_TRUE(wait_until([&] { return !fs::exists(old_part) && !fs::exists(below); }));
  EXPECT_TRUE(fs::exists(young) && fs::exists(in_use) && fs::exists(other));
}

}  // namespace
}  // namespace talk::test
