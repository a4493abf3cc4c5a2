#include "talk_client/clinic/stored_files.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace talk::clinic {
namespace {

constexpr std::size_t kMostFiles = 1000;
constexpr std::size_t kMostRead = std::size_t{10} << 20;

}  // namespace

std::string read_bounded(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content(kMostRead, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return content;
}

void StoredFiles::look(const std::string& directory) {
  directory_ = directory;
  before_ = list();
}

std::map<std::string, StoredFiles::State> StoredFiles::list() const {
  std::map<std::string, State> found;
  if (directory_.empty()) return found;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, ignored)) {
    struct stat status {};
    if (::lstat(entry.path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    if (entry.path().filename().string().starts_with('.')) continue;  // on its way
    const long long changed = status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec;
    found[entry.path()] = {status.st_size, changed, status.st_ino};
    if (found.size() >= kMostFiles) break;
  }
  return found;
}

std::map<std::string, StoredFiles::State> StoredFiles::fresh() const {
  std::map<std::string, State> now = list();
  for (const auto& [path, state] : before_)
    if (const auto same = now.find(path); same != now.end() && same->second == state)
      now.erase(same);
  return now;
}

bool StoredFiles::any_is(std::string_view content) const {
  for (const auto& [path, state] : fresh())
    if (static_cast<std::size_t>(state.size) == content.size() && read_bounded(path) == content)
      return true;
  return false;
}

std::string StoredFiles::newest() const {
  const auto all = fresh();
  const auto last =
      std::ranges::max_element(all, {}, [](const auto& entry) { return entry.second.changed; });
  return last == all.end() ? "" : read_bounded(last->first);
}

bool StoredFiles::any_holds(std::string_view part) const {
  for (const auto& [path, state] : fresh())
    if (read_bounded(path).find(part) != std::string::npos) return true;
  return false;
}

}  // namespace talk::clinic
