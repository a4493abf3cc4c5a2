// What a person does about files while there is no link, or so shortly before it was lost that the
// peer never heard: it is carried out when there is one again.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/hostile_fixture.h"

namespace talk::test {
namespace {

class TransfersStopped : public TransferFixture {
 protected:
  TransfersStopped() { connect(); }

  Role& other(const Role& side) { return &side == desk.get() ? *visitor : *desk; }
  void accept_all() {
    visitor->note();
    while (!visitor->transfers.offers().empty()) visitor->transfers.accept(std::nullopt);
  }
  // Both are in the middle of the file, and hear of a lost link.
  void lose_under_way(std::uint64_t after = 1'000'000) {
    link->cut_after = after;
    link->run([this] {
      accept_all();
      return false;
    });
    lose();
  }
  void lose() {
    for (Role* const side : {desk.get(), visitor.get()}) {
      side->transfers.link_lost();
      side->note();
    }
  }
  void find_again() {
    for (Role* const side : {desk.get(), visitor.get()}) {
      side->reader = FrameReader();
      side->answers.clear();
      side->transfers.start_over(AfterLoss::same_peer);
      side->transfers.set_peer(side == desk.get() ? "alice" : "prof", true, true);
      side->said.clear();
    }
    link = std::make_unique<SessionLink>(*desk, *visitor);
  }
  void go_on() {
    find_again();
    link->run_until_idle();
    desk->note();
    visitor->note();
  }
  static Names left_in(const TempDir& directory) { return names_below(directory.path()); }
  // Nothing of it is left, be it hidden.
  bool is_empty(const TempDir& directory) {
    return wait_until([&] {
      desk->turn(milliseconds(1));
      visitor->turn(milliseconds(1));
      return left_in(directory).empty();
    });
  }

