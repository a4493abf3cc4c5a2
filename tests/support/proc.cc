#include "tests/support/proc.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace talk::test {
namespace {

std::string file_of(pid_t pid, const std::string& name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

// The letter behind the command's name, which stands in parentheses.
char state_of(pid_t pid) {
  std::ifstream in(file_of(pid, "stat"));
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const std::size_t name_end = text.rfind(") ");
  return name_end == std::string::npos ? '?' : text[name_end + 2];
}

}  // namespace

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;  // each is listed with the thread that started it
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(file_of(pid, "task"), gone)) {
    std::ifstream in(task.path() / "children");
    children.insert(children.end(), std::istream_iterator<pid_t>(in), {});
  }
  return children;
}

std::size_t descriptors_of(pid_t pid) {
  const std::filesystem::directory_iterator all(file_of(pid, "fd"));
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::string command_of(pid_t pid) {
  std::ifstream in(file_of(pid, "cmdline"));
  std::string text((std::istreambuf_iterator<char>(in)), {});
  std::replace(text.begin(), text.end(), '\0', ' ');
  if (!text.empty()) text.pop_back();
  return text;
}

bool is_gone(pid_t pid) { return ::kill(pid, 0) != 0 && errno == ESRCH; }

bool is_zombie(pid_t pid) { return state_of(pid) == 'Z'; }

bool is_dead(pid_t pid) { return is_gone(pid) || is_zombie(pid); }

}  // namespace talk::test
