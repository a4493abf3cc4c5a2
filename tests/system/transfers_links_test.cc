// Files of a talk that has more than one link: who agreed is not asked again, and what has come is
// nobody's alone while there is none.
#include <gtest/gtest.h>

#include "tests/support/hostile_fixture.h"

namespace talk::test {
namespace {

constexpr std::uint64_t kMostSentTwice = 1 << 20;

class TransfersLinks : public HostileTest {
 protected:
  void replace_link() {
    for (Role* const side : {desk.get(), visitor.get()}) {
      side->reader = FrameReader();
      side->transfers.link_lost();
      side->transfers.start_over(AfterLoss::same_peer);
      side->transfers.set_peer(side == desk.get() ? "alice" : "prof", true, true);
    }
    link = std::make_unique<SessionLink>(*desk, *visitor);
  }
  // A file without bytes; returns the name that it got.
  std::string store_nothing(std::uint32_t number, const std::string& name) {
    offer(number, 0, name);
    answer<Accept>();
    desk->hear(End{number, 0});
    return answer<Stored>().name;
  }
};

std::ptrdiff_t count(const std::string& text, const std::string& part) {
  std::ptrdiff_t times = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; ++at) ++times;
  return times;
}

// The story: a person who had agreed to a large file was asked again at each lost link.
TEST_F(TransfersLinks, WhatWasAgreedToIsNotAskedAboutAgain) {
  const std::string bytes = noise(3'000'000);
  const std::string path = file("big", bytes);
  file("dir/a", bytes);
  file("dir/b", "b");
  connect();
  desk->transfers.send({path, files / "dir"});
  const auto agree = [&] {
    visitor->note();
    while (count(visitor->said, "/accept ") == 2 && !visitor->transfers.offers().empty())
      visitor->transfers.accept(std::nullopt);
    return false;
  };
  for (const std::uint64_t cut : {1'000'000U, 1'500'000U}) {
    link->cut_after = cut;
    link->run(agree);
    replace_link();
  }
  link->run_until_idle();
  visitor->note();
  EXPECT_EQ(count(visitor->said, "/accept "), 2) << visitor->said;
  // What was stored is remembered until that was heard, and a moment longer.
  EXPECT_TRUE(wait_until([&] {
    return names_below(visitor_directory.path()) == (Names{"big", "dir/a", "dir/b"});
  }));
  EXPECT_EQ(read_file(visitor_directory / "big"), bytes);
  EXPECT_EQ(visitor->failures, 0) << visitor->said;
}

// The story: a file that was sent a second time before the first was heard to be stored, and then
// the link broke: there were three of it.
TEST_F(TransfersLinks, AFileThatIsSentTwiceIsStoredTwice) {
  const std::string path = file("twice", "same");
  connect();
  send(path);
  link->run([&] { return desk->told("stored as"); });
  send(path);
  desk->hear(visitor->transfers.take_control());
  replace_link();
  link->run_until_idle();
  EXPECT_EQ(at_desk(), (Names{"twice", "twice-2"}));
}

// The story: five of one name and size, the first four of which were heard to be stored: the fifth,
// behind four numbers that nobody had any more, was not found and stored once more.
TEST_F(TransfersLinks, TheLastOfManyEqualFilesIsFoundBehindThoseThatWereHeard) {
  for (std::uint32_t number = 1; number < 10; number += 2) store_nothing(number, "same");
  desk->hear(Pong{"talk-stored-1"});
  desk->hear(Pong{"talk-stored-4"});
  replace_link();
  EXPECT_EQ(store_nothing(1, "same"), "same-5");
  desk->transfers.end(false);
  EXPECT_EQ(at_desk(), (Names{"same", "same-2", "same-3", "same-4", "same-5"}));
}

// The same for a process that has not given out these numbers: the next one of a sender's --retry.
TEST_F(TransfersLinks, TheyAreFoundByAnotherProcessToo) {
  for (std::uint32_t number = 1; number < 13; number += 2) store_nothing(number, "same");
  desk->hear(Pong{"talk-stored-1"});
  desk->hear(Pong{"talk-stored-5"});
  desk->transfers.end(true);
  connect();
  EXPECT_EQ(store_nothing(1, "same"), "same-6");
  desk->transfers.end(false);
  EXPECT_EQ(at_desk(), (Names{"same", "same-2", "same-3", "same-4", "same-5", "same-6"}));
}

// What another session left since this one looked through the directory.
TEST_F(TransfersLinks, APartThatWasLeftJustNowIsFound) {
  const std::string bytes = noise(4'000'000);
  const std::string path = file("big", bytes);
  connect();
  send(file("first", "x"));
  link->run_until_idle();
  Role other_desk(desk_options, "alice");
  Role other(visitor_options, "prof");
  other.transfers.send({path});
  SessionLink cut(other_desk, other);
  cut.cut_after = 2'000'000;
  cut.run([] { return false; });
  other_desk.transfers.end(true);
  send(path);
  link->run_until_idle();
  EXPECT_EQ(read_file(desk_directory / "big"), bytes);
  EXPECT_LE(other.data_sent + visitor->data_sent, bytes.size() + kMostSentTwice);
}

// The story: a machine that was started anew brought its file while the desk still waited for the
// talk before; and began at its first byte, since the part was that talk's.
TEST_F(TransfersLinks, APartIsFreeWhileItsTalkHasNoLink) {
  const std::string bytes = noise(4'000'000);
  const std::string path = file("big", bytes);
  connect();
  link->cut_after = 2'000'000;
  send(path);
  link->run([] { return false; });
  desk->transfers.link_lost();
  const std::uint64_t before = visitor->data_sent;
  Role waiting_desk(desk_options, "alice");
  Role fresh(visitor_options, "prof");
  fresh.transfers.send({path});
  SessionLink(waiting_desk, fresh).run_until_idle();
  EXPECT_EQ(read_file(desk_directory / "big"), bytes);
  EXPECT_LE(before + fresh.data_sent, bytes.size() + kMostSentTwice);
}

}  // namespace
}  // namespace talk::test
