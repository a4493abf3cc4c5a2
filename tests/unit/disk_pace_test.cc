#include "common/files/disk_pace.h"

#include <gtest/gtest.h>

namespace talk::test {
namespace {

constexpr milliseconds kShort{1};
constexpr milliseconds kLong{50};

// Short writes until the disk is taken to keep up.
unsigned short_writes_needed(DiskPace& pace) {
  unsigned count = 0;
  for (; !pace.keeps_up(); ++count) pace.took(kShort);
  return count;
}

TEST(DiskPace, ADiskHasToShowThatItKeepsUp) {
  DiskPace pace;
  EXPECT_FALSE(pace.keeps_up());
  EXPECT_EQ(short_writes_needed(pace), DiskPace::kCalmAtFirst);
}

TEST(DiskPace, OneLongWriteIsEnough) {
  DiskPace pace;
  short_writes_needed(pace);
  pace.took(DiskPace::kMoment);
  EXPECT_FALSE(pace.keeps_up());
}

TEST(DiskPace, ADiskThatStallsNowAndThenIsTrustedLessEachTime) {
  DiskPace pace;
  for (unsigned needed = DiskPace::kCalmAtFirst; needed < DiskPace::kCalmAtMost; needed *= 2) {
    EXPECT_EQ(short_writes_needed(pace), needed);
    pace.took(kLong);
    pace.took(kLong);  // without being trusted: nothing is lost
  }
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(short_writes_needed(pace), DiskPace::kCalmAtMost);
    pace.took(kLong);
  }
}

}  // namespace
}  // namespace talk::test
