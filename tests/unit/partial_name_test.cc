#include "common/files/partial_name.h"

#include <gtest/gtest.h>

namespace talk::test {
namespace {

TEST(PartialNameTest, IsFoundAgain) {
  const FileIdentity file{"alice", {"dir", "notes.pdf"}, 7, 1'000};
  const std::string stem = partial_stem(file);
  EXPECT_TRUE(stem.starts_with(partials_of("alice")));
  for (const unsigned number : {1U, 2U, 10U, 1'000U}) {
    const auto found = parse_partial_name(partial_name(stem, number));
    ASSERT_TRUE(found) << number;
    EXPECT_EQ(found->stem, stem);
    EXPECT_EQ(found->number, number);
  }
}

TEST(PartialNameTest, EveryFieldTellsFilesApart) {
  const FileIdentity file{"alice", {"dir", "x"}, 7, 1'000};
  const FileIdentity others[] = {{"bob", {"dir", "x"}, 7, 1'000},
                                 {"alice", {"dirx"}, 7, 1'000},
                                 {"alice", {"dir", "x"}, 8, 1'000},
                                 {"alice", {"dir", "x"}, 7, 1'001}};
  for (const FileIdentity& other : others) EXPECT_NE(partial_stem(other), partial_stem(file));
}

TEST(PartialNameTest, OtherNamesAreNone) {
  const char* const names[] = {
      "",
      ".talk-.part",
      "notes.pdf",
      ".talk-0123456789abcde.part",
      ".talk-0123456789abcdeg.part",
      ".talk-0123456789ABCDEF.part",
      ".talk-0123456789abcdef",
      ".talk-0123456789abcdef-.part",
      ".talk-0123456789abcdef-0.part",
      ".talk-0123456789abcdef-1.part",
      ".talk-0123456789abcdef-x.part",
      ".talk-0123456789abcdef2.part",
      ".talk-0123456789abcdef-99999999999.part",
      "talk-0123456789abcdef.part",
  };
  for (const char* const name : names) EXPECT_FALSE(parse_partial_name(name)) << name;
}

}  // namespace
}  // namespace talk::test
