// Directories between two sides: one question, one progress, one line at its end.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "common/transfer/transfers.h"
#include "common/wire/protocol_error.h"
#include "tests/support/linked_transfers.h"
#include "tests/support/transfer_fixture.h"

namespace talk::test {
namespace {

namespace fs = std::filesystem;

constexpr int kFiles = 300;

class ManyFiles : public TransferFixture {
 protected:
  // Its name; 300 files of 100 bytes each.
  std::string photos() {
    for (int i = 0; i < kFiles; ++i) file("photos/" + std::to_string(i), noise(100, 5));
    return files / "photos";
  }
  void connect_to_one_that_does_not_know() {
    connect();
    desk = std::make_unique<Role>(desk_options, "alice", false);
    link = std::make_unique<SessionLink>(*desk, *visitor);
  }
  static long lines(const Role& role) {
    return std::count(role.said.begin(), role.said.end(), '\n');
  }
  // Without the second names of files whose sender may not know yet that they are stored.
  long visible_at_visitor() {
    const Names names = at_visitor();
    return std::count_if(names.begin(), names.end(),
                         [](const std::string& name) { return !name.starts_with("."); });
  }
  Names at_visitor() { return names_below(visitor_directory.path()); }
};

TEST_F(ManyFiles, ADirectoryIsTwoLinesForBoth) {
  connect();
  send(photos());
  link->run_until_idle();
  EXPECT_EQ(at_desk().size(), 300u);
  EXPECT_EQ(visitor->said,
            "sending \"photos\" (300 files, 29.3 KiB) to prof\n"
            "sent \"photos\" (300 files, 29.3 KiB), stored by prof\n");
  EXPECT_EQ(desk->said,
            "receiving \"photos\" (300 files, 29.3 KiB) from alice\n"
            "received \"photos\" (300 files, 29.3 KiB) from alice, stored in \"" +
                (desk_directory / "photos") + "\"\n");
}

TEST_F(ManyFiles, AVisitorIsAskedOnce) {
  connect();
  desk->transfers.send({photos()});
  link->run([&] { return visitor->told("/accept 2 or /refuse 2"); });
  EXPECT_EQ(visitor->said,
            "offered by prof: \"photos\" (300 files, 29.3 KiB), to be written to \"" +
                (visitor_directory / "photos") + "\": /accept 2 or /refuse 2\n");
  ASSERT_EQ(visitor->transfers.offers().size(), 1u);
  EXPECT_EQ(visitor->transfers.offers()[0],
            (OfferView{2, "photos", 30'000, 300, visitor_directory / "photos"}));
  EXPECT_TRUE(at_visitor().empty());
  visitor->transfers.accept(std::nullopt);
  EXPECT_TRUE(visitor->transfers.offers().empty());
  link->run_until_idle();
  EXPECT_TRUE(wait_until([&] { return at_visitor().size() == 300; }));
  EXPECT_EQ(lines(*visitor), 2) << visitor->said;
  EXPECT_EQ(desk->said,
            "offering \"photos\" (300 files, 29.3 KiB) to alice\n"
            "sent \"photos\" (300 files, 29.3 KiB), stored by alice\n");
}

// One that was written before the frame was: it is asked for each file, and answers each.
TEST_F(ManyFiles, OneThatDoesNotKnowTheFrameIsAskedFileByFile) {
  connect_to_one_that_does_not_know();
  file("pair/a", "1");
  file("pair/b", "22");
  desk->transfers.send({files / "pair"});
  link->run([&] { return visitor->told("/accept 4 or /refuse 4") && visitor->told("/refuse 6"); });
  visitor->transfers.accept(4);
  visitor->transfers.refuse(6);
  link->run_until_idle();
  EXPECT_TRUE(wait_until([&] { return at_visitor() == Names{"pair/a"}; }));
  EXPECT_EQ(desk->said,
            "offering \"pair\" (2 files, 3 bytes) to alice\n"
            "refused by alice: \"pair/b\" (2 bytes): \"not wanted\"\n"
            "sent 1 of the 2 files of \"pair\", stored by alice; 1 failed\n");
  EXPECT_TRUE(desk->transfers.any_failed());
}

// The story: `/send *.jpg` of 300 files was 300 questions.
TEST_F(ManyFiles, OneAnswerIsForAllThatComeOneByOne) {
  for (const AnswerAll answer : {AnswerAll::accept, AnswerAll::refuse}) {
    connect();
    std::vector<std::string> names;
    for (int i = 0; i < kFiles; ++i) names.push_back(file(std::to_string(i), noise(100, 5)));
    desk->transfers.send(names);
    link->run([&] { return visitor->told("/accept 2 or /refuse 2"); });
    visitor->transfers.answer_all(answer);
    link->run_until_idle();
    EXPECT_EQ(visible_at_visitor(), 300);
    EXPECT_FALSE(visitor->told("no file waits for an answer"));
    visitor->transfers.answer_all(answer);
    visitor->note();
    EXPECT_TRUE(visitor->told("no file waits for an answer"));
  }
}

TEST_F(ManyFiles, AfterARefusalNothingOfItIsOffered) {
  connect();
  desk->transfers.send({photos()});
  link->run([&] { return visitor->told("/refuse 2"); });
  visitor->transfers.refuse(2);
  link->run_until_idle();
  EXPECT_TRUE(at_visitor().empty());
  EXPECT_EQ(lines(*visitor), 2) << visitor->said;
  EXPECT_TRUE(desk->told("refused by alice: \"photos\" (300 files, 29.3 KiB): \"not wanted\""));
  EXPECT_EQ(lines(*desk), 2) << desk->said;
}

TEST_F(ManyFiles, TheProgressIsOneOfTheWhole) {
  file("two/a", noise(3'000'000));
  file("two/b", noise(1'000'000));
  connect();
  send(files / "two");
  std::vector<TransferView> sent, got;
  link->run([&] {
    sent = visitor->transfers.views(Clock::now());
    got = desk->transfers.views(Clock::now());
    return !got.empty() && got[0].done > 0;
  });
  for (const auto& views : {sent, got}) {
    ASSERT_EQ(views.size(), 1u);
    EXPECT_EQ(views[0].name, "two");
    EXPECT_EQ(views[0].total, 4'000'000u);
    EXPECT_EQ(views[0].files, 2u);
  }
  visitor->transfers.describe(Clock::now());
  visitor->note();
  EXPECT_TRUE(visitor->told("1: sending \"two\", 0 of 2 files, ")) << visitor->said;
  link->run_until_idle();
}

TEST_F(ManyFiles, EitherSideCancelsTheWhole) {
  for (const bool sender : {true, false}) {
    TempDir place;
    desk_options.directory = place.path();
    file("big/a", noise(9'000'000));
    file("big/b", noise(9'000'000));
    connect();
    send(files / "big");
    link->run([&] { return visitor->told("sending \"big\""); });
    (sender ? *visitor : *desk).transfers.cancel(std::nullopt);
    link->run_until_idle();
    EXPECT_TRUE(wait_until([&] { return names_below(place.path()).empty(); }));
    EXPECT_EQ(lines(*visitor), 2) << visitor->said;
    EXPECT_EQ(lines(*desk), 2) << desk->said;
    EXPECT_TRUE(visitor->told("\"big\" (2 files, 17.2 MiB) after 0 files")) << visitor->said;
  }
}

TEST_F(ManyFiles, WhatFailsIsNamedAndCounted) {
  for (const char* name : {"a", "b", "c"}) file(std::string("some/") + name, "x");
  write_file(desk_directory / "in-the-way", "");
  fs::create_directories(desk_directory / "some");
  fs::create_symlink(files.path(), desk_directory / "some/sub");  // leads out
  file("some/sub/d", "x");
  write_file(desk_directory / "some/a", "old");
  connect();
  send(files / "some");
  link->run_until_idle();
  EXPECT_TRUE(visitor->told("refused by prof: \"some/sub/d\" (1 byte): \"'sub' is a symbolic link"))
      << visitor->said;
  EXPECT_TRUE(
      visitor->told("sent 3 of the 4 files of \"some\", stored by prof; 1 failed; 1 under a "
                    "new name\n"))
      << visitor->said;
  EXPECT_TRUE(desk->told("received 3 of the 4 files of \"some\" from alice")) << desk->said;
  EXPECT_EQ(lines(*visitor), 3) << visitor->said;
  EXPECT_EQ(lines(*desk), 3) << desk->said;
}

// A file may go between the count and its turn: the receiver is not left waiting for it.
TEST_F(ManyFiles, TheReceiverIsToldThatLessComes) {
  connect();
  desk->transfers.send({photos()});
  link->run([&] { return visitor->told("/accept 2"); });
  fs::remove(files / "photos/99");
  visitor->transfers.accept(2);
  link->run_until_idle();
  EXPECT_TRUE(desk->told("not sent: \"photos/99\": No such file")) << desk->said;
  EXPECT_TRUE(desk->told("sent 299 of the 300 files of \"photos\", stored by alice\n"));
  EXPECT_TRUE(visitor->told("received 299 of the 300 files of \"photos\" from prof"))
      << visitor->said;
  EXPECT_TRUE(visitor->told("no more come: \"1 could not be sent\"")) << visitor->said;
}

// Agreed to were three bytes in two files: what goes beyond that is asked about by itself.
TEST_F(ManyFiles, NoMoreIsTakenThanWasAgreedTo) {
  connect();
  visitor->hear(Many{2, 2, 3, "dir"});
  visitor->note();
  visitor->transfers.accept(2);
  visitor->hear(Offer{4, 100, 0, "dir/large"});
  visitor->hear(Offer{6, 1, 0, "dirty/elsewhere"});
  visitor->hear(Offer{8, 1, 0, "dir/one"});
  visitor->hear(Offer{10, 1, 0, "dir/two"});
  visitor->hear(Offer{12, 1, 0, "dir/three"});
  EXPECT_TRUE(wait_until([&] {
    visitor->turn();
    return visitor->transfers.offers().size() == 3;
  })) << visitor->said;
  EXPECT_TRUE(visitor->told("\"dir/large\"")) << visitor->said;
  EXPECT_TRUE(visitor->told("\"dirty/elsewhere\"")) << visitor->said;
  EXPECT_TRUE(visitor->told("\"dir/three\"")) << visitor->said;
}

TEST_F(ManyFiles, AnAnnouncementIsJudgedAsAnOfferIs) {
  desk_options.max_file_size = 1'000;
  connect();
  desk->hear(Many{1, 1, 1, "../up"});
  desk->hear(Many{3, 0, 0, "empty"});
  desk->hear(Many{5, 1, UINT64_MAX, "huge"});
  desk->note();
  EXPECT_EQ(desk->failures, 3) << desk->said;
  EXPECT_TRUE(desk->transfers.idle());
  EXPECT_THROW(desk->hear(Many{2, 1, 1, "dir"}), ProtocolError);
  desk->hear(Many{7, 1, 1, "dir"});
  EXPECT_THROW(desk->hear(Many{7, 1, 1, "dir"}), ProtocolError);
}

TEST_F(ManyFiles, ABrokenLinkIsGoneOnWithAndSaidAnew) {
  file("two/a", noise(100'000));
  file("two/b", noise(3'000'000));
  connect();
  link->cut_after = 1'500'000;
  send(files / "two");
  link->run_until_idle();
  desk = std::make_unique<Role>(desk_options, "alice");
  link = std::make_unique<SessionLink>(*desk, *visitor);
  visitor->transfers.start_over(AfterLoss::another_peer);
  visitor->transfers.set_peer("prof", true, true);
  const std::uint64_t before = visitor->data_sent;
  link->run_until_idle();
  EXPECT_LT(visitor->data_sent - before, 3'000'000u);
  EXPECT_EQ(at_desk(), (Names{"two/a", "two/b"}));
  EXPECT_EQ(visitor->said,
            "sending \"two\" (2 files, 3.0 MiB) to prof\n"
            "sent \"two\" (2 files, 3.0 MiB), stored by prof\n");
  EXPECT_TRUE(desk->told("receiving \"two\" (1 file, 2.9 MiB) from alice\n")) << desk->said;
}

// Keys stall behind no walk: all of it is the disk thread's, and what is asked of this one is
// short.
TEST_F(ManyFiles, ALargeDirectoryIsCountedElsewhere) {
  fs::create_directories(files / "large");
  for (int i = 0; i < 5'000; ++i) write_file(files / ("large/" + std::to_string(i)), "");
  connect();
  send(files / "large");
  EXPECT_TRUE(visitor->transfers.take_control().empty());  // nothing is known of it yet
  EXPECT_FALSE(visitor->transfers.idle());
  visitor->transfers.cancel(std::nullopt);
  visitor->note();
  EXPECT_EQ(visitor->said, "cancelled \"" + (files / "large") + "\"\n");
  EXPECT_TRUE(visitor->transfers.idle());
}

TEST_F(ManyFiles, TheNameThatAnOfferWouldGetIsLookedUp) {
  write_file(visitor_directory / "notes.pdf", "old");
  connect();
  desk->transfers.send({file("notes.pdf", "new")});
  link->run([&] { return !visitor->transfers.offers().empty(); });
  EXPECT_EQ(visitor->transfers.offers()[0],
            (OfferView{2, "notes.pdf", 3, 0, visitor_directory / "notes-2.pdf"}));
  EXPECT_TRUE(visitor->told("notes-2.pdf\": /accept 2 or /refuse 2")) << visitor->said;
}

}  // namespace
}  // namespace talk::test
