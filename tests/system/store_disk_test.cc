// The store on a disk that fails or stops. Faults are injected with strace, into the one
// session that is to meet them.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/store_client.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

class StoreDisk : public testing::Test {
 protected:
  void SetUp() override {
    Process probe({"strace", "-o", "/dev/null", "true"});
    if (probe.exit_code() != 0) GTEST_SKIP() << "strace cannot trace here: " << probe.err();
  }

  // A server over the same directory whose sessions run behind these words of a shell.
  Server server_behind(const std::string& words) {
    const std::string script = write_script(
        scripts_ / "handler", "#!/bin/sh\n" + words + " " + program("store_handler") + " \"$1\"\n");
    return Server({"--handler", script}, directory_.path());
  }
  Server faulty_server(const std::string& call, const std::string& fault) {
    return server_behind("exec strace -o /dev/null -e trace=" + call + " -e inject=" + call + ":" +
                         fault);
  }
  void write_database(const std::string& records) {
    const std::string_view header = "# talk store 1: put KEY VALUE and del KEY, in order; ";
    write_file(directory_ / "database.txt",
               std::string(header) + "an unfinished last line does not count\n" + records);
  }
  std::string unread() { return read_file(directory_ / "database.txt.unread"); }
  Server sound_server() { return Server({"--handler", "store"}, directory_.path()); }

  TempDir directory_;
  TempDir scripts_;
};

// The record stayed visible, and the next sync, of another session, succeeded without it: what was
// then answered OK stood behind bytes that were never on the disk.
TEST_F(StoreDisk, AFailedSyncTakesBackWhatItWasToKeep) {
  const Server sound = sound_server();
  StoreClient good(sound.port());
  ASSERT_EQ(good.ask("put 1 a"), "OK");
  const Server faulty = faulty_server("fdatasync", "error=EIO:when=1");
  StoreClient unlucky(faulty.port());
  ASSERT_EQ(unlucky.ask("get 1"), "a");
  EXPECT_EQ(unlucky.ask("put 2 b"), "Cannot store: disk error");
  EXPECT_EQ(unlucky.ask("get 2"), "Key not found");
  EXPECT_EQ(good.ask("get 2"), "Key not found");
  EXPECT_EQ(good.ask("put 2 mine"), "OK");
  EXPECT_EQ(good.ask_all("get 1\nget 2\n"), "a\nmine\n");
  EXPECT_EQ(read_file(directory_ / "database.txt").find("put 2 b"), std::string::npos);
}

// A value that reads like the answer to a change was taken for one: the read was told that it could
// not be stored, and the change behind it nothing.
TEST_F(StoreDisk, AFailedSyncTakesBackNoValueThatReadsLikeAnAnswer) {
  const Server faulty = faulty_server("fdatasync", "error=EIO:when=2+");
  StoreClient client(faulty.port());
  ASSERT_EQ(client.ask("put 1 OK"), "OK");
  EXPECT_EQ(client.ask_all("get 1\nput 2 x\n"), "OK\nCannot store: disk error\n");
}

// The file that a sync failed for is not written to again; a disk that does not take another one
// either is said so, and what was OK stays to be read.
TEST_F(StoreDisk, ABrokenDiskRefusesChangesAndStillAnswers) {
  ASSERT_EQ(StoreClient(sound_server().port()).ask("put 1 a"), "OK");
  const Server faulty = faulty_server("fdatasync", "error=EIO");
  StoreClient reader(faulty.port());
  ASSERT_EQ(reader.ask("get 1"), "a");
  EXPECT_EQ(StoreClient(faulty.port()).ask("put 2 b"), "Cannot store: disk error");
  StoreClient later(faulty.port());
  EXPECT_EQ(later.ask_all("put 2 b\ndel 1\nget 1\nget 2\n"),
            "Cannot store: disk error\nCannot store: disk error\na\nKey not found\n");
  EXPECT_EQ(reader.ask("get 1"), "a");
  const Server mended = sound_server();
  EXPECT_EQ(StoreClient(mended.port()).ask_all("put 2 b\nget 1\nget 2\n"), "OK\na\nb\n");
}

