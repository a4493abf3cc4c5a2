#include "common/files/named_paths.h"

#include <gtest/gtest.h>

#include "common/text/words.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

class NamedPaths : public ::testing::Test {
 protected:
  // What "/send …" sends, with `@/` for the directory.
  std::vector<std::string> sent(std::string typed) {
    const std::string here = directory_.path().string() + "/";
    for (std::size_t at; (at = typed.find("@/")) != std::string::npos;) typed.replace(at, 2, here);
    std::vector<std::string> paths = named_paths(*split_words(typed), typed);
    for (std::string& path : paths)
      if (path.starts_with(here)) path.replace(0, here.size(), "");
    return paths;
  }
  void have(const std::vector<std::string>& names) {
    for (const std::string& name : names) write_file(directory_ / name, "x");
  }

  TempDir directory_;
};

using Names = std::vector<std::string>;

TEST_F(NamedPaths, BlanksNeedNoQuotesWhereTheFileIsThere) {
  have({"my file.pdf", "a  b", "other", "a", "b"});
  EXPECT_EQ(sent("@/my file.pdf"), Names{"my file.pdf"});
  EXPECT_EQ(sent("@/other @/my file.pdf @/a"), (Names{"other", "my file.pdf", "a"}));
  EXPECT_EQ(sent("\"@/my file.pdf\""), Names{"my file.pdf"});
  EXPECT_EQ(sent("@/a @/b"), (Names{"a", "b"}));
  EXPECT_EQ(sent("@/no such"), (Names{"no", "such"}));
}

TEST_F(NamedPaths, SeveralBlanksAreKept) {
  have({"one  two"});
  EXPECT_EQ(sent("@/one  two"), Names{"one  two"});
}

TEST_F(NamedPaths, APatternIsTheFilesThatItMatches) {
  have({"1.jpg", "2.jpg", "3.png", ".4.jpg", "[5].jpg"});
  EXPECT_EQ(sent("@/*.jpg"), (Names{"1.jpg", "2.jpg", "[5].jpg"}));
  EXPECT_EQ(sent("@/[5].jpg"), Names{"[5].jpg"});  // a name, if there is a file that has it
  EXPECT_EQ(sent("@/*.gif"), Names{"*.gif"});
  EXPECT_EQ(sent("@/[12].jpg @/3*"), (Names{"1.jpg", "2.jpg", "3.png"}));
}

TEST_F(NamedPaths, WhatAFileManagerDropsIsAPath) {
  have({"a b", "100%"});
  EXPECT_EQ(sent("file://@/a%20b"), Names{"a b"});
  EXPECT_EQ(sent("file://localhost@/a%20b file://@/100%25"), (Names{"a b", "100%"}));
  EXPECT_EQ(sent("file://elsewhere/a"), Names{"file://elsewhere/a"});
}

}  // namespace
}  // namespace talk::test
