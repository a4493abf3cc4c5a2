// A peer that lies about names, checksums, sizes and numbers: refused with a reason, and the
// session lives where the protocol was kept.
#include <gtest/gtest.h>

#include <filesystem>

#include "common/files/crc32c.h"
#include "common/wire/protocol_error.h"
#include "tests/support/hostile_fixture.h"

namespace talk::test {
namespace {

namespace fs = std::filesystem;

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

}  // namespace
}  // namespace talk::test
