// The store on a full disk: what is deleted makes room for small records too, whatever is killed.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>

#include "tests/support/process.h"
#include "tests/support/small_disk.h"
#include "tests/support/store_client.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

class StoreFreesRoom : public testing::Test {
 protected:
  Server sound_server() { return Server({"--handler", "store"}, directory_.path()); }

  // Until there is no room; how many it were.
  int fill(StoreClient& client, const std::string& value) {
    int stored = 0;
    while (put(client, stored, value) == "OK") ++stored;
    return stored;
  }
  std::string put(StoreClient& client, int key, const std::string& value) {
    const std::string reply = client.ask("put " + std::to_string(key) + " " + value);
    if (reply == "OK") kept_[key] = value;
    return reply;
  }
  void del(StoreClient& client, int key) {
    ASSERT_EQ(client.ask("del " + std::to_string(key)), "OK") << key;
    kept_.erase(key);
  }
  // All that was answered OK, and no more, of the keys up to this one.
  void expect_kept(StoreClient& client, int keys) {
    std::string requests, replies;
    for (int key = 0; key < keys; ++key) {
      requests += "get " + std::to_string(key) + "\n";
      const auto kept = kept_.find(key);
      replies += (kept == kept_.end() ? "Key not found" : kept->second) + "\n";
    }
    EXPECT_TRUE(client.ask_all(requests) == replies);
  }
  // As after a power cut: from the log alone.
  void expect_kept_by_the_log(int keys) {
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
      if (entry.path().filename().string().starts_with(".database.index"))
        std::filesystem::remove(entry.path());
    const Server tomorrow = sound_server();
    StoreClient client(tomorrow.port());
    expect_kept(client, keys);
  }

  SmallDisk directory_{"size=2m"};
  std::map<int, std::string> kept_;
};

// A copy had no room, and only large records gave up theirs: a database of small ones stayed full
// for ever, and nothing could even be deleted from it.
TEST_F(StoreFreesRoom, SmallRecordsMakeRoomToo) {
  if (!directory_.mounted()) GTEST_SKIP() << kNoMount;
  const std::string value(600, 'v');
  int stored = 0;
  {
    const Server server = sound_server();
    StoreClient client(server.port());
    stored = fill(client, value);
    ASSERT_GT(stored, 2000);
    for (int i = 0; i < stored; ++i)
      if (const int key = i * 619 % stored; i % 4 != 1 && kept_.contains(key)) del(client, key);
    int again = 0;
    for (int key = 0; key < stored; ++key)
      if (!kept_.contains(key) && put(client, key, value + "again") == "OK") ++again;
    EXPECT_GT(again, stored / 2);
    expect_kept(client, stored);
    for (int key = 0; key < stored; key += 2)
      if (kept_.contains(key)) del(client, key);
    expect_kept(client, stored);
  }
  expect_kept_by_the_log(stored);
}

// Each point at which a session that makes room may be killed.
TEST_F(StoreFreesRoom, WhoIsKilledWhileItMakesRoomLosesNothing) {
  if (!directory_.mounted()) GTEST_SKIP() << kNoMount;
  ASSERT_TRUE(directory_.remount("size=1m"));
  const std::string value(600, 'v');
  int stored = 0;
  for (const std::string kill : {"pwrite64:signal=KILL:when=5", "fsync:signal=KILL:when=1",
                                 "fallocate:signal=KILL:when=4", "fallocate:signal=KILL:when=6"}) {
    const std::string call = kill.substr(0, kill.find(':'));
    const TempDir scripts;
    const std::string killed =
        write_script(scripts / "handler", "#!/bin/sh\nexec strace -o /dev/null -e trace=" + call +
                                              " -e inject=" + kill + " " +
                                              program("store_handler") + " \"$1\"\n");
    const Server sound = sound_server();
    const Server faulty({"--handler", killed}, directory_.path());
    StoreClient client(sound.port());
    while (put(client, stored, value) == "OK") ++stored;
    for (int key = 0; key < stored; ++key)
      if (key % 3 != 0 && kept_.contains(key)) del(client, key);
    StoreClient unlucky(faulty.port());
    EXPECT_EQ(unlucky.ask("put 1 " + value), "") << kill;
    EXPECT_TRUE(unlucky.peer().sees_end());
    expect_kept(client, stored);
    for (int key = 0; key < stored; key += 6)  // of what was being moved
      if (kept_.contains(key)) del(client, key);
    expect_kept(client, stored);
    expect_kept_by_the_log(stored);
  }
}

}  // namespace
}  // namespace talk::test
