// A person touches database.txt while sessions have it open.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "tests/support/process.h"
#include "tests/support/store_client.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

// Two visitors have the store open, and a key each.
class StorePerson : public testing::Test {
 protected:
  StorePerson() {
    EXPECT_EQ(one_->ask("put 1 a"), "OK");
    EXPECT_EQ(two_->ask("put 2 b"), "OK");
  }

  std::string database() { return read_file(path_); }
  std::string unread() { return read_file(path_ + ".unread"); }
  void append(const std::string& text) { std::ofstream(path_, std::ios::app) << text; }
  // What everyone must see from here on, who was there, who comes now, and who comes tomorrow.
  void expect_everyone_hears(const std::string& requests, const std::string& replies) {
    EXPECT_EQ(one_->ask_all(requests), replies);
    EXPECT_EQ(two_->ask_all(requests), replies);
    EXPECT_EQ(StoreClient(server_->port()).ask_all(requests), replies);
    one_.reset();
    two_.reset();
    server_.reset();
    const Server tomorrow({"--handler", "store"}, directory_.path());
    EXPECT_EQ(StoreClient(tomorrow.port()).ask_all(requests), replies);
  }

  TempDir directory_;
  const std::string path_ = directory_ / "database.txt";
  std::optional<Server> server_{std::in_place, std::vector<std::string>{"--handler", "store"},
                                directory_.path()};
  std::optional<StoreClient> one_{std::in_place, server_->port()};
  std::optional<StoreClient> two_{std::in_place, server_->port()};
};

// What was put after the file was gone went into a file without a name, and was answered OK.
TEST_F(StorePerson, RemovesIt) {
  std::filesystem::remove(path_);
  EXPECT_EQ(one_->ask("put 3 c"), "OK");
  EXPECT_EQ(two_->ask("put 3 c"), "Key already exists");
  EXPECT_TRUE(database().ends_with("\nput 3 c\n"));
  expect_everyone_hears("get 1\nget 3\n", "Key not found\nc\n");
}

// Neither was said anywhere.
TEST_F(StorePerson, IsToldInTheLogWhatIsNotInForce) {
  append("500 person\nput 501 halved");
  EXPECT_EQ(one_->ask("put 3 c"), "OK");
  EXPECT_TRUE(server_->logs("ignored=1 first=\"500 person\""));
  EXPECT_TRUE(server_->logs("unfinished=\"put 501 halved\" kept_in=database.txt.unread"));
}

// Open sessions were reset without a reply.
TEST_F(StorePerson, PutsALinkInItsPlace) {
  std::filesystem::rename(path_, directory_ / "real.txt");
  std::filesystem::create_symlink("real.txt", path_);
  EXPECT_EQ(one_->ask("put 3 c"), "Cannot store: disk error");
  EXPECT_EQ(two_->ask("get 1"), "Cannot read: disk error");
  EXPECT_TRUE(server_->logs("ERROR: open database.txt: Too many levels of symbolic links"));
  std::filesystem::rename(directory_ / "real.txt", path_);
  EXPECT_EQ(one_->ask("put 3 c"), "OK");
}

// The old session said OK for what went into a directory that newcomers did not see.
TEST_F(StorePerson, PutsAnotherDirectoryInItsPlace) {
  const std::string moved = directory_.path().string() + "-moved";
  std::filesystem::rename(directory_.path(), moved);
  std::filesystem::create_directory(directory_.path());
  EXPECT_EQ(one_->ask("put 3 c"), "Cannot store: directory moved");
  EXPECT_TRUE(one_->peer().sees_end());
  EXPECT_EQ(two_->ask("get 1"), "Cannot read: directory moved");
  EXPECT_EQ(StoreClient(server_->port()).ask("put 3 c"), "OK");
  std::filesystem::remove_all(moved);
}

// New visitors found no index for the new file, and were locked out while old ones stayed.
TEST_F(StorePerson, SavesItWithAnEditor) {
  std::string text = database();
  text.replace(text.find("put 1 a"), 7, "put 1 long");
  write_file(directory_ / "database.txt~", text + "put 9 z\n");
  std::filesystem::rename(directory_ / "database.txt~", path_);
  StoreClient newcomer(server_->port());
  EXPECT_EQ(newcomer.ask("get 9"), "z");
  EXPECT_EQ(one_->ask("put 9 y"), "Key already exists");
  EXPECT_EQ(one_->ask("put 3 c"), "OK");
  expect_everyone_hears("get 1\nget 2\nget 3\nget 9\n", "long\nb\nc\nz\n");
}

