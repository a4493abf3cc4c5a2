#include "common/files/own_files.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "common/files/file_kind.h"
#include "common/files/named_paths.h"
#include "common/posix/error.h"

namespace talk {
namespace {

constexpr int kRead = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
constexpr std::size_t kMostListed = 10'000;

// Looked at before it is opened, for opening a device can do something; what was looked at is what
// is opened.
class Found {
 public:
#ifdef O_PATH
  Found(int directory, const std::string& path, int flags)
      : place_(::openat(directory, path.c_str(), O_PATH | O_CLOEXEC | flags)),
        again_("/proc/self/fd/" + std::to_string(place_.get())),
        directory_(directory),
        typed_(path),
        flags_(flags) {
    if (!place_ || ::fstat(place_.get(), &status_) != 0) throw_errno("open");
  }
  std::string path() const {
    char name[PATH_MAX];
    const ssize_t size = ::readlink(again_.c_str(), name, sizeof name);
    if (size > 0) return {name, static_cast<std::size_t>(size)};
    if (directory_ != AT_FDCWD || ::realpath(typed_.c_str(), name) == nullptr) throw_errno("open");
    return name;  // there is no /proc
  }
  OwnedFd open() const {
    OwnedFd fd(::open(again_.c_str(), kRead));
    if (fd || errno != ENOENT) return fd;
    fd.reset(::openat(directory_, typed_.c_str(), kRead | flags_));  // there is no /proc
    struct stat opened {};
    if (fd && ::fstat(fd.get(), &opened) == 0 && opened.st_dev == status_.st_dev &&
        opened.st_ino == status_.st_ino)
      return fd;
    if (fd) errno = ESTALE;
    return OwnedFd();
  }

 private:
  OwnedFd place_;
  std::string again_;
  int directory_;
  std::string typed_;
  int flags_;
#else
  Found(int directory, const std::string& path, int flags)
      : directory_(directory), again_(path), flags_(flags) {
    const int how = (flags & O_NOFOLLOW) != 0 ? AT_SYMLINK_NOFOLLOW : 0;
    if (::fstatat(directory, path.c_str(), &status_, how) != 0) throw_errno("open");
  }
  std::string path() const {
    char name[PATH_MAX];
    if (::realpath(again_.c_str(), name) == nullptr) throw_errno("open");
    return name;
  }
  OwnedFd open() const { return OwnedFd(::openat(directory_, again_.c_str(), kRead | flags_)); }

 private:
  int directory_;
  std::string again_;
  int flags_;
#endif

 public:
  mode_t mode() const { return status_.st_mode; }
  bool can_be_sent() const { return S_ISREG(mode()) || S_ISDIR(mode()); }

 private:
  struct stat status_ {};
};

class DirectFiles : public OwnFiles {
 public:
  explicit DirectFiles(SendRule rule) : rule_(std::move(rule)) {}

  OwnedFd open(const std::string& path) override { return open_found(AT_FDCWD, path, 0); }
  OwnedFd open_in(int directory, const std::string& name) override {
    if (name.find('/') != std::string::npos) throw_error(EINVAL, "open");
    return open_found(directory, name, O_NOFOLLOW);
  }

  // What a pattern matches is seen only where it could be sent.
  std::vector<std::string> named(const std::vector<std::string>& words,
                                 const std::string& text) override {
    std::vector<std::string> paths = named_paths(words, text);
    if (rule_.everywhere) return paths;
    std::erase_if(paths, [&](const std::string& path) {
      const bool typed = path == text || std::find(words.begin(), words.end(), path) != words.end();
      return !typed && !refusal(path).empty();
    });
    return paths.empty() ? words : paths;
  }

  std::vector<std::string> list(const std::string& directory) override {
    std::vector<std::string> names;
    if (!refusal(directory).empty()) return names;
    std::error_code error;
    for (std::filesystem::directory_iterator it(directory, error), end; !error && it != end;
         it.increment(error)) {
      std::error_code unknown;
      names.push_back(it->path().filename().string() + (it->is_directory(unknown) ? "/" : ""));
      if (names.size() == kMostListed) break;
    }
    return names;
  }

 private:
  std::string refusal(const std::string& path) const {
    std::error_code error;
    const std::filesystem::path real = std::filesystem::canonical(path, error);
    return error ? error.message() : rule_.refusal(real.native());
  }

  OwnedFd open_found(int directory, const std::string& path, int flags) const {
    const Found found(directory, path, flags);
    const std::string refusal = rule_.everywhere ? "" : rule_.refusal(found.path());
    if (!refusal.empty()) throw std::runtime_error(refusal);
    if (!found.can_be_sent()) throw std::runtime_error(no_file_words(found.mode()));
    OwnedFd fd = found.open();
    if (!fd) throw_errno("open");
    return fd;
  }

  SendRule rule_;
};

class MonitoredFiles : public OwnFiles {
 public:
  explicit MonitoredFiles(Monitor& monitor) : monitor_(monitor) {}

  OwnedFd open(const std::string& path) override { return monitor_.ask("open", {path}).descriptor; }
  OwnedFd open_in(int directory, const std::string& name) override {
    return monitor_.ask("open in", {name}, directory).descriptor;
  }
  std::vector<std::string> named(const std::vector<std::string>& words,
                                 const std::string& text) override {
    std::vector<std::string> asked = {text};
    asked.insert(asked.end(), words.begin(), words.end());
    return words_of("named", asked).value_or(words);
  }
  std::vector<std::string> list(const std::string& directory) override {
    return words_of("list", {directory}).value_or(std::vector<std::string>());
  }

 private:
  // Nothing where there is no monitor any more: opening will say so.
  std::optional<std::vector<std::string>> words_of(const std::string& deed,
                                                   const std::vector<std::string>& words) {
    try {
      return monitor_.ask(deed, words).words;
    } catch (const std::exception&) {
      return std::nullopt;
    }
  }

  Monitor& monitor_;
};

const std::string& first(const PassedDescriptor& asked) {
  if (asked.words.empty()) throw_error(EINVAL, "ask the monitor");
  return asked.words.front();
}

}  // namespace

std::shared_ptr<OwnFiles> direct_files(SendRule rule) {
  return std::make_shared<DirectFiles>(std::move(rule));
}

std::shared_ptr<OwnFiles> monitored_files(Monitor& monitor) {
  return std::make_shared<MonitoredFiles>(monitor);
}

Monitor::Deeds file_deeds(const SendRule& rule) {
  const std::shared_ptr<OwnFiles> files = direct_files(rule);
  return {
      {"open",
       [files](const PassedDescriptor& asked) {
         return PassedDescriptor{files->open(first(asked))};
       }},
      {"open in",
       [files](const PassedDescriptor& asked) {
         return PassedDescriptor{files->open_in(asked.descriptor.get(), first(asked))};
       }},
      {"named",
       [files](const PassedDescriptor& asked) {
         const std::string text = first(asked);
         return PassedDescriptor{OwnedFd(),
                                 files->named({asked.words.begin() + 1, asked.words.end()}, text)};
       }},
      {"list",
       [files](const PassedDescriptor& asked) {
         return PassedDescriptor{OwnedFd(), files->list(first(asked))};
       }},
  };
}

}  // namespace talk
