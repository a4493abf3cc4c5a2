#include "tests/support/temp_dir.h"

#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "common/posix/error.h"

namespace talk::test {

TempDir::TempDir(const std::filesystem::path& base) {
  std::string name = base / "talk-test-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw_errno("make " + name);
  path_ = std::filesystem::canonical(name);
}

TempDir::~TempDir() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::filesystem::path memory_place() {
  return ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : std::filesystem::temp_directory_path();
}

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::ostringstream content;
  content << in.rdbuf();
  return content.str();
}

void write_file(const std::string& path, std::string_view content) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + path);
}

std::string write_script(const std::string& path, std::string_view content) {
  write_file(path, content);
  std::filesystem::permissions(path, std::filesystem::perms(0755));
  return path;
}

}  // namespace talk::test
