#include "common/files/tree_walk.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>

#include "common/files/file_kind.h"
#include "common/files/file_name.h"
#include "common/files/own_files.h"
#include "common/posix/directory_entries.h"
#include "common/posix/error.h"

namespace talk {
namespace {

// Deeper than any name that may be sent (file_name.h); also bounds the open descriptors.
constexpr std::size_t kMaxDepth = 17;

TreeWalk::Entry problem(std::string name, std::string why) {
  TreeWalk::Entry entry;
  entry.name = std::move(name);
  entry.problem = std::move(why);
  return entry;
}

}  // namespace

TreeWalk::TreeWalk(OwnedFd root, const std::string& prefix, bool with_hidden, OwnFiles* files)
    : with_hidden_(with_hidden), files_(files) {
  first_problem_ = enter(std::move(root), prefix);
}

// Reads the names; what went wrong, if anything did.
std::optional<TreeWalk::Entry> TreeWalk::enter(OwnedFd directory, const std::string& prefix) {
  if (levels_.size() == kMaxDepth) return problem(prefix, "it lies too deep");
  if (!directory) return problem(prefix, error_text(errno));
  DirectoryEntries entries(OwnedFd(::fcntl(directory.get(), F_DUPFD_CLOEXEC, 0)));
  if (!entries) return problem(prefix, error_text(errno));
  Level level;
  while (const dirent* entry = entries.next()) {
    const std::string name = entry->d_name;
    if (is_partial_name(name)) continue;
    if (with_hidden_ || name[0] != '.') level.names.push_back(name);
  }
  std::sort(level.names.begin(), level.names.end());
  level.directory = std::move(directory);
  level.prefix = prefix;
  levels_.push_back(std::move(level));
  return std::nullopt;
}

std::optional<TreeWalk::Entry> TreeWalk::next() {
  if (first_problem_) return std::exchange(first_problem_, std::nullopt);
  while (!levels_.empty()) {
    Level& level = levels_.back();
    if (level.position == level.names.size()) {
      levels_.pop_back();
      continue;
    }
    const std::string& leaf = level.names[level.position++];
    Entry entry;
    entry.name = level.prefix.empty() ? leaf : level.prefix + "/" + leaf;
    const int here = level.directory.get();
    if (::fstatat(here, leaf.c_str(), &entry.status, AT_SYMLINK_NOFOLLOW) != 0)
      return problem(entry.name, error_text(errno));
    if (S_ISREG(entry.status.st_mode)) return entry;
    if (!S_ISDIR(entry.status.st_mode))
      return problem(entry.name, no_file_words(entry.status.st_mode));
    try {
      if (auto trouble = enter(open_in(here, leaf, O_DIRECTORY), entry.name)) return trouble;
    } catch (const std::system_error& error) {
      return problem(entry.name, error.code().message());
    } catch (const std::runtime_error& error) {
      return problem(entry.name, error.what());
    }
    if (levels_.back().names.empty()) return problem(entry.name, "it is an empty directory");
  }
  return std::nullopt;
}

OwnedFd TreeWalk::open_last() const {
  const Level& level = levels_.back();
  const std::string& leaf = level.names[level.position - 1];
  return open_in(level.directory.get(), leaf, O_NONBLOCK);
}

OwnedFd TreeWalk::open_in(int directory, const std::string& leaf, int flags) const {
  if (files_ != nullptr) return files_->open_in(directory, leaf);
  OwnedFd fd(
      ::openat(directory, leaf.c_str(), O_RDONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC | flags));
  if (!fd) throw_errno("open");
  return fd;
}

}  // namespace talk