  const std::string bytes = noise(3'000'000);
};

// The story: /cancel while the link was lost; the file went on when it was there again.
TEST_F(TransfersStopped, AReceiverWhoCancelsWithoutALinkIsBroughtNoMore) {
  send(file("big", bytes));
  lose_under_way();
  desk->transfers.cancel(std::nullopt);
  go_on();
  EXPECT_TRUE(visitor->told("cancelled by prof: \"big\"")) << visitor->said;
  EXPECT_EQ(desk->said.find("receiving"), std::string::npos) << desk->said;
  EXPECT_TRUE(is_empty(desk_directory));
}

TEST_F(TransfersStopped, ASenderWhoCancelsWithoutALinkTellsItsPeerLater) {
  send(file("big", bytes));
  lose_under_way();
  visitor->transfers.cancel(std::nullopt);
  go_on();
  EXPECT_TRUE(desk->told("cancelled by alice: \"big\"")) << desk->said;
  EXPECT_TRUE(is_empty(desk_directory));
}

// The word was said, and was among what was lost.
TEST_F(TransfersStopped, ACancelThatWasNeverHeardIsSaidAgain) {
  for (const bool sender : {true, false}) {
    send(file("big", bytes));
    link->cut_after = visitor->data_sent + 1'000'000;
    link->run([] { return false; });
    Role& who = sender ? *visitor : *desk;
    who.transfers.cancel(std::nullopt);
    who.transfers.take_control();
    lose();
    go_on();
    EXPECT_TRUE(other(who).told("cancelled by")) << other(who).said;
    EXPECT_TRUE(is_empty(desk_directory)) << sender;
  }
}

// … however many more links are lost before it is.
TEST_F(TransfersStopped, ACancelOutlivesManyLinks) {
  send(file("big", bytes));
  lose_under_way();
  desk->transfers.cancel(std::nullopt);
  for (int i = 0; i < 3; ++i) {
    find_again();
    visitor->transfers.take_control();
    if (i > 0) desk->transfers.take_control();
    lose();
  }
  go_on();
  EXPECT_TRUE(visitor->told("cancelled by prof: \"big\"")) << visitor->said;
  EXPECT_TRUE(is_empty(desk_directory));
}

TEST_F(TransfersStopped, WhatWasOfferedAnewInVainIsKnownByItsFirstNumber) {
  send(file("big", bytes));
  lose_under_way();
  for (int i = 0; i < 3; ++i) {
    find_again();
    visitor->transfers.take_control();
    desk->transfers.take_control();
    lose();
  }
  visitor->transfers.cancel(std::nullopt);
  go_on();
  EXPECT_TRUE(desk->told("cancelled by alice: \"big\"")) << desk->said;
  EXPECT_TRUE(is_empty(desk_directory));
}

// A person who changes his mind, and sends it once more by hand.
TEST_F(TransfersStopped, WhatIsSentAgainByHandIsTaken) {
  const std::string path = file("big", bytes);
  send(path);
  lose_under_way();
  desk->transfers.cancel(std::nullopt);
  go_on();
  send(path);
  link->run_until_idle();
  EXPECT_EQ(at_desk(), Names{"big"});
  send(path);
  link->run([this] { return desk->told("stored as"); });
  // The same of one that was cancelled, and heard to be, before a link was lost.
  send(path);
  link->run([this] { return !desk->transfers.views(Clock::now()).empty(); });
  desk->transfers.cancel(std::nullopt);
  link->run_until_idle();
  lose();
  go_on();
  send(path);
  link->run_until_idle();
  desk->note();
  EXPECT_TRUE(desk->told("stored as")) << desk->said;
}

TEST_F(TransfersStopped, AFileThatWasAskedForIsStoppedByEitherSide) {
  TempDir share;
  write_file(share / "big", bytes);
  desk_options.share = share.path();
  for (const bool sender : {true, false}) {
    connect();
    visitor->transfers.get({"big"});
    lose_under_way();
    (sender ? desk : visitor)->transfers.cancel(std::nullopt);
    go_on();
    EXPECT_EQ(visitor->said.find("stored as"), std::string::npos) << visitor->said;
    EXPECT_EQ(visitor->told("cancelled by its sender"), sender) << visitor->said;
    visitor->transfers.get({"big"});  // which is another wish
    link->run_until_idle();
    EXPECT_EQ(read_file(visitor_directory / "big"), bytes);
    std::filesystem::remove(visitor_directory / "big");
  }
}

TEST_F(TransfersStopped, DirectoriesAreStoppedByEitherSide) {
  for (const char* name : {"dir/a", "dir/b", "dir/c"}) file(name, bytes);
  for (const bool sender : {true, false}) {
    connect();
    desk->transfers.send({files / "dir"});
    lose_under_way();
    (sender ? desk : visitor)->transfers.cancel(std::nullopt);
    go_on();
    if (sender)
      EXPECT_TRUE(visitor->told("received 0 of the 3 files of \"dir\"")) << visitor->said;
    else
      EXPECT_TRUE(desk->told("cancelled by alice: \"dir\"")) << desk->said;
    EXPECT_TRUE(visitor->transfers.offers().empty());
    EXPECT_TRUE(is_empty(visitor_directory)) << sender;
  }
}

// ---- Questions ----

class TransfersAnswered : public TransfersStopped {
 protected:
  void offer_and_lose(const std::string& path) {
    desk->transfers.send({path});
    link->run([this] { return !visitor->transfers.offers().empty(); });
    lose();
  }
};

TEST_F(TransfersAnswered, ARefusalWithoutALinkIsNoSecondQuestion) {
  file("dir/a", bytes);
  for (const std::string& path : {file("big", bytes), files / "dir"}) {
    connect();
    offer_and_lose(path);
    visitor->transfers.refuse(std::nullopt);
    go_on();
    EXPECT_TRUE(desk->told("refused by alice: ")) << desk->said;
    EXPECT_EQ(visitor->said.find("/accept"), std::string::npos) << visitor->said;
    EXPECT_TRUE(is_empty(visitor_directory));
  }
}

TEST_F(TransfersAnswered, AnAgreementWithoutALinkIsNoSecondQuestion) {
  file("dir/a", bytes);
  for (const std::string& path : {file("big", bytes), files / "dir"}) {
    connect();
    offer_and_lose(path);
    visitor->transfers.accept(std::nullopt);
    go_on();
    EXPECT_EQ(visitor->said.find("/accept"), std::string::npos) << visitor->said;
  }
  EXPECT_EQ(read_file(visitor_directory / "big"), bytes);
  EXPECT_EQ(read_file(visitor_directory / "dir/a"), bytes);
}

TEST_F(TransfersAnswered, AnOfferThatIsWithdrawnMeanwhileIsNoQuestionAnyMore) {
  offer_and_lose(file("big", bytes));
  desk->transfers.cancel(std::nullopt);
  go_on();
  EXPECT_TRUE(visitor->told("cancelled by prof: \"big\"")) << visitor->said;
  EXPECT_TRUE(visitor->transfers.offers().empty());
}

TEST_F(TransfersAnswered, WhatIsSentAndAskedForWithoutALinkGoesWhenThereIsOne) {
  TempDir share;
  write_file(share / "shared", "s");
  desk_options.share = share.path();
  connect();
  lose();
  send(file("sent", "x"));
  visitor->transfers.get({"shared"});
  visitor->transfers.list();
  find_again();
  link->run_until_idle();
  EXPECT_EQ(at_desk(), Names{"sent"});
  EXPECT_EQ(read_file(visitor_directory / "shared"), "s");
  EXPECT_TRUE(visitor->told("shared: \"shared\"")) << visitor->said;
  EXPECT_EQ(visitor->failures, 0) << visitor->said;
}

// The story: a pipe whose input had ended said goodbye behind a lost link, as nothing seemed to be
// under way, before the desk could offer its file again.
TEST_F(TransfersAnswered, WhoeverIsBroughtAFileIsNotIdleUntilItIsOfferedAgain) {
  desk->transfers.send({file("big", bytes)});
  lose_under_way();
  find_again();
  EXPECT_FALSE(visitor->transfers.idle());
  link->run_until_idle();
  EXPECT_EQ(read_file(visitor_directory / "big"), bytes);
}

}  // namespace
}  // namespace talk::test
