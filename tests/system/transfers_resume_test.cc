// Files that go on where a broken link left them.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/time.h>

#include <filesystem>
#include <random>

#include "common/posix/owned_fd.h"
#include "tests/support/transfer_fixture.h"
#include "tests/support/wait_until.h"

namespace talk::test {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMostSentTwice = 1 << 20;

class ResumeTest : public TransferFixture {
 protected:
  // Sends until so many bytes are in the link, which then breaks.
  void break_after(std::uint64_t bytes, const std::string& path) {
    connect();
    link->cut_after = bytes;
    send(path);
    link->run([] { return false; });
    desk->transfers.end(true);
    desk.reset();  // waits until what had come is written
    sent += visitor->data_sent;
  }
  // The desk has stored it; the link breaks before the visitor hears of that.
  void store_and_lose(const std::string& path) {
    connect();
    send(path);
    link->run([&] { return desk->told("received \"big\""); });
    desk->transfers.end(true);
    desk.reset();
  }
  void go_on(const std::string& path) {
    connect();
    send(path);
    link->run_until_idle();
    sent += visitor->data_sent;
  }
  std::string partial() const {
    for (const std::string& name : at_desk())
      if (name.find(".talk-") != std::string::npos) return desk_directory / name;
    return "";
  }

  std::uint64_t sent = 0;
};

TEST_F(ResumeTest, AtAnyByte) {
  const std::string bytes = noise(4'000'000);
  const std::string path = file("big", bytes);
  std::mt19937 random(3);
  for (int round = 0; round < 25; ++round) {
    sent = 0;
    const std::uint64_t cut = 1 + random() % bytes.size();
    break_after(cut, path);
    for (const std::string& name : at_desk()) EXPECT_TRUE(name.starts_with(".talk-")) << name;
    go_on(path);
    EXPECT_EQ(at_desk(), Names{"big"}) << cut;
    EXPECT_EQ(read_file(desk_directory / "big"), bytes) << cut;
    EXPECT_LE(sent, bytes.size() + kMostSentTwice) << cut;
    fs::remove(desk_directory / "big");
  }
}

TEST_F(ResumeTest, OverManyBreaks) {
  const std::string bytes = noise(6'000'000);
  const std::string path = file("dir/sub/big", bytes);
  for (int i = 0; i < 5; ++i) break_after(1'000'000, files / "dir");
  go_on(files / "dir");
  EXPECT_EQ(read_file(desk_directory / "dir/sub/big"), bytes);
  EXPECT_EQ(at_desk().size(), 1u);
  EXPECT_LE(sent, bytes.size() + 5 * kMostSentTwice);
}

TEST_F(ResumeTest, TheSameTransfersGoOnOverANewLink) {
  const std::string bytes = noise(5'000'000);
  const std::string path = file("big", bytes);
  write_file(files / "other", "other");
  connect();
  link->cut_after = 2'000'000;
  visitor->transfers.send({path, files / "other"});
  link->run([] { return false; });
  desk->transfers.end(true);
  desk = std::make_unique<Role>(desk_options, "alice");
  visitor->reader = FrameReader();
  visitor->transfers.start_over(AfterLoss::another_peer);
  SessionLink(*desk, *visitor).run_until_idle();
  EXPECT_EQ(at_desk(), (Names{"big", "other"}));
  EXPECT_EQ(read_file(desk_directory / "big"), bytes);
  EXPECT_EQ(visitor->failures, 0) << visitor->said;
  EXPECT_LE(visitor->data_sent, bytes.size() + kMostSentTwice);
}

TEST_F(ResumeTest, WhatWasAskedForIsAskedForAgain) {
  TempDir share;
  const std::string bytes = noise(5'000'000);
  write_file(share / "big", bytes);
  desk_options.share = share.path();
  connect();
  link->cut_after = 2'000'000;
  visitor->transfers.get({"big"});
  link->run([] { return false; });
  const std::uint64_t before = desk->data_sent;
  desk = std::make_unique<Role>(desk_options, "alice");
  visitor->reader = FrameReader();
  visitor->transfers.start_over(AfterLoss::another_peer);
  SessionLink(*desk, *visitor).run_until_idle();
  EXPECT_EQ(read_file(visitor_directory / "big"), bytes);
  EXPECT_LE(before + desk->data_sent, bytes.size() + kMostSentTwice);
  EXPECT_EQ(visitor->failures, 0) << visitor->said;
}

// Size, time or content: the old part is never mixed with the new file.
TEST_F(ResumeTest, AChangedFileStartsAnew) {
  const std::string old_bytes = noise(3'000'000, 1);
  const std::string path = file("big", old_bytes);
  struct stat before {};
  ::stat(path.c_str(), &before);
  break_after(2'000'000, path);

  const std::string new_bytes = noise(3'000'000, 2);
  write_file(path, new_bytes);
  const timespec times[2] = {before.st_atim, before.st_mtim};
  ::utimensat(AT_FDCWD, path.c_str(), times, 0);
  go_on(path);
  EXPECT_EQ(read_file(desk_directory / "big"), new_bytes);
  EXPECT_TRUE(visitor->told("is of another version; it is sent from the start")) << visitor->said;
  EXPECT_EQ(visitor->failures, 0);
  EXPECT_EQ(at_desk(), Names{"big"});

  fs::remove(desk_directory / "big");
  break_after(2'000'000, path);
  fs::last_write_time(path, fs::last_write_time(path) - seconds(100));
  go_on(path);
  EXPECT_EQ(visitor->data_sent, new_bytes.size());
  EXPECT_EQ(read_file(desk_directory / "big"), new_bytes);
}

TEST_F(ResumeTest, AnotherVisitorDoesNotGoOnWithIt) {
  const std::string path = file("big", noise(3'000'000));
  break_after(2'000'000, path);
  connect();
  desk->transfers.set_peer("mallory", true, true);
  send(path);
  link->run_until_idle();
  EXPECT_EQ(visitor->data_sent, 3'000'000u);
  EXPECT_EQ(at_desk().size(), 2u);
}

// A link died without a word: for a minute the old session still holds what it has. The newcomer
// used to begin anew beside it, and sent 2 GB a second time.
TEST_F(ResumeTest, APartThatIsInUseIsLeftAloneAndCopied) {
  const std::string bytes = noise(3'000'000);
  const std::string path = file("big", bytes);
  break_after(2'000'000, path);
  const OwnedFd holder(::open(partial().c_str(), O_RDWR));
  ASSERT_EQ(::flock(holder.get(), LOCK_EX), 0);
  go_on(path);
  EXPECT_EQ(read_file(desk_directory / "big"), bytes);
  EXPECT_LE(sent, bytes.size() + kMostSentTwice);
  EXPECT_EQ(at_desk().size(), 2u);
}

TEST_F(ResumeTest, APartThatIsALinkOrAnothersIsNotTouched) {
  const std::string bytes = noise(3'000'000);
  const std::string path = file("big", bytes);
  break_after(2'000'000, path);
  const std::string part = partial();
  const std::string precious = file("precious", noise(100, 9));
  fs::remove(part);
  fs::create_symlink(precious, part);
  go_on(path);
  fs::remove(desk_directory / "big");
  fs::remove(part);
  fs::create_hard_link(precious, part);
  go_on(path);
  EXPECT_EQ(read_file(precious), noise(100, 9));
  EXPECT_EQ(read_file(desk_directory / "big"), bytes);
}

// Everything had come, the file was stored, and only the word of it was lost.
TEST_F(ResumeTest, AFileThatWasStoredIsNotStoredTwice) {
  const std::string bytes = noise(3'000'000);
  const std::string path = file("big", bytes);
  connect();
  send(path);
  link->run([&] { return visitor->data_sent == bytes.size(); });
  desk->hear(visitor->transfers.take_control());  // the end
  desk->transfers.end(true);
  desk.reset();
  EXPECT_EQ(read_file(desk_directory / "big"), bytes);
  go_on(path);
  EXPECT_EQ(visitor->data_sent, 0u);
  EXPECT_EQ(at_desk(), Names{"big"});
  EXPECT_TRUE(visitor->told("sent \"big\" (2.9 MiB), stored by prof\n")) << visitor->said;
  go_on(path);
  EXPECT_EQ(at_desk(), (Names{"big", "big-2"}));
}

// The word that a file is stored was on its way when the link broke. The desk had forgotten the
// file by then, and stored it a second time as big-2.
TEST_F(ResumeTest, AFileIsNotStoredTwiceWhereItsSenderHadNotHeard) {
  const std::string bytes = noise(300'000);
  const std::string path = file("big", bytes);
  connect();
  send(path);
  link->run([&] { return desk->told("received \"big\""); });
  desk->transfers.take_control();  // lost
  desk->transfers.end(true);
  desk.reset();
  go_on(path);
  EXPECT_EQ(visitor->data_sent, 0u);
  EXPECT_EQ(at_desk(), Names{"big"});
  EXPECT_TRUE(visitor->told("sent \"big\" (293 KiB), stored by prof\n")) << visitor->said;
}

// Its person has given it another name meanwhile.
TEST_F(ResumeTest, AFileThatWasRenamedIsFoundAgain) {
  const std::string path = file("big", noise(300'000));
  store_and_lose(path);
  fs::rename(desk_directory / "big", desk_directory / "mine");
  go_on(path);
  EXPECT_EQ(at_desk(), Names{"mine"});
  EXPECT_TRUE(visitor->told("stored by prof as \"mine\"\n")) << visitor->said;
}

// A get whose link broke right behind the file's end: all of it was there, was stored in the end,
// and yet it was asked for again and stored as big-2.
TEST_F(ResumeTest, WhatIsBeingStoredIsNotAskedForAgain) {
  TempDir share;
  const std::string bytes = noise(2'000'000);
  write_file(share / "big", bytes);
  desk_options.share = share.path();
  connect();
  visitor->transfers.get({"big"});
  link->run([&] { return desk->data_sent == bytes.size(); });
  visitor->hear(desk->transfers.take_control());  // the end
  desk = std::make_unique<Role>(desk_options, "alice");
  visitor->reader = FrameReader();
  visitor->transfers.start_over(AfterLoss::another_peer);
  SessionLink(*desk, *visitor).run_until_idle();
  EXPECT_EQ(names_below(visitor_directory.path()), Names{"big"});
  EXPECT_EQ(read_file(visitor_directory / "big"), bytes);
  EXPECT_EQ(visitor->failures, 0) << visitor->said;
}

// Replaced by one of the same size and time: the get failed once, and only the next one worked.
TEST_F(ResumeTest, AGetOfAFileThatWasReplacedBeginsAnew) {
  TempDir share;
  write_file(share / "big", noise(3'000'000, 1));
  struct stat before {};
  ::stat((share / "big").c_str(), &before);
  desk_options.share = share.path();
  connect();
  link->cut_after = 2'000'000;
  visitor->transfers.get({"big"});
  link->run([] { return false; });
  visitor->transfers.end(true);
  write_file(share / "big", noise(3'000'000, 2));
  const timespec times[2] = {before.st_atim, before.st_mtim};
  ::utimensat(AT_FDCWD, (share / "big").c_str(), times, 0);
  connect();
  visitor->transfers.get({"big"});
  link->run_until_idle();
  EXPECT_EQ(read_file(visitor_directory / "big"), noise(3'000'000, 2));
  EXPECT_EQ(visitor->failures + desk->failures, 0) << visitor->said << desk->said;
}

// A class of thirty with one login name sends the same file at once: 14 were refused.
TEST_F(ResumeTest, ManyMaySendTheSameFileAtOnce) {
  std::vector<std::unique_ptr<Role>> desks;
  for (int i = 0; i < 30; ++i) {
    desks.push_back(std::make_unique<Role>(desk_options, "alice"));
    desks.back()->hear(Offer{1, 1'000, 0, "same"});
  }
  for (const auto& one : desks)
    EXPECT_TRUE(wait_until([&] {
      one->turn(milliseconds(1));
      return one->told("receiving \"same\"");
    })) << one->said;
}

// Its second name stayed for ever: whoever removed the file got no room back for it.
TEST_F(ResumeTest, WhatIsStoredIsRememberedForASenderWhoMayStillCome) {
  const std::string path = file("big", noise(300'000));
  store_and_lose(path);
  EXPECT_EQ(names_below(desk_directory.path()).size(), 2u);
  connect();  // within its time
  visitor->transfers.list();
  link->run_until_idle();
  EXPECT_EQ(names_below(desk_directory.path()).size(), 2u);
  for (const bool removed : {false, true}) {
    if (removed) {
      send(path);
      link->run([&] { return desk->told("received \"big\""); });
      fs::remove(desk_directory / "big");
    }
    desk->transfers.end(true);
    desk.reset();
    desk_options.comes_again_within = seconds(0);
    connect();
    EXPECT_TRUE(wait_until([&] { return at_desk() == (removed ? Names{} : Names{"big"}); }));
    if (!removed) fs::remove(desk_directory / "big");
    desk_options.comes_again_within = seconds(600);
  }
}

TEST_F(ResumeTest, OfASenderWhoWasWaitedForInVainNothingIsRemembered) {
  const std::string path = file("big", noise(300'000));
  for (const bool comes_again : {true, false}) {
    connect();
    desk->transfers.set_peer("alice", true, comes_again);
    send(path);
    link->run([&] { return desk->told("received \"big\""); });
    if (!comes_again) {
      EXPECT_EQ(names_below(desk_directory.path()), Names{"big"});
    }
    desk->transfers.end(true, true);
    desk.reset();
    EXPECT_EQ(names_below(desk_directory.path()), Names{"big"});
    fs::remove(desk_directory / "big");
  }
}

}  // namespace
}  // namespace talk::test
