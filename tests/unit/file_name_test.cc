#include "common/files/file_name.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace talk {
namespace {

std::string repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

TEST(FileNameTest, OrdinaryNamesKeepTheirParts) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> table = {
      {"notes.pdf", {"notes.pdf"}},
      {"a b 'c' \"d\".txt", {"a b 'c' \"d\".txt"}},
      {"dir/sub/x", {"dir", "sub", "x"}},
      {"dir/.hidden", {"dir", ".hidden"}},
      {"dir/-x", {"dir", "-x"}},
      {"h\u00e9llo \u4e16\u754c \U0001f600", {"h\u00e9llo \u4e16\u754c \U0001f600"}},
      {"...", {}},
      {"a...b", {"a...b"}},
      {"C:\\x", {"C:\\x"}},
      {"~", {"~"}},
      {"$(reboot)`id`", {"$(reboot)`id`"}},
      {std::string(255, 'x'), {std::string(255, 'x')}},
      {repeated("d/", 15) + "x", std::vector<std::string>(15, "d")},
  };
  for (const auto& [wish, parts] : table) {
    const NameCheck check = check_name(wish);
    if (parts.empty()) continue;  // refused: below
    EXPECT_TRUE(check.ok()) << wish << ": " << check.refusal;
    EXPECT_EQ(join_parts(check.parts), wish);
    EXPECT_TRUE(check.parts.size() == parts.size() || parts.size() == 15) << wish;
  }
}

const std::vector<std::string> kHostileNames = {
    "",
    ".",
    "..",
    "...",
    "/",
    "/etc/passwd",
    "//etc/passwd",
    "../evil",
    "../../../../home/me/.ssh/authorized_keys",
    "a/../../evil",
    "a/..",
    "a/./b",
    "./a",
    "a//b",
    "a/",
    ".bashrc",
    ".ssh/authorized_keys",
    ".wgetrc",
    "-rf",
    "--checkpoint-action=exec=sh",
    "a\nb",
    "a\rb",
    "a\tb",
    std::string("a\0b", 3),
    std::string("notes.pdf\0.sh", 13),
    "\x1b]0;owned\x07",
    "a\x7f",
    "a\u0085b",
    "a\u009bb",
    "invoice\u202efdp.exe",
    "a\u2066b",
    "a\u200fb",
    "a\xff",
    "a\300\257b",
    "\xc0\xae\xc0\xae/x",
    "a\xed\xa0\x80",
    "a\xf4\x90\x80\x80",
    "a\xe4\xb8",
    std::string(256, 'x'),
    "d/" + std::string(256, 'x'),
    repeated("d/", 16) + "x",
    "dir/.talk-0123456789abcdef.part",
};

// Published attacks on programs that took a name from the other side: scp (CVE-2018-20685,
// CVE-2019-6111), wget (CVE-2014-4877), DCC SEND, croc (CVE-2023-43617 and its relatives),
// magic-wormhole, tar and zip ("zip slip").
TEST(FileNameTest, HostileNamesAreRefused) {
  for (const std::string& wish : kHostileNames) {
    const NameCheck check = check_name(wish);
    EXPECT_FALSE(check.ok()) << ::testing::PrintToString(wish);
    EXPECT_TRUE(check.parts.empty());
    EXPECT_EQ(check.refusal.find('\n'), std::string::npos);
  }
}

TEST(FileNameTest, TheSecondOfAName) {
  const std::vector<std::tuple<std::string, unsigned, std::string>> table = {
      {"notes.pdf", 2, "notes-2.pdf"},
      {"notes.pdf", 13, "notes-13.pdf"},
      {"notes", 2, "notes-2"},
      {"x.tar.gz", 2, "x-2.tar.gz"},
      {"x.tar", 2, "x-2.tar"},
      {"a.b.c", 3, "a.b-3.c"},
      {".tar.gz", 2, ".tar-2.gz"},
      {".hidden", 2, ".hidden-2"},
      {"name.", 2, "name-2."},
      {"notes-2.pdf", 2, "notes-2-2.pdf"},
      {std::string(251, 'x') + ".pdf", 2, std::string(249, 'x') + "-2.pdf"},
      {std::string(255, 'x'), 10, std::string(252, 'x') + "-10"},
      {repeated("\u4e16", 85), 2, repeated("\u4e16", 84) + "-2"},
      {"a." + std::string(253, 'e'), 2, "a." + std::string(251, 'e') + "-2"},
  };
  for (const auto& [name, count, wanted] : table) {
    EXPECT_EQ(numbered_name(name, count), wanted);
    EXPECT_LE(numbered_name(name, count).size(), 255u);
  }
}

}  // namespace
}  // namespace talk
