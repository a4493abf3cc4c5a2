// Starts other people's programs and our own, with the whole checklist of what they inherit: the
// standard three descriptors and those that are named, default signals of which none is blocked,
// and exactly the environment that is given.
#pragma once

#include <spawn.h>
#include <sys/types.h>

#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace talk {

class Spawner {
 public:
  // A group of its own keeps a ^C at this process's terminal from the program, and can be killed as
  // a whole; in a window the program belongs to the group that the terminal has in its foreground.
  enum class Group { own, inherited };
  explicit Spawner(Group group);
  ~Spawner();
  Spawner(const Spawner&) = delete;
  Spawner& operator=(const Spawner&) = delete;

  // Lists of words, taken one behind the other.
  using Words = std::initializer_list<std::span<const std::string>>;

  // A descriptor of this process, and the number that it has in the program.
  struct Given {
    int ours;
    int theirs;
  };

  // Starts the program at `path`; the first of the arguments is the name it is called by. Of all
  // the descriptors that are close-on-exec, the given ones alone are inherited.
  // May be called in several threads at once. Throws std::system_error.
  pid_t start(const std::string& path, Words arguments, Words environment,
              std::initializer_list<Given> given = {}) const;

 private:
  posix_spawnattr_t attributes_;
};

// This process's own, "NAME=value".
std::vector<std::string> own_environment();

// The absolute path of a program, looked up in PATH as a shell does; empty where there is none.
std::string find_program(const std::string& name);

}  // namespace talk
