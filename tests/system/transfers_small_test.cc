// Many small files at once: sent ahead of their accepts, published in groups, and still each of
// them whole, under one name, and on the disk before that is said.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <random>
#include <set>

#include "common/files/crc32c.h"
#include "common/wire/protocol_error.h"
#include "tests/support/hostile_fixture.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/small_disk.h"

namespace talk::test {
namespace {

namespace fs = std::filesystem;

class SmallFilesTest : public HostileTest {
 protected:
  void announce(std::uint32_t count, std::uint64_t bytes) {
    desk->hear(Many{1, count, bytes, "d"});
  }
  // Offer, data and end, without a word from the desk in between.
  void bring(std::uint32_t number, const std::string& name, const std::string& bytes) {
    offer(number, bytes.size(), name);
    if (!bytes.empty()) desk->hear(data(number, bytes));
    desk->hear(End{number, crc32c(0, bytes)});
  }
  std::set<std::string> await_stored(std::size_t count) {
    std::set<std::string> names;
    wait_until([&] {
      desk->turn(milliseconds(1));
      for (const Message& message : answers())
        if (const auto* stored = std::get_if<Stored>(&message)) names.insert(stored->name);
      return names.size() >= count;
    });
    return names;
  }
  // Whatever has a name is whole.
  void expect_whole(const std::string& directory, const std::string& prefix) {
    for (const std::string& name : names_below(directory))
      if (fs::path(name).filename().string().find(".talk-") != 0) {
        EXPECT_EQ(read_file(directory + "/" + name), content(fs::path(name).filename())) << prefix;
      }
  }
  static std::string content(const std::string& name) {
    return noise(200 + std::stoul(name) * 7, static_cast<unsigned>(std::stoul(name)));
  }
  // Its path; files 0, 1, 2…, each with the content of its name.
  std::string many(int count) {
    for (int i = 0; i < count; ++i) file("many/" + std::to_string(i), content(std::to_string(i)));
    return files / "many";
  }
};

TEST_F(SmallFilesTest, TheyComeBehindTheirOffers) {
  announce(100, 100'000);
  for (std::uint32_t i = 0; i < 100; ++i)
    bring(3 + 2 * i, "d/" + std::to_string(i), noise(std::size_t{i} * 9));
  EXPECT_EQ(await_stored(100).size(), 100u) << desk->said;
  for (std::uint32_t i = 0; i < 100; ++i)
    EXPECT_EQ(read_file(desk_directory / ("d/" + std::to_string(i))), noise(std::size_t{i} * 9));
  EXPECT_EQ(desk->failures, 0) << desk->said;
}

TEST_F(SmallFilesTest, TheAcceptOfADirectorySaysUpToWhichSize) {
  announce(2, 200'000);
  EXPECT_EQ(answer<Accept>().limit, std::uint64_t{64} << 10);
  offer(3, 65'537, "d/larger");
  EXPECT_THROW(desk->hear(data(3, noise(65'537))), ProtocolError);
}

TEST_F(SmallFilesTest, OneThatIsNotOfADirectoryWaitsForItsAccept) {
  offer(3, 10, "alone");
  EXPECT_THROW(desk->hear(data(3, noise(10))), ProtocolError);
}

// The sender has not heard of the refusal yet.
TEST_F(SmallFilesTest, WhatWasRefusedIsLetGoBy) {
  announce(3, 3'000);
  bring(3, "d/../up", noise(1'000));
  bring(5, "d/good", noise(1'000));
  EXPECT_EQ(await_stored(1), std::set<std::string>{"d/good"});
  desk->transfers.cancel(1);
  bring(7, "d/late", noise(1'000));
  EXPECT_THROW(desk->hear(data(9, "x")), ProtocolError);
  desk->transfers.end(false);  // all was heard
  EXPECT_EQ(at_desk(), Names{"d/good"});
}

TEST_F(SmallFilesTest, OneWrongOfAGroupIsWrongAlone) {
  announce(3, 3'000);
  bring(3, "d/a", noise(1'000, 1));
  offer(5, 1'000, "d/b");
  desk->hear(data(5, noise(1'000, 2)));
  desk->hear(End{5, 12345});
  bring(7, "d/c", noise(1'000, 3));
  EXPECT_EQ(await_stored(2), (std::set<std::string>{"d/a", "d/c"}));
  EXPECT_TRUE(desk->told("does not match its checksum")) << desk->said;
  desk->transfers.end(false);  // all was heard
  EXPECT_EQ(at_desk(), (Names{"d/a", "d/c"})) << desk->said;
}

// Stored, but the link broke before that was heard: they come once more, and are the same files.
TEST_F(SmallFilesTest, WhoComesAgainStoresNothingTwice) {
  for (int round = 0; round < 2; ++round) {
    announce(50, 50'000);
    for (std::uint32_t i = 0; i < 50; ++i)
      bring(3 + 2 * i, "d/" + std::to_string(i), content(std::to_string(i)));
    EXPECT_EQ(await_stored(50).size(), 50u) << desk->said;
    desk->transfers.end(true);
    connect();
  }
  desk->transfers.end(false);
  EXPECT_TRUE(wait_until([&] { return names_below(desk_directory.path()).size() == 50; }));
  expect_whole(desk_directory.path(), "again");
}

TEST_F(SmallFilesTest, ADiskThatFillsUpWithinAGroup) {
  const SmallDisk disk("size=400k");
  if (!disk.mounted()) GTEST_SKIP() << kNoMount;
  desk_options.directory = disk.path();
  connect();
  send(many(200));
  link->run_until_idle();
  EXPECT_TRUE(visitor->told("No space left on device")) << visitor->said;
  EXPECT_TRUE(visitor->transfers.any_failed());
  expect_whole(disk.path(), "full");
  desk.reset();
}

// The client tries again by itself; a receiver that is killed between a name and the word of it
// leaves what the next one needs to know.
TEST_F(SmallFilesTest, TheReceiverIsKilledAmongThem) {
  constexpr int kFiles = 400;
  const std::string path = many(kFiles);
  std::mt19937 random(7);
  for (int round = 0; round < 5; ++round) {
    TempDir place;
    Server server({"--terminal", "none"}, place.path());
    Process client(
        {program("talk_client"), "--send", path, "--", "127.0.0.1", std::to_string(server.port())});
    const std::size_t after = random() % kFiles;
    wait_until([&] { return names_below(place.path()).size() >= after; });
    const std::vector<pid_t> handlers = children_of(server.process().pid());
    if (!handlers.empty()) ::kill(handlers.back(), SIGKILL);
    expect_whole(place.path(), "killed");
    EXPECT_EQ(client.exit_code(), 0) << client.err();
    EXPECT_TRUE(wait_until([&] { return names_below(place.path()).size() == kFiles; }))
        << names_below(place.path()).size() << client.err();
    expect_whole(place.path(), "after " + std::to_string(after));
  }
}

}  // namespace
}  // namespace talk::test
