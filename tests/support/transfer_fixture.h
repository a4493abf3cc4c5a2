// A desk and a visitor, a directory for what each receives, and one for what they send.
#pragma once

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/linked_transfers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/wait_until.h"

namespace talk::test {

using Names = std::vector<std::string>;

class TransferFixture : public ::testing::Test {
 protected:
  TransferFixture() {
    desk_options.even_numbers = true;
    desk_options.take_without_asking = true;
    desk_options.directory = desk_directory.path();
    visitor_options.directory = visitor_directory.path();
  }

  void connect() {
    desk = std::make_unique<Role>(desk_options, "alice");
    visitor = std::make_unique<Role>(visitor_options, "prof");
    link = std::make_unique<SessionLink>(*desk, *visitor);
  }
  std::string file(const std::string& name, const std::string& content) {
    const std::filesystem::path path = files / name;
    std::filesystem::create_directories(path.parent_path());
    write_file(path, content);
    return path;
  }
  void send(const std::string& path) { visitor->transfers.send({path}); }
  // A file that its sender knows to be stored is not remembered for long.
  Names at_desk() const {
    wait_until([this] {
      const Names names = names_below(desk_directory.path());
      return std::none_of(names.begin(), names.end(),
                          [this](const std::string& name) { return is_remembered(name); });
    });
    return names_below(desk_directory.path());
  }
  bool is_remembered(const std::string& name) const {
    struct stat status {};
    return name.find(".talk-") != std::string::npos &&
           ::stat((desk_directory / name).c_str(), &status) == 0 && status.st_nlink == 2;
  }

  TempDir desk_directory;
  TempDir visitor_directory;
  TempDir files;
  Transfers::Options desk_options;
  Transfers::Options visitor_options;
  std::unique_ptr<Role> desk;
  std::unique_ptr<Role> visitor;
  std::unique_ptr<SessionLink> link;
};

}  // namespace talk::test
