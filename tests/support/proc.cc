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

// Nothing of a process that is gone, or goes meanwhile.
std::string text_of(pid_t pid, const std::string& name) {
  std::ostringstream text;
  text << std::ifstream(file_of(pid, name)).rdbuf();
  return text.str();
}

// What stands behind the command's name, which is in parentheses: the state and the parent first.
std::string status_of(pid_t pid) {
  const std::string text = text_of(pid, "stat");
  const std::size_t name_end = text.rfind(") ");
  return name_end == std::string::npos ? "? 0" : text.substr(name_end + 2);
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

pid_t parent_of(pid_t pid) { return std::stoi(status_of(pid).substr(2)); }

std::size_t descriptors_of(pid_t pid) {
  const std::filesystem::directory_iterator all(file_of(pid, "fd"));
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::string command_of(pid_t pid) {
  std::string text = text_of(pid, "cmdline");
  std::replace(text.begin(), text.end(), '\0', ' ');
  if (!text.empty()) text.pop_back();
  return text;
}

bool is_gone(pid_t pid) { return ::kill(pid, 0) != 0 && errno == ESRCH; }

bool is_zombie(pid_t pid) { return status_of(pid)[0] == 'Z'; }

bool is_dead(pid_t pid) { return is_gone(pid) || is_zombie(pid); }

}  // namespace talk::test
