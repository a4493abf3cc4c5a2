// The store on a disk that has filled up: nothing that was OK is lost, and room that is made is
// used.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>

#include "tests/support/process.h"
#include "tests/support/small_disk.h"
#include "tests/support/store_client.h"

namespace talk::test {
namespace {

// Keys from 0 on, one value each, until no more were taken.
class StoreFullDisk : public testing::Test {
 protected:
  void SetUp() override {
    if (!disk_.mounted()) GTEST_SKIP() << kNoMount;
    server_.emplace(std::vector<std::string>{"--handler", "store"}, disk_.path());
    client_.emplace(server_->port());
    while ((refusal_ = put(stored_)) == "OK") ++stored_;
    EXPECT_GT(stored_, 10);
  }
  std::string put(int key) { return put(key, value_); }
  std::string put(int key, const std::string& value) {
    return client_->ask("put " + std::to_string(key) + " " + value);
  }
  std::string get(int key) { return client_->ask("get " + std::to_string(key)); }
  std::string del(int key) { return client_->ask("del " + std::to_string(key)); }

  const std::string value_ = std::string(60'000, 'v');
  SmallDisk disk_{"size=6m"};
  std::optional<Server> server_;
  std::optional<StoreClient> client_;
  int stored_ = 0;
  std::string refusal_;
};

TEST_F(StoreFullDisk, IsSaidAndLosesNothing) {
  EXPECT_EQ(refusal_, "Cannot store: disk full");
  const std::string text = read_file(disk_ / "database.txt");
  EXPECT_EQ(std::ranges::count(text, '\n'), stored_ + 1);
  EXPECT_TRUE(text.ends_with("\n"));
  EXPECT_EQ(StoreClient(server_->port()).ask("get 0"), value_);
  ASSERT_TRUE(disk_.remount("size=12m"));
  EXPECT_EQ(put(-1, "again"), "OK");
  EXPECT_EQ(get(-1), "again");
  EXPECT_EQ(get(3), value_);
}

// Compaction counted records: a few large ones, all deleted, kept the disk full for ever.
TEST_F(StoreFullDisk, IsUsableAgainWhenAllIsDeleted) {
  for (int key = 0; key < stored_; ++key) EXPECT_EQ(del(key), "OK");
  for (int key = 0; key < stored_ / 2; ++key) ASSERT_EQ(put(key), "OK") << key << " of " << stored_;
  EXPECT_EQ(get(1), value_);
}

// A compaction had failed for want of room: for five seconds nothing was stored, though all had
// been deleted meanwhile. And each one that failed left an index behind.
TEST_F(StoreFullDisk, AFailedCompactionIsNoReasonToRefuse) {
  const std::string longer = value_ + value_.substr(0, 5000);
  EXPECT_EQ(del(0), "OK");
  EXPECT_EQ(del(1), "OK");
  put(0, longer);
  put(1, longer);
  for (int key = 0; key < stored_; ++key) del(key);
  EXPECT_EQ(put(1), "OK");
}

// The copy of what lives had no room beside what was dead: the disk stayed full for ever.
TEST_F(StoreFullDisk, IsUsableAgainWhenMostIsDeleted) {
  for (int key = 20; key < stored_; ++key) ASSERT_EQ(del(key), "OK");
  for (int key = 20; key < stored_ / 2; ++key) ASSERT_EQ(put(key), "OK");
  for (int key = 0; key < stored_ / 2; ++key) ASSERT_EQ(get(key), value_);
  ASSERT_EQ(get(stored_ - 1), "Key not found");
  const auto files = std::filesystem::directory_iterator(disk_.path());
  // The database, its index and its lock.
  EXPECT_EQ(std::distance(begin(files), end(files)), 3);
}

}  // namespace
}  // namespace talk::test