// Here, and where the disk was broken, visitors saw a bare reset.
TEST_F(StoreDisk, ADiskThatIsFullAtTheSyncIsSaidToBe) {
  const Server faulty = faulty_server("fdatasync", "error=ENOSPC:when=1");
  StoreClient unlucky(faulty.port());
  EXPECT_EQ(unlucky.ask("put 2 b"), "Cannot store: disk full");
  EXPECT_EQ(unlucky.ask_all("get 2\nput 2 c\nget 2\n"), "Key not found\nOK\nc\n");
}

// The rename of a compaction was taken for lasting before the directory was on disk: whoever came
// in between was told OK for what was in a file without a lasting name.
TEST_F(StoreDisk, NothingIsOkBeforeTheDirectoryIsOnDisk) {
  write_file(directory_ / "database.txt", "1 one\n");  // the first change compacts it
  const Server faulty = faulty_server("fsync", "error=EIO");
  StoreClient first(faulty.port());
  StoreClient second(faulty.port());
  ASSERT_EQ(first.ask("get 1"), "one");
  ASSERT_EQ(second.ask("get 1"), "one");
  EXPECT_EQ(first.ask("put 2 two"), "Cannot store: disk error");
  EXPECT_EQ(second.ask("put 3 three"), "Cannot store: disk error");
  const Server mended = sound_server();
  EXPECT_EQ(StoreClient(mended.port()).ask_all("get 1\nget 2\nput 3 c\n"),
            "one\nKey not found\nOK\n");
}

// One process syncs for all. Stopped in the middle of that it kept everybody waiting for ever.
TEST_F(StoreDisk, ASessionStoppedInASyncHoldsNobodyUp) {
  const Server sound = sound_server();
  StoreClient good(sound.port());
  ASSERT_EQ(good.ask("put 1 a"), "OK");
  const Server faulty = faulty_server("fdatasync", "delay_enter=60000000");
  StoreClient frozen(faulty.port());
  ASSERT_EQ(frozen.ask("get 1"), "a");
  frozen.peer().send("put 2 b\n");
  ASSERT_TRUE(wait_until([&] { return good.ask("get 2") == "b"; }));
  EXPECT_EQ(good.ask("put 3 c"), "OK");
  EXPECT_EQ(good.ask("put 4 d"), "OK");
  EXPECT_EQ(StoreClient(sound.port()).ask("put 5 e"), "OK");
  EXPECT_EQ(frozen.peer().received(), "a\n");
}

// Who met a changed file first synced it with the directory locked: stopped there, it kept
// everybody out.
TEST_F(StoreDisk, ASessionStoppedWhileItOpensAChangedFileHoldsNobodyUp) {
  const Server sound = sound_server();
  StoreClient good(sound.port());
  ASSERT_EQ(good.ask("put 1 a"), "OK");
  const Server faulty = faulty_server("fdatasync", "delay_enter=60000000");
  std::ofstream(directory_ / "database.txt", std::ios::app) << "put 55 x\n";
  StoreClient edited(faulty.port());
  EXPECT_EQ(edited.ask("get 55"), "x");
  std::filesystem::remove(directory_ / "database.txt");
  StoreClient removed(faulty.port());
  EXPECT_EQ(removed.ask("get 55"), "Key not found");
  removed.peer().send("put 2 b\n");
  ASSERT_TRUE(wait_until([&] { return good.ask("get 2") == "b"; }));
  EXPECT_EQ(good.ask("put 3 c"), "OK");
  EXPECT_EQ(StoreClient(sound.port()).ask("get 3"), "c");
}

