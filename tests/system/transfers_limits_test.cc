// A peer that floods, and a disk that fails or is full: what one session takes is bounded, and the
// others have theirs.
#include <gtest/gtest.h>

#include <filesystem>

#include "common/files/crc32c.h"
#include "tests/support/hostile_fixture.h"
#include "tests/support/small_disk.h"

namespace talk::test {
namespace {

namespace fs = std::filesystem;

class TransferLimitsTest : public HostileTest {};

TEST_F(TransferLimitsTest, AMillionOffers) {
  for (std::uint32_t i = 0; i < 1'000'000; ++i) {
    offer(2 * i + 1, 1'000, "x" + std::to_string(i));
    if (i % 1'000 == 999) {
      desk->transfers.take_control();
      EXPECT_LE(desk->transfers.take_events().size(), 1'001u);
      desk->turn(milliseconds(0));
    }
  }
  EXPECT_LE(desk->transfers.views(Clock::now()).size(), 64u);
  EXPECT_LE(at_desk().size(), 64u);
}

TEST_F(TransferLimitsTest, AMillionOffersCancelledAtOnce) {
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    offer(2 * i + 1, 1'000, "x");
    desk->hear(Cancel{2 * i + 1, ""});
    if (i % 1'000 == 999) {
      desk->transfers.take_control();
      desk->turn(milliseconds(0));
    }
  }
  EXPECT_TRUE(wait_until([&] {
    desk->turn(milliseconds(1));
    return at_desk().empty();
  }));
}

TEST_F(TransferLimitsTest, LimitsOfSize) {
  desk_options.max_file_size = 1'000;
  connect();
  offer(1, 1'001);
  EXPECT_EQ(answer<Refuse>().reason, "it has 1001 bytes, more than the 1000 bytes that are taken");
  offer(3, UINT64_MAX);
  EXPECT_EQ(answer<Refuse>().transfer, 3u);
  std::uint32_t number = 5;
  const std::string bytes(1'000, 'x');
  for (int i = 0; i < 100; ++i, number += 2) {
    offer(number, 1'000, "x");
    answer<Accept>();
    desk->hear(data(number, bytes));
    desk->hear(End{number, crc32c(0, bytes)});
    answer<Stored>();
  }
  offer(number, 1'000);
  EXPECT_EQ(answer<Refuse>().reason, "this session has brought enough");
}

// What somebody else's broken uploads left is not this session's.
TEST_F(TransferLimitsTest, TheLimitOfASessionIsItsOwn) {
  for (int i = 0; i < 200; ++i)
    write_file(desk_directory / (".talk-" + std::to_string(1'000'000 + i) + ".part"),
               std::string(1'000, 'x'));
  desk_options.max_file_size = 1'000;
  connect();
  desk->turn();  // the directory has been swept
  offer(1, 1'000, "x");
  answer<Accept>();
}

TEST_F(TransferLimitsTest, MoreThanTheDiskHas) {
  offer(1, std::uint64_t{1} << 50);
  EXPECT_NE(answer<Refuse>().reason.find("No space left"), std::string::npos);
  desk.reset();
  EXPECT_TRUE(at_desk().empty());
}

TEST_F(TransferLimitsTest, ADiskThatFillsUpWhileAFileComesIn) {
  const SmallDisk disk("size=4m");
  if (!disk.mounted()) GTEST_SKIP() << kNoMount;
  desk_options.directory = disk.path();
  connect();
  send(file("big", noise(3'000'000)));
  link->run([&] {
    const auto views = desk->transfers.views(Clock::now());
    return !views.empty() && views[0].done > 500'000;
  });
  try {
    write_file(disk / "other", noise(3'600'000));
  } catch (const std::runtime_error&) {
    // Full, as it should be.
  }
  link->run_until_idle();
  EXPECT_TRUE(visitor->told("No space left on device")) << visitor->said;
  EXPECT_TRUE(desk->told("No space left on device")) << desk->said;
  desk->turn();
  fs::remove(disk / "other");
  send(file("small", "x"));
  link->run_until_idle();
  EXPECT_TRUE(wait_until([&] { return names_below(disk.path()) == Names{"small"}; }));
}

TEST_F(TransferLimitsTest, AFileThatDoesNotFitIsRefusedBeforeItIsSent) {
  const SmallDisk disk("size=4m");
  if (!disk.mounted()) GTEST_SKIP() << kNoMount;
  desk_options.directory = disk.path();
  connect();
  send(file("big", noise(5'000'000)));
  link->run_until_idle();
  EXPECT_EQ(visitor->data_sent, 0u);
  EXPECT_TRUE(
      visitor->told("refused by prof: \"big\" (4.8 MiB): \"make room for the file: No space left"))
      << visitor->said;
  EXPECT_TRUE(names_below(disk.path()).empty());
}

TEST_F(TransferLimitsTest, TwoFilesThatFitOnlyOneByOne) {
  const SmallDisk disk("size=4m");
  if (!disk.mounted()) GTEST_SKIP() << kNoMount;
  desk_options.directory = disk.path();
  connect();
  offer(1, 3'000'000, "one");
  offer(3, 3'000'000, "two");
  EXPECT_EQ(answer<Refuse>().transfer, 3u);
}

// Somebody's crashed upload filled the disk for a week: nobody else's smallest file was taken.
TEST_F(TransferLimitsTest, PartsThatNobodyUsesMakeRoom) {
  const SmallDisk disk("size=4m");
  if (!disk.mounted()) GTEST_SKIP() << kNoMount;
  write_file(disk / ".talk-0000000000000001.part", noise(1'500'000));
  write_file(disk / ".talk-0000000000000002.part", noise(1'500'000));
  fs::last_write_time(disk / ".talk-0000000000000001.part",
                      fs::file_time_type::clock::now() - std::chrono::hours(2));
  desk_options.directory = disk.path();
  connect();
  send(file("too-big", noise(6'000'000)));
  link->run_until_idle();
  EXPECT_EQ(names_below(disk.path()).size(), 2u);  // it would not have helped
  send(file("new", noise(2'000'000)));
  link->run_until_idle();
  const Names left = {".talk-0000000000000002.part", "new"};
  EXPECT_TRUE(wait_until([&] { return names_below(disk.path()) == left; }));
}

// 48,000 empty files in 15 s: a disk has only so many inodes, and no session may take them all.
TEST_F(TransferLimitsTest, OneSessionDoesNotTakeAllInodes) {
  const SmallDisk disk("size=4m,nr_inodes=200");
  if (!disk.mounted()) GTEST_SKIP() << kNoMount;
  desk_options.directory = disk.path();
  connect();
  for (int i = 0; i < 100; ++i) file("many/" + std::to_string(i), "");
  send(files / "many");
  link->run_until_idle();
  desk.reset();  // waits until the disk's thread has done all
  EXPECT_GT(names_below(disk.path()).size(), 40u);
  EXPECT_LT(names_below(disk.path()).size(), 51u);
  EXPECT_TRUE(visitor->told("this session has brought enough files")) << visitor->said;
  connect();  // another visitor
  send(file("mine", "x"));
  link->run_until_idle();
  EXPECT_EQ(read_file(disk / "mine"), "x");
}

// With 10,000 files of one name nobody's file of that name was taken any more, after 10,000 tries.
TEST_F(TransferLimitsTest, ManyFilesOfOneName) {
  write_file(desk_directory / "x", "");
  for (int i = 2; i < 12'000; ++i)
    if (i != 7'000) write_file(desk_directory / ("x-" + std::to_string(i)), "");
  send(file("x", "new"));
  link->run_until_idle();
  EXPECT_EQ(visitor->failures, 0) << visitor->said;
  const std::string stored =
      fs::exists(desk_directory / "x-7000") ? "x-7000" : "x-12000";  // both are free
  EXPECT_EQ(read_file(desk_directory / stored), "new");
}

// Over 1,000 events in one turn the outbox dropped failures too: a refused file gave exit code 0.
TEST_F(TransferLimitsTest, FailuresAreCountedHoweverManyEventsThereAre) {
  for (int i = 0; i < 1'100; ++i) visitor->transfers.describe(Clock::now());
  visitor->transfers.send({files / "nosuch"});
  const auto events = visitor->transfers.take_events();
  EXPECT_LE(events.size(), 1'001u);
  EXPECT_EQ(events.back().kind, TransferEvent::Kind::failure);
  EXPECT_EQ(events.back().text, "… and 101 more events of files, 1 of them failures");
  EXPECT_TRUE(visitor->transfers.any_failed());
}

// 240 offers of names with 12 parts, each taken and cancelled, left 2,880 directories.
TEST_F(TransferLimitsTest, WhatWasCancelledLeavesNoDirectories) {
  fs::create_directories(desk_directory / "mine");
  std::uint32_t number = 1;
  for (int i = 0; i < 60; ++i, number += 4) {
    const std::string place = "mine/" + std::to_string(i) + "/c/d/e/f/g/h/i/j/k/";
    offer(number, 1'000, place + "one");
    answer<Accept>();
    offer(number + 2, 1'000, place + "l/two");
    answer<Accept>();
    desk->hear(Cancel{number, ""});
    desk->hear(Cancel{number + 2, ""});
  }
  offer(number, 1, "mine/kept/stored");
  answer<Accept>();
  offer(number + 2, 1, "mine/kept/not");
  answer<Accept>();
  desk->hear(data(number, "x"));
  desk->hear(End{number, crc32c(0, "x")});
  answer<Stored>();
  fs::remove(desk_directory / "mine/kept/stored");  // its person wants it elsewhere
  desk->hear(Cancel{number + 2, ""});
  desk.reset();  // waits until the disk's thread has done all
  std::vector<std::string> left;
  for (const auto& entry : fs::recursive_directory_iterator(desk_directory.path()))
    if (entry.is_directory()) left.push_back(entry.path().filename());
  EXPECT_EQ(left, (std::vector<std::string>{"mine", "kept"}));
}

// One session removes what it made; another has just opened it for a file of its own.
TEST_F(TransferLimitsTest, WhatOneCancelsIsThereForAnother) {
  Role other(desk_options, "bob");
  for (std::uint32_t number = 1; number < 401; number += 2) {
    other.hear(Offer{number, 1'000, 0, "dir/sub/other"});
    other.turn(milliseconds(0));
    offer(number, 1'000, "dir/sub/x");
    other.hear(Cancel{number, ""});
    answer<Accept>();
    desk->hear(Cancel{number, ""});
  }
}

// What was offered and cancelled counted as brought: after 100 cancels nothing was taken any more.
TEST_F(TransferLimitsTest, WhatWasCancelledIsNotBrought) {
  desk_options.max_file_size = 1'000;
  connect();
  for (std::uint32_t number = 1; number < 301; number += 2) {
    offer(number, 1'000);
    answer<Accept>();
    desk->hear(Cancel{number, ""});
  }
}

}  // namespace
}  // namespace talk::test
