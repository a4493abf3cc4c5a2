#include "common/confine/landlock.h"

#ifdef __linux__
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "common/posix/owned_fd.h"
#endif

namespace talk {

#ifdef __linux__
namespace {

// The kernel's interface, version 6, by its own words (linux/landlock.h): the header of the system
// that this is built on may know less than the kernel that it runs on.
constexpr std::uint64_t kExecute = 1 << 0;
constexpr std::uint64_t kWriteFile = 1 << 1;
constexpr std::uint64_t kReadFile = 1 << 2;
constexpr std::uint64_t kReadDirectory = 1 << 3;
constexpr std::uint64_t kRemoveDirectory = 1 << 4;
constexpr std::uint64_t kRemoveFile = 1 << 5;
constexpr std::uint64_t kMakeDevice = 1 << 6;
constexpr std::uint64_t kMakeDirectory = 1 << 7;
constexpr std::uint64_t kMakeFile = 1 << 8;
constexpr std::uint64_t kMakeOthers = 1 << 9 | 1 << 10 | 1 << 11 | 1 << 12;  // sockets, links…
constexpr std::uint64_t kRefer = 1 << 13;                                    // since version 2
constexpr std::uint64_t kTruncate = 1 << 14;                                 // 3
constexpr std::uint64_t kIoctl = 1 << 15;                                    // 5
constexpr std::uint64_t kTcp = 1 << 0 | 1 << 1;                              // bind, connect: 4
constexpr std::uint64_t kScopes = 1 << 0 | 1 << 1;  // abstract sockets, signals: 6

constexpr std::uint64_t kOfFiles = kExecute | kWriteFile | kReadFile | kTruncate | kIoctl;
constexpr std::uint64_t kToRead = kReadFile | kReadDirectory;
constexpr std::uint64_t kToWrite = kToRead | kWriteFile | kTruncate | kMakeFile | kMakeDirectory |
                                   kRemoveFile | kRemoveDirectory | kRefer;

struct Ruleset {
  std::uint64_t files = 0;
  std::uint64_t net = 0;
  std::uint64_t scopes = 0;
};

struct [[gnu::packed]] Beneath {
  std::uint64_t allowed = 0;
  std::int32_t parent = -1;
};

constexpr long kCreateRuleset = 444;  // the same number on every processor
constexpr long kAddRule = 445;
constexpr long kRestrictSelf = 446;

int version() {
  constexpr unsigned kAskVersion = 1;
  return static_cast<int>(::syscall(kCreateRuleset, nullptr, 0, kAskVersion));
}

// What a kernel of that version can refuse: all of it is, but for what a rule lets through.
Ruleset all_of(int version) {
  Ruleset ruleset;
  ruleset.files = kOfFiles | kToWrite | kMakeDevice | kMakeOthers;
  if (version < 2) ruleset.files &= ~kRefer;
  if (version < 3) ruleset.files &= ~kTruncate;
  if (version < 5) ruleset.files &= ~kIoctl;
  if (version >= 4) ruleset.net = kTcp;
  if (version >= 6) ruleset.scopes = kScopes;
  return ruleset;
}

// What is not there needs no rule. A file bears the rights of a file only.
void allow(int ruleset, const std::string& path, std::uint64_t rights) {
  constexpr int kPathBeneath = 1;
  const OwnedFd place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (!place) return;
  Beneath rule{rights, place.get()};
  if (::syscall(kAddRule, ruleset, kPathBeneath, &rule, 0) == 0 || errno != EINVAL) return;
  rule.allowed &= kOfFiles;
  ::syscall(kAddRule, ruleset, kPathBeneath, &rule, 0);
}

}  // namespace

bool can_confine_files() { return version() >= 1; }

bool confine_files(const Rights& rights) {
  const Ruleset all = all_of(version());
  // An older kernel takes a longer structure whose end is zero.
  const OwnedFd ruleset(static_cast<int>(::syscall(kCreateRuleset, &all, sizeof all, 0)));
  if (!ruleset) return false;
  for (const std::string& path : rights.readable) allow(ruleset.get(), path, all.files & kToRead);
  for (const std::string& path : rights.writable) allow(ruleset.get(), path, all.files & kToWrite);
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::syscall(kRestrictSelf, ruleset.get(), 0) == 0;
}

#else

bool can_confine_files() { return false; }

bool confine_files(const Rights&) { return false; }

#endif

}  // namespace talk