// It was stopped with the lock, its bytes in the file and not in the index: nobody got an answer.
TEST_F(StoreDisk, ASessionStoppedInAChangeStopsNoReader) {
  const Server sound = sound_server();
  StoreClient good(sound.port());
  ASSERT_EQ(good.ask("put 1 a"), "OK");
  {
    const Server faulty = faulty_server("pwrite64", "delay_exit=60000000");
    StoreClient frozen(faulty.port());
    ASSERT_EQ(frozen.ask("get 1"), "a");
    frozen.peer().send("put 2 b\n");
    ASSERT_TRUE(
        wait_until([&] { return read_file(directory_ / "database.txt").ends_with("b\n"); }));
    EXPECT_EQ(good.ask_all("get 1\nget 2\n"), "a\nKey not found\n");
    EXPECT_EQ(StoreClient(sound.port()).ask("get 1"), "a");
    EXPECT_EQ(good.ask("put 3 c"), "Cannot store: busy");
    EXPECT_EQ(good.ask("del 1"), "Cannot store: busy");
    std::string batch, replies;  // which waits once, and not for each of them
    for (int i = 0; i < 50; ++i) batch += "put 3 c\nget 1\n", replies += "Cannot store: busy\na\n";
    EXPECT_EQ(good.ask_all(batch), replies);
  }
  // It has gone on without its tracer, or is dead.
  EXPECT_TRUE(wait_until([&] { return good.ask("put 4 d") == "OK"; }));
  EXPECT_EQ(good.ask_all("get 1\nget 3\n"), "a\nKey not found\n");
}

