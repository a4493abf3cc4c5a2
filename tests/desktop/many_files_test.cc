// Three hundred files in one directory, on real screens: two lines on each, and one question.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/support/client.h"
#include "tests/support/desk.h"
#include "tests/support/pane.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

namespace fs = std::filesystem;

class ManyFilesOnScreen : public ::testing::Test {
 protected:
  ManyFilesOnScreen() {
    fs::create_directories(files / "photos");
    for (int i = 0; i < 300; ++i) write_file(files / ("photos/" + std::to_string(i)), "x");
  }
  std::size_t arrived(const TempDir& directory) const {
    const fs::path photos = directory / "photos";
    if (!fs::exists(photos)) return 0;
    return static_cast<std::size_t>(std::count_if(
        fs::directory_iterator(photos), fs::directory_iterator(),
        [](const auto& entry) { return entry.path().filename().string()[0] != '.'; }));
  }
  static std::ptrdiff_t rows_with(const Pane& pane, const std::string& part) {
    const std::vector<std::string> rows = pane.rows();
    return std::count_if(rows.begin(), rows.end(), [&](const std::string& row) {
      return row.find(part) != std::string::npos;
    });
  }

  TempDir files;
  TempDir received;
};

TEST_F(ManyFilesOnScreen, AVisitorSendsThemInTwoLines) {
  Server server({"-t", "none"}, received.path());
  Pane visitor(110, 24, shell_client(server.port(), "--split"));
  ASSERT_TRUE(visitor.shows("connected to"));
  visitor.type("/send " + (files / "photos") + "\r");
  EXPECT_TRUE(visitor.shows("sent \"photos\" (300 files, 300 bytes), stored by"));
  EXPECT_EQ(arrived(received), 300u);
  EXPECT_EQ(rows_with(visitor, "\"photos\""), 2) << visitor.text();
  EXPECT_TRUE(server.logs("received \\\"photos\\\" (300 files, 300 bytes) from <alice>"))
      << server.log();
  EXPECT_EQ(server.log().find("photos/"), std::string::npos) << server.log();
}

TEST_F(ManyFilesOnScreen, AVisitorIsAskedOnceAndHasTwoLines) {
  FakeServer door;
  Pane visitor(110, 24, shell_client(door.port(), "--split -d '" + received.path().string() + "'"));
  const auto desk = open_window(door);
  ASSERT_TRUE(visitor.shows("connected to <prof>"));
  wait_for_prompt(*desk);
  desk->type("/send " + (files / "photos") + "\r");
  ASSERT_TRUE(visitor.shows("/accept 2 or /refuse 2"));
  visitor.type("/accept\r");
  EXPECT_TRUE(visitor.shows("received \"photos\""));
  EXPECT_EQ(arrived(received), 300u);
  EXPECT_EQ(rows_with(visitor, "\"photos\""), 2) << visitor.text();
  EXPECT_TRUE(desk->says("sent \"photos\" (300 files, 300 bytes), stored by <alice>"));
  EXPECT_EQ(desk->out().find("photos/"), std::string::npos) << desk->out();
}

}  // namespace
}  // namespace talk::test
