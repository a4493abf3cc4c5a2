// What a person hears of the status: each change once.
#include "common/screen/announcer.h"

#include <gtest/gtest.h>

namespace talk {
namespace {

using Lines = std::vector<std::string>;

class AnnouncerTest : public testing::Test {
 protected:
  Lines after(seconds pause) { return announcer_.news(status_, now_ += pause); }
  Lines at_percent(std::uint64_t percent, seconds pause = Announcer::kPause) {
    status_.transfers = {{1, true, "notes.pdf", percent * 1'000, 100'000, 0, {}}};
    return after(pause);
  }

  Status status_;
  Announcer announcer_;
  Time now_ = Time{} + seconds(1'000);
};

TEST_F(AnnouncerTest, SilenceIsSaidOnceAndItsEnd) {
  EXPECT_EQ(after(seconds(1)), Lines{});
  for (int s = 8; s < 20; ++s) {
    status_.silent_for = seconds(s);
    const Lines lines = after(seconds(1));
    EXPECT_EQ(lines, s == 8 ? Lines{"nothing was heard for 8 s; /bye leaves"} : Lines{});
  }
  status_.silent_for.reset();
  EXPECT_EQ(after(seconds(1)), Lines{"heard again"});
  EXPECT_EQ(after(seconds(1)), Lines{});
}

TEST_F(AnnouncerTest, WordsThatAreNotDeliveredAreSaidOnceAndThatTheyAre) {
  status_.late_by = seconds(3);
  EXPECT_EQ(after(seconds(1)), Lines{"not delivered yet: your last words"});
  status_.late_by = seconds(4);
  EXPECT_EQ(after(seconds(1)), Lines{});
  status_.late_by.reset();
  EXPECT_EQ(after(seconds(1)), Lines{"delivered: your last words"});
}

TEST_F(AnnouncerTest, ALostLinkIsCountedDownByNobody) {
  status_.silent_for = seconds(60);
  EXPECT_EQ(after(seconds(1)).size(), 1u);
  status_.lost_for = seconds(0);
  status_.next_call = seconds(4);
  EXPECT_EQ(after(seconds(1)), Lines{"Enter calls now, /bye gives up"});
  status_.next_call = seconds(3);
  EXPECT_EQ(after(seconds(1)), Lines{});
  status_.lost_for.reset();
  status_.next_call.reset();
  status_.silent_for.reset();
  EXPECT_EQ(after(seconds(1)), Lines{}) << "that it is there again is an entry";
}

TEST_F(AnnouncerTest, AFileTellsItsQuarters) {
  EXPECT_EQ(at_percent(10), Lines{}) << "that it began is an entry";
  EXPECT_EQ(at_percent(24), Lines{});
  EXPECT_EQ(at_percent(26), Lines{"sending \"notes.pdf\" 26 % 25.4 of 97.7 KiB"});
  EXPECT_EQ(at_percent(49), Lines{});
  EXPECT_EQ(at_percent(80).size(), 1u);
  EXPECT_EQ(at_percent(100), Lines{}) << "that it has arrived is an entry";
  status_.transfers.clear();
  EXPECT_EQ(after(seconds(1)), Lines{});
}

TEST_F(AnnouncerTest, AQuickFileTellsNothing) {
  for (std::uint64_t percent = 0; percent <= 100; percent += 5)
    EXPECT_EQ(at_percent(percent, seconds(0)), Lines{});
}

}  // namespace
}  // namespace talk
