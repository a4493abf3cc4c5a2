// A peer that lies, floods and never ends, and a disk that fails: refused with a reason, bounded,
// the session lives where the protocol was kept.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "common/files/crc32c.h"
#include "common/wire/messages.h"
#include "common/wire/protocol_error.h"
#include "tests/support/transfer_fixture.h"
#include "tests/support/wait_until.h"

namespace talk::test {
namespace {

namespace fs = std::filesystem;

std::string data(std::uint32_t transfer, const std::string& bytes) {
  return make_data_header(transfer, bytes.size()) + bytes;
}

class HostileTest : public TransferFixture {
 protected:
  HostileTest() { connect(); }

  // What the desk answers, frame by frame.
  std::vector<Message> answers() {
    std::vector<Message> messages;
    const std::string control = desk->transfers.take_control();
    FrameReader reader;
    reader.feed(control);
    while (const auto frame = reader.next()) messages.push_back(decode(frame->tag, frame->payload));
    desk->note();
    return messages;
  }
  // The next answer of a kind; whatever comes before is passed over.
  template <typename M>
  M answer() {
    M found;
    const bool came = wait_until([&] {
      desk->turn(milliseconds(1));
      for (const Message& message : answers()) {
        if (!std::holds_alternative<M>(message)) continue;
        found = std::get<M>(message);
        return true;
      }
      return false;
    });
    EXPECT_TRUE(came) << desk->said;
    return found;
  }
  void offer(std::uint32_t number, std::uint64_t size, const std::string& name = "x") {
    desk->hear(Offer{number, size, 0, name});
  }
};

TEST_F(HostileTest, NamesOfPublishedAttacksLeaveNothingAnywhere) {
  TempDir outside;
  fs::create_symlink(outside.path(), desk_directory / "link");
  fs::create_directories(desk_directory / "dir");
  fs::create_symlink(outside.path(), desk_directory / "dir/link");
  write_file(desk_directory / "file", "mine");
  const Names before = names_below(desk_directory.path());
  std::uint32_t number = 1;
  for (const std::string& name :
       {std::string("../evil"), std::string("/etc/evil"), std::string("a/../../evil"),
        std::string(".bashrc"), std::string(".ssh/authorized_keys"), std::string("-rf"),
        std::string("a\nb"), std::string("a\0b", 3), std::string("link/evil"),
        std::string("dir/link/evil"), std::string("file/evil"), std::string("dir/./evil"),
        std::string("dir//evil"), std::string(""), std::string("."), std::string(".."),
        std::string("\x1b[2J"), std::string("evil\u202egpj.sh"), std::string("evil\xff")}) {
    offer(number, 4, name);
    EXPECT_EQ(answer<Refuse>().transfer, number) << name;
    number += 2;
  }
  EXPECT_EQ(names_below(desk_directory.path()), before);
  EXPECT_TRUE(fs::is_empty(outside.path()));
  EXPECT_EQ(read_file(desk_directory / "file"), "mine");
}

TEST_F(HostileTest, ADirectoryReplacedByALinkWhileAFileComesIn) {
  TempDir outside;
  offer(1, 4, "dir/sub/x");
  answer<Accept>();
  desk->hear(data(1, "da"));
  desk->turn();
  fs::rename(desk_directory / "dir/sub", desk_directory / "moved");
  fs::create_symlink(outside.path(), desk_directory / "dir/sub");
  desk->hear(data(1, "ta"));
  desk->hear(End{1, crc32c(0, "data")});
  EXPECT_NE(answer<Cancel>().reason.find("symbolic link"), std::string::npos);
  desk.reset();  // waits until the disk's thread has done all
  EXPECT_TRUE(fs::is_empty(outside.path()));
  EXPECT_TRUE(at_desk().empty());
  EXPECT_TRUE(fs::is_symlink(desk_directory / "dir/sub"));
}

TEST_F(HostileTest, ADirectoryReplacedByAnotherWhileAFileComesIn) {
  TempDir outside;
  offer(1, 4, "dir/x");
  answer<Accept>();
  desk->hear(data(1, "data"));
  desk->turn();
  fs::rename(desk_directory / "dir", outside / "dir");
  fs::create_directories(desk_directory / "dir");
  desk->hear(End{1, crc32c(0, "data")});
  EXPECT_NE(answer<Cancel>().reason.find("replaced"), std::string::npos);
  EXPECT_TRUE(wait_until([&] { return names_below(outside.path()).empty(); }));
  EXPECT_TRUE(at_desk().empty());
}

TEST_F(HostileTest, ADirectoryThatIsGone) {
  fs::remove(desk_directory.path());
  offer(1, 4);
  EXPECT_NE(answer<Refuse>().reason.find("No such file"), std::string::npos);
}

TEST_F(HostileTest, AWrongChecksumLeavesNothing) {
  offer(1, 4);
  answer<Accept>();
  desk->hear(data(1, "data"));
  desk->hear(End{1, 1234});
  EXPECT_EQ(answer<Refuse>().reason, "the file does not match its checksum");
  desk.reset();
  EXPECT_TRUE(at_desk().empty());
}

TEST_F(HostileTest, LessThanWasSaid) {
  offer(1, 10);
  answer<Accept>();
  desk->hear(data(1, "data"));
  desk->hear(End{1, crc32c(0, "data")});
  EXPECT_EQ(answer<Refuse>().reason, "only 4 bytes of 10 bytes came");
  desk->turn();
  EXPECT_TRUE(wait_until([&] { return at_desk().empty(); }));
}

TEST_F(HostileTest, MoreThanWasSaid) {
  offer(1, 4);
  answer<Accept>();
  EXPECT_THROW(desk->hear(data(1, "data!")), ProtocolError);
}

TEST_F(HostileTest, MoreThanTheWindow) {
  offer(1, 100'000'000);
  const std::uint64_t limit = answer<Accept>().limit;
  EXPECT_LE(limit, std::uint64_t{1} << 20);
  desk->hear(data(1, std::string(limit / 2, 'x')));
  desk->hear(data(1, std::string(limit / 2, 'x')));
  EXPECT_THROW(desk->hear(data(1, "x")), ProtocolError);
}

TEST_F(HostileTest, DataForNoTransfer) { EXPECT_THROW(desk->hear(data(1, "x")), ProtocolError); }

TEST_F(HostileTest, DataBeforeItWasAccepted) {
  offer(1, 4);
  EXPECT_THROW(desk->hear(data(1, "x")), ProtocolError);
}

TEST_F(HostileTest, DataThatWasUnderWayIsLetGoByAndNoMore) {
  offer(1, 10'000'000);
  const std::uint64_t limit = answer<Accept>().limit;
  desk->transfers.cancel(std::nullopt);
  desk->hear(data(1, std::string(limit - 100, 'x')));
  desk->hear(data(1, std::string(100, 'x')));
  EXPECT_THROW(desk->hear(data(1, "x")), ProtocolError);
}

TEST_F(HostileTest, NumbersThatAreInUseOrOfTheWrongParity) {
  EXPECT_THROW(offer(2, 4), ProtocolError);
  offer(1, 4);
  EXPECT_THROW(offer(1, 4), ProtocolError);
  EXPECT_THROW(desk->hear(Get{1, "x"}), ProtocolError);
  EXPECT_THROW(desk->hear(Get{4, "x"}), ProtocolError);
}

TEST_F(HostileTest, AnswersToNothingAreLetGoBy) {
  for (const std::uint32_t number : {0u, 1u, 2u, 4'000'000'000u}) {
    desk->hear(Accept{number, 0, 100});
    desk->hear(Window{number, 100});
    desk->hear(End{number, 0});
    desk->hear(Stored{number, "x"});
    desk->hear(Refuse{number, "x"});
    desk->hear(Cancel{number, "x"});
    desk->hear(Item{number, 1, 1, "x"});
    desk->hear(ListEnd{number});
  }
  EXPECT_EQ(desk->said, "");
}

TEST_F(HostileTest, AMillionOffers) {
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

TEST_F(HostileTest, AMillionOffersCancelledAtOnce) {
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

TEST_F(HostileTest, TooManyLists) {
  const auto flood = [&] {
    for (std::uint32_t i = 0; i < 100; ++i) desk->hear(List{2 * i + 1});
  };
  EXPECT_THROW(flood(), ProtocolError);
}

TEST_F(HostileTest, AnotherNameThanWasAskedForIsNotUsed) {
  visitor->transfers.get({"notes.txt"});
  visitor->hear(Offer{1, 4, 0, "../../.bashrc"});
  EXPECT_TRUE(wait_until([&] {
    visitor->turn(milliseconds(1));
    return visitor->told("receiving \"notes.txt\" (4 bytes) from prof");
  }));
  visitor->hear(data(1, "data"));
  visitor->hear(End{1, crc32c(0, "data")});
  EXPECT_TRUE(wait_until([&] {
    visitor->turn(milliseconds(1));
    return visitor->transfers.idle();
  }));
  EXPECT_EQ(names_below(visitor_directory.path()), Names{"notes.txt"});
}

TEST_F(HostileTest, LimitsOfSize) {
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
TEST_F(HostileTest, TheLimitOfASessionIsItsOwn) {
  for (int i = 0; i < 200; ++i)
    write_file(desk_directory / (".talk-" + std::to_string(1'000'000 + i) + ".part"),
               std::string(1'000, 'x'));
  desk_options.max_file_size = 1'000;
  connect();
  desk->turn();  // the directory has been swept
  offer(1, 1'000, "x");
  answer<Accept>();
}

TEST_F(HostileTest, MoreThanTheDiskHas) {
  offer(1, std::uint64_t{1} << 50);
  EXPECT_NE(answer<Refuse>().reason.find("No space left"), std::string::npos);
  desk.reset();
  EXPECT_TRUE(at_desk().empty());
}

// A small file system of its own, where that may be mounted.
class SmallDisk {
 public:
  explicit SmallDisk(const std::string& more = "") {
    mounted_ = ::mount("talk", path().c_str(), "tmpfs", 0, ("size=4m" + more).c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(path().c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  std::string path() const { return directory_.path(); }

 private:
  TempDir directory_;
  bool mounted_ = false;
};

TEST_F(HostileTest, ADiskThatFillsUpWhileAFileComesIn) {
  const SmallDisk disk;
  if (!disk.mounted()) GTEST_SKIP() << "no file system may be mounted here";
  desk_options.directory = disk.path();
  connect();
  send(file("big", noise(3'000'000)));
  link->run([&] {
    const auto views = desk->transfers.views(Clock::now());
    return !views.empty() && views[0].done > 500'000;
  });
  try {
    write_file(disk.path() + "/other", noise(3'600'000));
  } catch (const std::runtime_error&) {
    // Full, as it should be.
  }
  link->run_until_idle();
  EXPECT_TRUE(visitor->told("No space left on device")) << visitor->said;
  EXPECT_TRUE(desk->told("No space left on device")) << desk->said;
  desk->turn();
  fs::remove(disk.path() + "/other");
  send(file("small", "x"));
  link->run_until_idle();
  EXPECT_TRUE(wait_until([&] { return names_below(disk.path()) == Names{"small"}; }));
}

TEST_F(HostileTest, AFileThatDoesNotFitIsRefusedBeforeItIsSent) {
  const SmallDisk disk;
  if (!disk.mounted()) GTEST_SKIP() << "no file system may be mounted here";
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

TEST_F(HostileTest, TwoFilesThatFitOnlyOneByOne) {
  const SmallDisk disk;
  if (!disk.mounted()) GTEST_SKIP() << "no file system may be mounted here";
  desk_options.directory = disk.path();
  connect();
  offer(1, 3'000'000, "one");
  offer(3, 3'000'000, "two");
  EXPECT_EQ(answer<Refuse>().transfer, 3u);
}

// Somebody's crashed upload filled the disk for a week: nobody else's smallest file was taken.
TEST_F(HostileTest, PartsThatNobodyUsesMakeRoom) {
  const SmallDisk disk;
  if (!disk.mounted()) GTEST_SKIP() << "no file system may be mounted here";
  write_file(disk.path() + "/.talk-0000000000000001.part", noise(1'500'000));
  write_file(disk.path() + "/.talk-0000000000000002.part", noise(1'500'000));
  fs::last_write_time(disk.path() + "/.talk-0000000000000001.part",
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
TEST_F(HostileTest, OneSessionDoesNotTakeAllInodes) {
  const SmallDisk disk(",nr_inodes=200");
  if (!disk.mounted()) GTEST_SKIP() << "no file system may be mounted here";
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
  EXPECT_EQ(read_file(disk.path() + "/mine"), "x");
}

// With 10,000 files of one name nobody's file of that name was taken any more, after 10,000 tries.
TEST_F(HostileTest, ManyFilesOfOneName) {
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
TEST_F(HostileTest, FailuresAreCountedHoweverManyEventsThereAre) {
  for (int i = 0; i < 1'100; ++i) visitor->transfers.describe(Clock::now());
  visitor->transfers.send({files / "nosuch"});
  const auto events = visitor->transfers.take_events();
  EXPECT_LE(events.size(), 1'001u);
  EXPECT_EQ(events.back().kind, TransferEvent::Kind::failure);
  EXPECT_EQ(events.back().text, "… and 101 more events of files, 1 of them failures");
  EXPECT_TRUE(visitor->transfers.any_failed());
}

// What was offered and cancelled counted as brought: after 100 cancels nothing was taken any more.
TEST_F(HostileTest, WhatWasCancelledIsNotBrought) {
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
