// Whose name is shown: nobody may look like the person at the other end.
#include <gtest/gtest.h>

#include "common/text/display.h"
#include "common/text/width.h"
#include "common/wire/greeting.h"

namespace talk {
namespace {

std::string greeted(const std::string& encoded, const std::string& desk) {
  const FirstBytes bytes = judge_first_bytes("TALK/1 name=" + encoded + "\r\n");
  return shown_name(distinct_name(bytes.greeting.name.value_or(""), desk, "10.0.0.7"));
}

// A visitor called "prof" and a blank was shown as <prof>, and spoke with the desk's voice.
TEST(PeerName, NoBlankMakesAVisitorLookLikeTheDesk) {
  const char* const names[] = {
      "prof",          "prof%20",         "%20prof",       "%20%20prof%20", "prof%09",
      "%09prof",       "prof%C2%A0",      "%C2%A0prof",    "prof%E2%80%83", "prof%E3%80%80",
      "prof%E2%80%AF", "%E2%80%89prof",   "prof%E1%9A%80", "prof%E2%A0%80", "prof%E2%80%A8",
      "prof%20%09%20", "%C2%A0%20prof%20"};
  for (const char* name : names) EXPECT_EQ(greeted(name, "prof"), "prof@10.0.0.7") << name;
}

// Emoji style behind a letter, and the format characters of rare scripts, show nothing at all: a
// visitor called "prof" and one of them was shown as <prof>.
TEST(PeerName, NothingInvisibleMakesAVisitorLookLikeTheDesk) {
  for (const char* invisible :
       {"%EF%B8%8F", "%EF%B8%8E", "%F0%9B%B2%A0", "%F0%9B%B2%A3", "%F0%93%90%B0", "%F0%93%91%80",
        "%F0%96%BF%A4", "%F0%9D%85%99", "%E2%80%8B", "%E2%80%8D", "%CC%B1"}) {
    for (const char* desk : {"prof", "prof1", "\u2764"}) {
      const std::string shown = greeted(std::string(desk) + invisible, desk);
      EXPECT_TRUE(shown.ends_with("@10.0.0.7") || shown.find("_U+") != std::string::npos)
          << desk << invisible << ": " << shown;
    }
  }
}

// PROF, and letters of other scripts that look the same.
TEST(PeerName, NoLookAlikeIsTakenForTheDesk) {
  for (const char* name :
       {"PROF", "Prof", "pr\u043ef", "\u0440rof", "\u03c1\u0433\u03bff", "pr0f",
        "\uff50\uff52\uff4f\uff46", "\uff30ROF", "\U0001d429\U0001d42b\U0001d428\U0001d41f"})
    EXPECT_TRUE(greeted(name, "prof").ends_with("@10.0.0.7")) << name;
  EXPECT_EQ(greeted("a1lce", "ALICE"), "a1lce@10.0.0.7");
  for (const char* name : {"proof", "prof2", "\u043f\u0440\u043e\u0444"})
    EXPECT_EQ(greeted(name, "prof"), name);
}

// A letter and its mark are one character of Unicode, or two: "Zoe" and a mark looked exactly as
// the desk's name did. Marks do not tell names apart.
TEST(PeerName, MarksDoNotTellAVisitorFromTheDesk) {
  const char* const pairs[][2] = {
      {"Zoe\u0308", "Zo\u00eb"},
      {"Zo\u00eb", "Zoe\u0308"},
      {"ZO\u00cb", "Zo\u00eb"},
      {"Zoe", "Zo\u00eb"},
      {"pr\u00f6f", "prof"},
      {"\u0141ukasz", "Lukasz"},
      {"Nguy\u1ec5n", "Nguye\u0302\u0303n"},
      {"\u0401", "\u0415"},
  };
  for (const auto& [visitor, desk] : pairs)
    EXPECT_EQ(greeted(visitor, desk), std::string(visitor) + "@10.0.0.7") << desk;
}

TEST(PeerName, StylesStayOnWhatHasThem) {
  for (const char* styled : {"1\uFE0F\u20E3", "\u2764\uFE0F", "\u00A9\uFE0E", "\U0001F3F3\uFE0F"})
    EXPECT_EQ(display_text(styled), styled);
  EXPECT_EQ(display_text("a\uFE0F"), "a<U+FE0F>");
}

TEST(PeerName, BlanksWithinCountAsOne) {
  for (const char* name : {"the%20prof", "the%20%20prof", "the%09prof", "the%C2%A0prof"})
    EXPECT_EQ(greeted(name, " the  prof "), "the prof@10.0.0.7") << name;
  EXPECT_EQ(greeted("theprof", "the prof"), "theprof");
}

TEST(PeerName, AnotherNameIsShownAsItIs) {
  EXPECT_EQ(greeted("alice", "prof"), "alice");
  EXPECT_EQ(greeted("prof2", "prof"), "prof2");
  EXPECT_EQ(greeted("%20", "someone"), "someone@10.0.0.7");
}

// The end of a long name is cut off where it is shown; what tells the two apart must not be.
TEST(PeerName, ALongNameIsToldApartToo) {
  const std::string desk(40, 'p');
  const std::string visitor(60, 'p');
  for (const char* address : {"10.0.0.7", "2001:db8:1234:5678:9abc:def0:1234:5678"}) {
    const std::string shown = shown_name(distinct_name(visitor, desk, address));
    EXPECT_NE(shown, shown_name(desk));
    EXPECT_NE(shown.find('@'), std::string::npos);
    EXPECT_LE(text_width(shown), kNameColumns);
  }
}

}  // namespace
}  // namespace talk
