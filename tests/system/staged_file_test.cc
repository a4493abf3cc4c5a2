// A file that is hidden until it is complete.
#include "common/files/staged_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <optional>

#include "common/files/beneath.h"
#include "tests/support/linked_transfers.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using Names = std::vector<std::string>;
constexpr const char* kHidden = ".talk-x.part";

class StagedFileTest : public testing::Test {
 protected:
  StagedFileTest() { file.emplace(open_directory(directory.path())); }
  Names names() const { return names_below(directory.path()); }

  TempDir directory;
  std::optional<StagedFile> file;
};

TEST_F(StagedFileTest, ItReplacesWhatHasTheName) {
  write_file(directory / "7.file", "old");
  const mode_t before = ::umask(027);
  const bool created = file->create(kHidden);
  ::umask(before);
  ASSERT_TRUE(created);
  file->write("half of it");
  file->empty();
  file->write("ERROR");
  EXPECT_EQ(names(), (Names{kHidden, "7.file"}));
  file->make_durable();
  file->appear_as("7.file");
  file.reset();
  EXPECT_EQ(names(), Names{"7.file"});
  EXPECT_EQ(read_file(directory / "7.file"), "ERROR");
  struct stat status {};
  ASSERT_EQ(::stat((directory / "7.file").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640u);
}

TEST_F(StagedFileTest, ItTakesTheNextFreeName) {
  write_file(directory / "x.txt", "old");
  ASSERT_TRUE(file->create(kHidden));
  file->write("new");
  file->make_durable();
  EXPECT_EQ(file->appear_beside("x.txt"), "x-2.txt");
  file.reset();
  EXPECT_EQ(names(), (Names{"x-2.txt", "x.txt"}));
  EXPECT_EQ(read_file(directory / "x.txt"), "old");
}

TEST_F(StagedFileTest, WhatNeverAppearedGoesUnlessItIsKept) {
  ASSERT_TRUE(file->create(kHidden));
  EXPECT_FALSE(StagedFile(open_directory(directory.path())).create(kHidden));
  file.reset();
  EXPECT_EQ(names(), Names{});
  file.emplace(open_directory(directory.path()));
  ASSERT_TRUE(file->create(kHidden));
  file->keep();
  file.reset();
  EXPECT_EQ(names(), Names{kHidden});
}

}  // namespace
}  // namespace talk::test
