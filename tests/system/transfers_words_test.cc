// What a person is told of files, and how the end of a talk shows in it.
#include <gtest/gtest.h>

#include "common/transfer/transfers.h"
#include "tests/support/linked_transfers.h"
#include "tests/support/transfer_fixture.h"

namespace talk::test {
namespace {

using TransferWords = TransferFixture;

// The desk closes its window while a visitor's file is on its way.
TEST_F(TransferWords, AFileThatWasBrokenOffSaysHowFarItCame) {
  connect();
  send(file("big", noise(8'000'000)));
  link->run([&] { return visitor->data_sent > 2'000'000; });
  visitor->transfers.end(false);
  visitor->note();
  EXPECT_TRUE(visitor->told("sending \"big\" (7.6 MiB) was broken off after ")) << visitor->said;
  EXPECT_TRUE(visitor->told("goes on from there: the session has ended")) << visitor->said;
}

// It was "broken off after 0 bytes", and a failure of the one who had only not answered.
TEST_F(TransferWords, AnOfferThatNobodyAnsweredIsSaidToBeThat) {
  connect();
  desk->transfers.send({file("notes.pdf", "x")});
  link->run([&] { return visitor->told("/refuse 2"); });
  visitor->transfers.end(false);
  visitor->note();
  EXPECT_TRUE(
      visitor->told("the offer of \"notes.pdf\" (1 byte) from prof was not answered: "
                    "the session has ended"))
      << visitor->said;
  EXPECT_FALSE(visitor->transfers.any_failed());
}

TEST_F(TransferWords, ADirectoryThatNobodyAnsweredForIsSaidToBeThat) {
  file("photos/1", "x");
  connect();
  desk->transfers.send({files / "photos"});
  link->run([&] { return visitor->told("/refuse 2"); });
  visitor->transfers.end(true);
  visitor->note();
  EXPECT_TRUE(
      visitor->told("the offer of \"photos\" (1 file, 1 byte) from prof was not answered: "
                    "the connection was lost"))
      << visitor->said;
  EXPECT_FALSE(visitor->transfers.any_failed());
}

// A name that reads like a line of the program's own, in a script's eyes.
TEST_F(TransferWords, NamesStandInQuotesBehindAWordOfOurs) {
  const std::string name = "ERROR: \"lost\" -- all";
  connect();
  send(file(name, "x"));
  link->run_until_idle();
  EXPECT_TRUE(desk->told("received \"ERROR: \\\"lost\\\" -- all\" (1 byte) from")) << desk->said;
  for (const std::string& said : {desk->said, visitor->said}) {
    EXPECT_FALSE(said.starts_with("ERROR"));
    EXPECT_EQ(said.find("\nERROR"), std::string::npos) << said;
  }
}

// A peer's cancel is no error to a person, and counts all the same.
TEST_F(TransferWords, ACancelIsWithdrawn) {
  connect();
  send(file("big", noise(8'000'000)));
  link->run([&] { return desk->told("receiving"); });
  visitor->transfers.cancel(std::nullopt);
  desk->hear(visitor->transfers.take_control());
  const auto events = desk->transfers.take_events();
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].kind, TransferEvent::Kind::withdrawn);
  EXPECT_TRUE(desk->transfers.any_failed());
  EXPECT_FALSE(visitor->transfers.any_failed());
}

}  // namespace
}  // namespace talk::test
