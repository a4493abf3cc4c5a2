#include "common/posix/spawn.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "common/posix/environment.h"
#include "common/posix/error.h"

extern char** environ;

namespace talk {
namespace {

class Inheritance {
 public:
  explicit Inheritance(std::initializer_list<Spawner::Given> given) {
    ::posix_spawn_file_actions_init(&actions_);
    for (const auto& [ours, theirs] : given)
      ::posix_spawn_file_actions_adddup2(&actions_, ours, theirs);
  }
  ~Inheritance() { ::posix_spawn_file_actions_destroy(&actions_); }
  Inheritance(const Inheritance&) = delete;
  Inheritance& operator=(const Inheritance&) = delete;

  const posix_spawn_file_actions_t* actions() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

// What exec wants of the words. It does not change them, whatever its type says.
std::vector<char*> pointers(Spawner::Words lists) {
  std::vector<char*> result;
  for (const std::span<const std::string> words : lists)
    for (const std::string& word : words) result.push_back(const_cast<char*>(word.c_str()));
  result.push_back(nullptr);
  return result;
}

bool is_program(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) &&
         ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

Spawner::Spawner(Group group) {
  // Ignored signals are inherited through exec: every one is set back.
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
#ifdef __GLIBC__
  std::memset(&all, 0xff, sizeof all);  // its own two as well, or posix_spawn leaves them ignored
#endif
  sigemptyset(&none);
  ::posix_spawnattr_init(&attributes_);
  ::posix_spawnattr_setsigdefault(&attributes_, &all);
  ::posix_spawnattr_setsigmask(&attributes_, &none);
  short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
  if (group == Group::own) {
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    flags |= POSIX_SPAWN_SETPGROUP;
  }
  ::posix_spawnattr_setflags(&attributes_, flags);
}

Spawner::~Spawner() { ::posix_spawnattr_destroy(&attributes_); }

pid_t Spawner::start(const std::string& path, Words arguments, Words environment,
                     std::initializer_list<Given> given) const {
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(environment);
  const Inheritance inheritance(given);
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, path.c_str(), inheritance.actions(), &attributes_,
                                  argv.data(), envp.data());
  if (error != 0) throw_error(error, "start " + path);
  return pid;
}

std::vector<std::string> own_environment() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable)
    variables.emplace_back(*variable);
  return variables;
}

std::string find_program(const std::string& name) {
  const auto found = [](const std::string& path) {
    return std::filesystem::absolute(path).string();
  };
  if (name.find('/') != std::string::npos) return is_program(name) ? found(name) : "";
  const std::string path = environment("PATH", "/usr/local/bin:/usr/bin:/bin") + ':';
  for (std::size_t start = 0, end; (end = path.find(':', start)) != std::string::npos;
       start = end + 1) {
    const std::string directory = path.substr(start, end - start);
    const std::string candidate = (directory.empty() ? "." : directory) + "/" + name;
    if (is_program(candidate)) return found(candidate);
  }
  return "";
}

}  // namespace talk
