// The line between the talk and what is typed.
#include "common/screen/split/status_line.h"

#include <gtest/gtest.h>

#include "common/screen/entry.h"
#include "common/text/width.h"

namespace talk {
namespace {

using std::chrono::microseconds;

const Time kNow = Time{} + seconds(10'000);

Status usual() {
  Status status;
  status.peer_name = "alice";
  status.peer_address = "10.0.0.7";
  status.since = kNow - seconds(12 * 60 + 30);
  status.round_trip = microseconds(1234);
  return status;
}

Status busy() {
  Status status = usual();
  status.silent_for = seconds(12);
  status.transfers.push_back(
      {1, true, "\u65e5\u672c\u8a9e.pdf", 450'000, 1'000'000, 310'000, seconds(5)});
  status.transfers.push_back({2, false, std::string(300, 'x'), 1, 3, 0, {}});
  return status;
}

bool has(const std::string& line, const std::string& part) {
  return line.find(part) != std::string::npos;
}

TEST(StatusLine, SaysWhoFromWhereHowLongAndTheRoundTrip) {
  const std::string line = status_line(usual(), {}, kNow, 80);
  EXPECT_TRUE(has(line, "alice 10.0.0.7")) << line;
  EXPECT_TRUE(has(line, "12 min")) << line;
  EXPECT_TRUE(has(line, "1.2 ms")) << line;
  EXPECT_FALSE(has(line, "heard")) << line;
  EXPECT_FALSE(has(line, "below")) << line;
}

TEST(StatusLine, IsExactlyAsWideAsAskedFor) {
  Status ended = busy();
  ended.ended = true;
  for (const Status& status : {usual(), busy(), ended, Status{}})
    for (const StatusExtras& extras :
         {StatusExtras{}, StatusExtras{14, {}}, StatusExtras{3, "\u65e5\u672c\u8a9e is not found"}})
      for (int columns = 1; columns <= 200; ++columns)
        ASSERT_EQ(text_width(status_line(status, extras, kNow, columns)), columns);
}

TEST(StatusLine, AnOfferStaysUntilItIsAnswered) {
  Status asked = busy();
  asked.offers.push_back({2, "notes.pdf", 2'700'000, 0, "./notes-2.pdf"});
  asked.offers.push_back({4, "photos", 30'000, 300, "./photos"});
  const std::string line = status_line(asked, {}, kNow, 80);
  EXPECT_TRUE(has(line, "\"notes-2.pdf\" (2.6 MiB): /accept 2 or /refuse 2 and 1 more")) << line;
  EXPECT_EQ(offer_text(asked.offers[1]),
            "\"photos\" (300 files, 29.3 KiB): /accept 4 or /refuse 4");
}

TEST(StatusLine, SaysThatNothingWasHeardAndHowToLeave) {
  const std::string line = status_line(busy(), {}, kNow, 80);
  EXPECT_TRUE(has(line, "heard 12 s ago")) << line;
  EXPECT_TRUE(has(line, "/bye")) << line;
}

TEST(StatusLine, WhatMattersStaysWhereThereIsLittleRoom) {
  EXPECT_TRUE(has(status_line(busy(), {14, {}}, kNow, 40), "14 new below"));
  EXPECT_TRUE(has(status_line(busy(), {}, kNow, 40), "heard 12 s ago"));
  EXPECT_TRUE(has(status_line(usual(), {}, kNow, 20), "alice"));
  EXPECT_TRUE(has(status_line(busy(), {14, {}}, kNow, 20), "14 new below"));
}

TEST(StatusLine, ShowsTransfersWithABarRateAndTimeLeft) {
  const std::string line = status_line(busy(), {}, kNow, 160);
  EXPECT_TRUE(has(line, "\u65e5\u672c\u8a9e.pdf")) << line;
  EXPECT_TRUE(has(line, "45 %")) << line;
  EXPECT_TRUE(has(line, "[####")) << line;
  EXPECT_TRUE(has(line, "303 KiB/s")) << line;
  EXPECT_TRUE(has(line, "0:05 left")) << line;
}

TEST(StatusLine, SaysOneNewLineAndMany) {
  EXPECT_TRUE(has(status_line(usual(), {1, {}}, kNow, 80), "1 new below"));
  EXPECT_TRUE(has(status_line(usual(), {1'000'000, {}}, kNow, 80), "1000000 new below"));
}

TEST(StatusLine, HoursAreSaidAsHours) {
  Status status = usual();
  status.since = kNow - seconds(2 * 3600 + 5 * 60);
  EXPECT_TRUE(has(status_line(status, {}, kNow, 80), "2 h 5 min"));
}

TEST(StatusLine, AnEndedTalkSaysHowToCloseIt) {
  Status status = usual();
  status.ended = true;
  EXPECT_TRUE(has(status_line(status, {}, kNow, 80), "left"));
  EXPECT_FALSE(has(status_line(status, {}, kNow, 80), "closes"));
  EXPECT_TRUE(has(status_line(status, {0, {}, true}, kNow, 80), "left: Enter, Esc or q closes"));
}

TEST(StatusLine, NamesAreMadeSafe) {
  Status status = usual();
  status.peer_name = "al\x1b]0;x\x07ice<>\n";
  status.transfers.push_back({1, true, "a\x1b[31m\nb", 1, 2, 0, {}});
  const std::string line = status_line(status, {}, kNow, 200);
  for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << line;
}

TEST(WindowTitle, CountsUnreadLines) {
  EXPECT_EQ(window_title(usual(), 0), "talk: alice 10.0.0.7");
  EXPECT_EQ(window_title(usual(), 3), "(3) talk: alice 10.0.0.7");
  Status unknown;
  unknown.peer_address = "10.0.0.7";
  EXPECT_EQ(window_title(unknown, 0), "talk: 10.0.0.7");
  unknown.peer_name = "x\x1b\\y\x9c\xc2\x9c\x07";
  for (const char c : window_title(unknown, 0))
    EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20) << c;
}

}  // namespace
}  // namespace talk
