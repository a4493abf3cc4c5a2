#include "common/files/progress.h"

#include <gtest/gtest.h>

#include "common/text/width.h"

namespace talk {
namespace {

TEST(ProgressTest, Sizes) {
  EXPECT_EQ(size_text(0), "0 bytes");
  EXPECT_EQ(size_text(1), "1 byte");
  EXPECT_EQ(size_text(1023), "1023 bytes");
  EXPECT_EQ(size_text(1024), "1.0 KiB");
  EXPECT_EQ(size_text(310 << 10), "310 KiB");
  EXPECT_EQ(size_text((1 << 20) - 1), "1.0 MiB");
  EXPECT_EQ(size_text(2'726'298), "2.6 MiB");
  EXPECT_EQ(size_text(std::uint64_t{5} << 30), "5.0 GiB");
  EXPECT_EQ(size_text(UINT64_MAX), "16384 PiB");
}

TEST(ProgressTest, Durations) {
  EXPECT_EQ(duration_text(seconds(5)), "0:05");
  EXPECT_EQ(duration_text(seconds(750)), "12:30");
  EXPECT_EQ(duration_text(seconds(10'931)), "3:02:11");
}

TEST(ProgressTest, ALine) {
  EXPECT_EQ(progress_text("notes.pdf", 1'230'000, 2'726'298, 317'440, seconds(5)),
            "notes.pdf 45 % 1.2 of 2.6 MiB, 310 KiB/s, 0:05 left");
  EXPECT_EQ(progress_text("empty", 0, 0, 0, std::nullopt), "empty 100 % 0 of 0 bytes");
  EXPECT_EQ(progress_text("x", 0, 100, 0, std::nullopt), "x 0 % 0 of 100 bytes");
}

TEST(ProgressTest, ABarFillsWhatRoomThereIs) {
  const auto bar = [](int columns, bool blocks = false) {
    return progress_bar("x", 50, 100, 10, seconds(5), columns, blocks);
  };
  EXPECT_EQ(bar(60), "x 50 % [######      ] 50 of 100 bytes, 10 bytes/s, 0:05 left");
  EXPECT_EQ(bar(60, true), "x 50 % ███████░░░░░░░ 50 of 100 bytes, 10 bytes/s, 0:05 left");
  EXPECT_EQ(bar(59, true), "x 50 % ██████▌░░░░░░ 50 of 100 bytes, 10 bytes/s, 0:05 left");
  EXPECT_EQ(bar(30), "x 50 % 50 of 100 bytes, 10 byt");
  EXPECT_EQ(progress_bar("日本", 0, 0, 0, {}, 40, false).size(), 42u)
      << "six bytes in four columns";
  for (int columns = 0; columns < 200; ++columns)
    for (const bool blocks : {false, true}) {
      const int width = text_width(bar(columns, blocks));
      EXPECT_TRUE(columns < 58 ? width <= columns : width == columns) << columns;
    }
}

TEST(ProgressTest, ASteadyRateIsFound) {
  RateMeter meter;
  Time now{};
  meter.start(5'000'000, now);
  EXPECT_EQ(meter.rate(now), 0);
  std::uint64_t done = 5'000'000;
  for (int i = 0; i < 100; ++i) {
    now += milliseconds(100);
    done += 100'000;
    meter.update(done, now);
  }
  EXPECT_NEAR(meter.rate(now), 1e6, 1e4);
  EXPECT_EQ(meter.left(done, done + 10'000'000, now), seconds(10));
  EXPECT_EQ(meter.left(done, done, now), std::nullopt);
}

TEST(ProgressTest, AStandstillIsNoticed) {
  RateMeter meter;
  Time now{};
  meter.start(0, now);
  meter.update(1'000'000, now + seconds(1));
  EXPECT_GT(meter.rate(now + seconds(1)), 9e5);
  EXPECT_LT(meter.rate(now + seconds(20)), 1e4);
  EXPECT_EQ(meter.left(1'000'000, 2'000'000, now + seconds(300)), std::nullopt);
}

}  // namespace
}  // namespace talk
