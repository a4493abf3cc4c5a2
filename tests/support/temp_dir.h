// A directory of a test's own, gone with the test.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace talk::test {

class TempDir {
 public:
  TempDir() : TempDir(std::filesystem::temp_directory_path()) {}
  explicit TempDir(const std::filesystem::path& base);
  ~TempDir();
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// Where files cost no disk's time, where the machine has such a place.
std::filesystem::path memory_place();

// Whole files. Throw std::runtime_error.
std::string read_file(const std::string& path);
void write_file(const std::string& path, std::string_view content);
// One that can be run: `content` begins with its #! line. Returns the path.
std::string write_script(const std::string& path, std::string_view content);

}  // namespace talk::test
