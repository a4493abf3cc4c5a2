// The line between the talk and what is typed.
#include "common/screen/split/status_line.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>

#include "common/screen/entry.h"
#include "common/screen/split/terminfo.h"
#include "common/screen/window_title.h"
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
  EXPECT_TRUE(has(line, " alice (10.0.0.7) | for 12 min | ")) << line;
  EXPECT_TRUE(has(line, "/help lists commands and keys")) << line;
  EXPECT_TRUE(has(status_line(usual(), {}, kNow, 120), "answers in 1.2 ms")) << line;
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
  EXPECT_EQ(offer_text(asked.offers[1], 80),
            "\"photos\" (300 files, 29.3 KiB): /accept 4 or /refuse 4");
}

TEST(StatusLine, OfALongNameLessIsShownAndNotOfHowToAnswer) {
  Status asked;
  asked.offers.push_back({4, "x", 2, 0, "./" + std::string(120, 'n') + ".jpg"});
  const std::string how = "(2 bytes): /accept 4 or /refuse 4";
  EXPECT_TRUE(has(status_line(asked, {}, kNow, 80), "\"nnnnnnn"))
      << status_line(asked, {}, kNow, 80);
  for (const int columns : {46, 60, 80}) {
    const std::string line = status_line(asked, {}, kNow, columns);
    EXPECT_TRUE(has(line, "n~\" " + how)) << line;
  }
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

TEST(StatusLine, ShowsTransfersWithABarAsWideAsTheRoom) {
  Status status = usual();
  status.transfers.push_back({1, false, "big.iso", 450'000, 1'000'000, 310'000, seconds(5)});
  ::setenv("LC_ALL", "C", 1);
  EXPECT_EQ(status_line(status, {}, kNow, 80),
            " receiving \"big.iso\" 45 % [######        ] 439 of 977 KiB, 303 KiB/s, 0:05 left ");
  ::setenv("LC_ALL", "C.UTF-8", 1);
  EXPECT_EQ(status_line(status, {}, kNow, 80),
            " receiving \"big.iso\" 45 % ███████▏░░░░░░░░ 439 of 977 KiB, 303 KiB/s, 0:05 left ");
  const std::string wide = status_line(busy(), {}, kNow, 160);
  for (const char* const part : {"alice", "\u65e5\u672c\u8a9e.pdf\" (and 1 more) 45 %",
                                 "████████████", "0:05 left", "heard 12 s ago"})
    EXPECT_TRUE(has(wide, part)) << part << wide;
  ::unsetenv("LC_ALL");
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
  EXPECT_TRUE(has(status_line(status, {0, {}, "Enter, Esc or q closes"}, kNow, 80),
                  "left: Enter, Esc or q closes"));
}

TEST(StatusLine, NamesAreMadeSafe) {
  Status status = usual();
  status.peer_name = "al\x1b]0;x\x07ice<>\n";
  status.transfers.push_back({1, true, "a\x1b[31m\nb", 1, 2, 0, {}});
  const std::string line = status_line(status, {}, kNow, 200);
  for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << line;
}

Status with_transfer() {
  Status status = usual();
  status.transfers.push_back({1, true, "a", 45, 100, 0, {}});
  return status;
}

Status asked() {
  Status status = usual();
  status.offers.push_back({2, "a", 1, 0, "./a"});
  return status;
}

Status unanswered() {
  Status status = usual();
  status.unanswered.push_back({2, "a", 1, 0, {}});
  return status;
}

Status outliving() {
  Status status = usual();
  status.server_gone = true;
  return status;
}

Status called(const std::string& name) {
  Status status = usual();
  status.peer_name = name;
  return status;
}

Status left() {
  Status status = usual();
  status.ended = true;
  return status;
}

Status nameless() {
  Status status = usual();
  status.peer_name.clear();
  return status;
}

// Three visitors from one address had three windows of one name.
TEST(WindowTitle, TellsWindowsApart) {
  struct Case {
    Status status;
    WindowKind window;
    std::uint64_t unread;
    const char* title;
  };
  const Case cases[] = {{usual(), {true, 3}, 0, "3 alice — talk"},
                        {usual(), {true, 3}, 2, "3 alice (2) — talk"},
                        {nameless(), {true, 4}, 0, "4 10.0.0.7 — talk"},
                        {left(), {true, 3}, 2, "3 alice (2) (left) — talk"},
                        {with_transfer(), {true, 3}, 0, "3 alice 45 % — talk"},
                        {asked(), {true, 3}, 0, "3 alice waiting — talk"},
                        {unanswered(), {true, 3}, 0, "3 alice waiting — talk"},
                        {called("bob (left)"), {true, 3}, 0, "3 \"bob (left)\" — talk"},
                        {outliving(), {true, 3}, 0, "3 alice — talk (server gone)"},
                        {usual(), {}, 0, "alice — talk"}};
  for (const Case& c : cases) EXPECT_EQ(window_title(c.status, c.window, c.unread, true), c.title);
  EXPECT_EQ(window_title(usual(), {true, 3}, 0, false), "3 alice - talk");
}

TEST(WindowTitle, IsSafe) {
  Status status = usual();
  status.peer_name = "x\x1b\\y\x9c\xc2\x9c\x07";
  for (const char c : window_title(status, {}, 0, true))
    EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20) << c;
}

// ---- Colours ----

using Rgb = std::array<int, 3>;

// Of xterm's 256: the cube of six levels, then the greys.
Rgb rgb_of(int colour) {
  if (colour >= 232)
    return {8 + 10 * (colour - 232), 8 + 10 * (colour - 232), 8 + 10 * (colour - 232)};
  constexpr std::array<int, 6> kLevels = {0, 95, 135, 175, 215, 255};
  const auto level = [&](int part) { return kLevels[static_cast<std::size_t>(part % 6)]; };
  return {level((colour - 16) / 36), level((colour - 16) / 6), level(colour - 16)};
}

double luminance(const Rgb& rgb) {  // WCAG 2
  const auto linear = [](int value) {
    const double v = value / 255.0;
    return v <= 0.03928 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
}

// Faint on a light theme, yellow on white: notices that nobody could read.
TEST(Colours, CanBeReadOnBlackWhiteAndSolarized) {
  std::vector<int> colours(kNameColours.begin(), kNameColours.end());
  colours.insert(colours.end(), {kNoticeColour, kErrorColour});
  for (const Rgb& ground : {Rgb{0, 0, 0}, Rgb{255, 255, 255}, Rgb{0, 43, 54}, Rgb{253, 246, 227}})
    for (const int colour : colours) {
      const double one = luminance(rgb_of(colour)) + 0.05;
      const double other = luminance(ground) + 0.05;
      EXPECT_GE(std::max(one, other) / std::min(one, other), 3.0) << colour << " on " << ground[0];
    }
}

}  // namespace
}  // namespace talk