// Who stands still with the directory locked kept every newcomer waiting without a word.
TEST_F(StoreDisk, ASessionStoppedWhileItOpensIsSaidSo) {
  const Server sound = sound_server();
  StoreClient good(sound.port());
  ASSERT_EQ(good.ask("put 1 a"), "OK");
  const int directory = ::open(directory_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_EQ(::flock(directory, LOCK_EX), 0);
  StoreClient newcomer(sound.port());
  EXPECT_TRUE(newcomer.peer().hears("Cannot open the database\n"));
  EXPECT_EQ(good.ask("get 1"), "a");
  ::close(directory);
  EXPECT_EQ(StoreClient(sound.port()).ask("get 1"), "a");
}

// What stood in the file before a session wrote to it is not taken back with what it wrote.
TEST_F(StoreDisk, AFailedSyncKeepsWhatWasThereBefore) {
  write_database("put 1 a\n");
  const Server faulty = faulty_server("fdatasync", "error=EIO:when=1");
  EXPECT_EQ(StoreClient(faulty.port()).ask("put 2 b"), "Cannot store: disk error");
  const Server mended = sound_server();
  EXPECT_EQ(StoreClient(mended.port()).ask_all("get 1\nget 2\n"), "a\nKey not found\n");
}

// Who was killed between the two left an unfinished line in both files, and the next kept it again.
TEST_F(StoreDisk, WhoIsKilledWhileItKeepsAPersonsWordsDoublesNone) {
  write_database("put 1 a\nput 50 half");
  const Server faulty = faulty_server("ftruncate", "signal=KILL:when=1");
  EXPECT_TRUE(Peer(faulty.port()).sees_end());
  EXPECT_EQ(unread(), "put 50 half\n");
  const Server sound = sound_server();
  EXPECT_EQ(StoreClient(sound.port()).ask_all("get 1\nput 50 whole\n"), "a\nOK\n");
  EXPECT_EQ(unread(), "put 50 half\n");
}

// The line was written behind the torn one, as if it were its end.
TEST_F(StoreDisk, HalfALineAmongAPersonsWordsStaysByItself) {
  write_database("put 1 a\nput 50 half");
  write_file(directory_ / "database.txt.unread", "# a note\nput 50 ha");
  EXPECT_EQ(StoreClient(sound_server().port()).ask("get 1"), "a");
  EXPECT_EQ(unread(), "# a note\nput 50 ha\nput 50 half\n");
}

// The kernel ended the session by SIGXFSZ.
TEST_F(StoreDisk, AFileSizeLimitIsAFullDisk) {
  const Server server = server_behind("ulimit -f 400; exec");
  StoreClient client(server.port());
  const std::string value(20'000, 'v');
  std::string reply;
  for (int key = 0; (reply = client.ask("put " + std::to_string(key) + " " + value)) == "OK"; ++key)
    ASSERT_LT(key, 100);
  EXPECT_EQ(reply, "Cannot store: disk full");
  EXPECT_EQ(client.ask("get 1"), value);
}

// What was killed between a short write and its end left half a line; nobody was told OK for it.
TEST_F(StoreDisk, HalfALineOfOneWhoWasKilledIsNobodysWords) {
  const Server sound = sound_server();
  StoreClient good(sound.port());
  ASSERT_EQ(good.ask("put 1 a"), "OK");
  const Server faulty = server_behind(
      "ulimit -f 40; exec strace -o /dev/null -e trace=ftruncate"
      " -e inject=ftruncate:signal=KILL:when=1");
  const auto leave_half_a_line = [&] {
    EXPECT_EQ(StoreClient(faulty.port()).ask("put 2 " + std::string(60'000, 'v')), "");
    EXPECT_TRUE(read_file(directory_ / "database.txt").ends_with("v"));
  };
  leave_half_a_line();
  EXPECT_EQ(good.ask("put 3 c"), "OK");
  EXPECT_TRUE(read_file(directory_ / "database.txt").ends_with("\nput 1 a\nput 3 c\n"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "database.txt.unread"));
  leave_half_a_line();
  std::ofstream(directory_ / "database.txt", std::ios::app) << "a person's";
  EXPECT_EQ(good.ask("put 4 d"), "OK");
  EXPECT_TRUE(unread().ends_with("va person's\n"));
}

TEST_F(StoreDisk, ManyDeadBytesAreCompacted) {
  const Server server = sound_server();
  StoreClient client(server.port());
  ASSERT_EQ(client.ask("put 0 stays"), "OK");
  const std::string value(60'000, 'v');
  for (int key = 1; key < 40; ++key) {
    ASSERT_EQ(client.ask("put " + std::to_string(key) + " " + value), "OK");
    ASSERT_EQ(client.ask("del " + std::to_string(key)), "OK");
  }
  EXPECT_TRUE(wait_until(
      [&] { return std::filesystem::file_size(directory_ / "database.txt") < 1'500'000; }));
  EXPECT_EQ(client.ask("get 0"), "stays");
}

// The kernel was not told of the locks that it holds: nobody got them any more.
TEST_F(StoreDisk, WhoIsKilledWhileItCompactsHoldsNobodyUp) {
  const Server sound = sound_server();
  StoreClient good(sound.port());
  ASSERT_EQ(good.ask("put 1 a"), "OK");
  const Server faulty = server_behind(
      "exec strace -f -o /dev/null -e trace=/^rename -e inject=/^rename:signal=KILL:when=1");
  StoreClient client(faulty.port());
  const std::string value(60'000, 'v');
  for (int key = 100; key < 130; ++key) {
    ASSERT_EQ(client.ask("put " + std::to_string(key) + " " + value), "OK");
    ASSERT_EQ(client.ask("del " + std::to_string(key)), "OK");
  }
  EXPECT_EQ(good.ask_all("put 2 b\nget 1\nget 129\n"), "OK\na\nKey not found\n");
}

TEST(StoreErrors, ADirectoryThatCannotBeUsed) {
  const TempDir directory;
  std::filesystem::create_directory(directory / "database.txt");
  Server server({"--handler", "store"}, directory.path());
  Peer peer(server.port());
  EXPECT_TRUE(peer.hears("Cannot open the database\n"));
  EXPECT_TRUE(peer.sees_end());
  EXPECT_TRUE(server.process().complains("ERROR: open database.txt"));
  EXPECT_TRUE(server.process().complains(" (session 1 in " + directory.path().string() + ")\n"));
}

}  // namespace
}  // namespace talk::test