// An empty value was answered for each key, and what was put stood behind a hole of NULs.
TEST_F(StorePerson, EmptiesIt) {
  std::filesystem::resize_file(path_, 0);
  EXPECT_EQ(one_->ask("get 1"), "Key not found");
  EXPECT_EQ(two_->ask("put 1 anew"), "OK");
  EXPECT_EQ(database().find('\0'), std::string::npos);
  expect_everyone_hears("get 1\nget 2\n", "anew\nKey not found\n");
}

TEST_F(StorePerson, WritesItAnewInTheirOwnForm) {
  std::ofstream(path_, std::ios::trunc) << "7 seven\n";
  EXPECT_EQ(one_->ask("get 7"), "seven");
  EXPECT_EQ(one_->ask("put 8 eight"), "OK");
  expect_everyone_hears("get 1\nget 7\nget 8\n", "Key not found\nseven\neight\n");
}

// The next put was written over the person's line.
TEST_F(StorePerson, AppendsALine) {
  append("put 7 seven\n");
  EXPECT_EQ(one_->ask("get 7"), "seven");
  append("del 1\n");
  EXPECT_EQ(two_->ask("put 8 eight"), "OK");
  EXPECT_TRUE(database().ends_with("\nput 7 seven\ndel 1\nput 8 eight\n")) << database();
  expect_everyone_hears("get 1\nget 2\nget 7\nget 8\n", "Key not found\nb\nseven\neight\n");
}

TEST_F(StorePerson, AppendsHalfALine) {
  append("put 7 sev");
  EXPECT_EQ(one_->ask("put 8 eight"), "OK");
  expect_everyone_hears("get 2\nget 7\nget 8\n", "b\nKey not found\neight\n");
}

// The first half was cut off the disk without a word.
TEST_F(StorePerson, AppendsALineInTwoHalves) {
  append("put 50 half");
  EXPECT_EQ(one_->ask("put 8 eight"), "OK");
  append("-line\n");
  EXPECT_EQ(two_->ask("put 9 nine"), "OK");
  EXPECT_EQ(unread(), "put 50 half\n");
  EXPECT_TRUE(database().ends_with("\nput 8 eight\n-line\nput 9 nine\n")) << database();
  expect_everyone_hears("get 8\nget 9\nget 50\n", "eight\nnine\nKey not found\n");
}

// A compaction dropped what it did not understand.
TEST_F(StorePerson, WritesWhatIsNoRecord) {
  append("8 eight\n# a note\n");
  const std::string value(60'000, 'v');
  for (int key = 100; key < 140; ++key) {
    ASSERT_EQ(one_->ask("put " + std::to_string(key) + " " + value), "OK");
    ASSERT_EQ(one_->ask("del " + std::to_string(key)), "OK");
  }
  ASSERT_TRUE(wait_until([&] { return database().find("8 eight") == std::string::npos; }));
  EXPECT_EQ(unread(), "8 eight\n# a note\n");
  expect_everyone_hears("get 1\nget 8\n", "a\nKey not found\n");
}

// Emptying a log in which nothing lives did the same.
TEST_F(StorePerson, WritesWhatIsNoRecordWhereAllIsDeleted) {
  append("8 eight\n");
  EXPECT_EQ(one_->ask_all("del 1\ndel 2\n"), "OK\nOK\n");
  const std::string value(60'000, 'v');
  for (int key = 100; key < 140; ++key) {
    ASSERT_EQ(one_->ask("put " + std::to_string(key) + " " + value), "OK");
    ASSERT_EQ(one_->ask("del " + std::to_string(key)), "OK");
  }
  ASSERT_TRUE(wait_until([&] { return database().find("8 eight") == std::string::npos; }));
  EXPECT_EQ(unread(), "8 eight\n");
}

TEST_F(StorePerson, ChangesALineInPlace) {
  std::fstream file(path_);
  file.seekp(static_cast<std::streamoff>(database().find("put 1 a")));
  file << "put 9 z";
  file.close();
  EXPECT_EQ(one_->ask("put 1 again"), "OK");
  expect_everyone_hears("get 1\nget 2\nget 9\n", "again\nb\nz\n");
}

// Everything at once, again and again: no visitor is lost, and what is put last is there.
TEST_F(StorePerson, DoesNotStop) {
  for (int round = 0; round < 30; ++round) {
    if (round % 3 == 0) std::filesystem::remove(path_);
    if (round % 3 == 1) append("put 77 person\n");
    if (round % 3 == 2) std::filesystem::resize_file(path_, 0);
    const std::string key = std::to_string(1000 + round);
    EXPECT_EQ(one_->ask("put " + key + " v"), "OK");
    EXPECT_EQ(two_->ask("get " + key), "v");
    EXPECT_EQ(StoreClient(server_->port()).ask("get " + key), "v");
  }
}

}  // namespace
}  // namespace talk::test
