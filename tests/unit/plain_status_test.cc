// What stands before the line that is typed on the plain screen.
#include "common/screen/plain_status.h"

#include <gtest/gtest.h>

namespace talk {
namespace {

Status lines(std::size_t unheard, std::optional<seconds> late_by = std::nullopt) {
  Status status;
  status.unheard = unheard;
  status.late_by = late_by;
  return status;
}

TEST(PlainStatus, CountsLinesThatAreNotKnownToHaveArrived) {
  EXPECT_EQ(plain_status({}, true, 60), "");
  EXPECT_EQ(plain_status(lines(2), true, 60), "2 not delivered yet");
  EXPECT_EQ(plain_status(lines(2), false, 60), "");
  EXPECT_EQ(plain_status(lines(2, seconds(4)), false, 60), "2 not delivered yet, 4 s");
}

TEST(PlainStatus, TellsOfTheLinkFirst) {
  Status status = lines(1, seconds(13));
  status.silent_for = seconds(12);
  EXPECT_EQ(plain_status(status, true, 60),
            "heard 12 s ago, /bye leaves | 1 not delivered yet, 13 s");
  status.lost_for = seconds(2);
  EXPECT_EQ(plain_status(status, true, 60), "no link for 2 s | 1 not delivered yet, 13 s");
  status.next_call = seconds(3);
  EXPECT_EQ(plain_status(status, true, 100),
            "no link for 2 s, calling in 3 s: Enter calls now, /bye gives up | 1 not delivered "
            "yet, 13 s");
  EXPECT_EQ(plain_status(status, true, 10), "no link fo");
}

TEST(PlainStatus, MarksNothingThatArrivesInABlink) {
  const Time now = Time{} + seconds(100);
  UnheardMark mark;
  EXPECT_EQ(mark.due(now), std::nullopt);
  mark.set(1, now);
  EXPECT_FALSE(mark.shown(now));
  EXPECT_EQ(mark.due(now), now + UnheardMark::kBlink);
  mark.set(2, now + milliseconds(100));
  EXPECT_TRUE(mark.shown(now + UnheardMark::kBlink));
  EXPECT_EQ(mark.due(now + UnheardMark::kBlink), std::nullopt);
  mark.set(0, now + seconds(1));
  EXPECT_FALSE(mark.shown(now + seconds(1)));
  mark.set(1, now + seconds(2));
  EXPECT_FALSE(mark.shown(now + seconds(2)));
}

}  // namespace
}  // namespace talk
