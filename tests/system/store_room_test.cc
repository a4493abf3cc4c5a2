// The store makes room on a full disk, among many small records, whatever is killed.
#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/small_disk.h"
#include "tests/support/store_client.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

class StoreRoom : public testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.mounted()) GTEST_SKIP() << kNoMount;
    open();
  }
  void open() {
    server_.emplace(std::vector<std::string>{"--handler", "store"}, disk_.path());
    client_.emplace(server_->port());
  }
  void fill() {
    while (put(*client_, keys_) == "OK") ++keys_;
  }
  std::string put(StoreClient& client, int key) {
    const std::string reply = client.ask("put " + std::to_string(key) + " " + value_);
    if (reply == "OK") kept_.insert(key);
    return reply;
  }
  void del(int key) {
    if (kept_.erase(key) == 0) return;
    ASSERT_EQ(client_->ask("del " + std::to_string(key)), "OK") << key;
  }
  // All that was answered OK, and no more.
  void expect_kept() {
    std::string requests, replies;
    for (int key = 0; key < keys_; ++key) {
      requests += "get " + std::to_string(key) + "\n";
      replies += (kept_.contains(key) ? value_ : "Key not found") + "\n";
    }
    EXPECT_TRUE(client_->ask_all(requests) == replies);
  }
  // As after a power cut: from the log alone.
  void expect_kept_by_the_log() {
    server_.reset();
    for (const auto& entry : std::filesystem::directory_iterator(disk_.path()))
      if (entry.path().filename().string().starts_with(".database.index"))
        std::filesystem::remove(entry.path());
    open();
    expect_kept();
  }

  // One whose sessions are killed at that point.
  Server faulty_server(const std::string& kill) {
    const std::string call = kill.substr(0, kill.find(':'));
    const std::string handler =
        write_script(scripts_ / "handler", "#!/bin/sh\nexec strace -o /dev/null -e trace=" + call +
                                               " -e inject=" + kill + " " +
                                               program("store_handler") + " \"$1\"\n");
    return Server({"--handler", handler}, disk_.path());
  }

  void leave_half_a_line() {
    fill();
    const Server faulty = faulty_server("pwrite64:signal=KILL:when=2");
    StoreClient unlucky(faulty.port());
    EXPECT_EQ(put(unlucky, keys_), "");
  }

  TempDir scripts_;
  const std::string value_ = std::string(600, 'v');
  SmallDisk disk_{"size=1m"};
  std::optional<Server> server_;
  std::optional<StoreClient> client_;
  std::set<int> kept_;
  int keys_ = 0;
};

// A copy had no room, and only large records gave up theirs: a database of small ones stayed full
// for ever.
TEST_F(StoreRoom, SmallRecordsMakeItToo) {
  fill();
  ASSERT_GT(keys_, 1000);
  for (int i = 0; i < keys_; ++i)
    if (i % 4 != 1) del(i * 619 % keys_);
  int again = 0;
  for (int key = 0; key < keys_; ++key)
    if (!kept_.contains(key) && put(*client_, key) == "OK") ++again;
  EXPECT_GT(again, keys_ / 2);
  expect_kept();
  for (int key = 0; key < keys_; key += 2) del(key);
  expect_kept();
  expect_kept_by_the_log();
}

// There was no room to keep what it left, and so nothing could be changed, and nothing deleted.
TEST_F(StoreRoom, WhoIsKilledWithHalfALineHoldsNobodyUp) {
  leave_half_a_line();
  server_.reset();
  open();
  del(1);
  expect_kept();
  EXPECT_FALSE(std::filesystem::exists(disk_ / "database.txt.unread"));  // nobody's words
}

// The same after a power cut, when nobody knows any more whose it was.
TEST_F(StoreRoom, HalfALineThatMayBeAPersonsIsKept) {
  leave_half_a_line();
  expect_kept_by_the_log();
  del(1);
  expect_kept();
  EXPECT_TRUE(read_file(disk_ / "database.txt.unread").starts_with("put "));
}

// Each point at which a session that makes room may be killed.
TEST_F(StoreRoom, WhoIsKilledWhileItMakesItLosesNothing) {
  for (const std::string kill :
       {"pwrite64:signal=KILL:when=5", "fsync:signal=KILL:when=1", "fallocate:signal=KILL:when=4",
        "fallocate:signal=KILL:when=5", "ftruncate:signal=KILL:when=1"}) {
    const Server faulty = faulty_server(kill);
    fill();
    for (int key = 0; key < keys_; ++key)
      if (key % 3 != 0) del(key);
    StoreClient unlucky(faulty.port());
    EXPECT_EQ(put(unlucky, 1), "") << kill;
    EXPECT_TRUE(unlucky.peer().sees_end());
    expect_kept();
    for (int key = 0; key < keys_; key += 6) del(key);  // of what was being moved
    expect_kept();
    expect_kept_by_the_log();
  }
}

}  // namespace
}  // namespace talk::test
