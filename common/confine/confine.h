// What a process gives up for good before it reads a stranger's first byte: whoever takes it over
// afterwards has no more than what it needs for its work. Where a system has no means for that, the
// process runs without.
#pragma once

#include <string>
#include <vector>

namespace talk {

enum class Confine {
  automatic,  // as far as the system can
  require,    // or not at all
  off,        // for debugging
};

// "auto", "require" or "off". Throws UsageError naming `option`.
Confine parse_confine(const std::string& option, const std::string& value);

// What is left to the process. It always keeps the descriptors that it has, its memory and the
// clock; it never starts a program, makes or connects a socket, or reaches another process.
struct Rights {
  enum class Files { none, read, write };
  Files files = Files::none;   // what it may open them for
  bool copies_itself = false;  // by fork()
  bool talks = false;  // has a thread and a terminal, takes connections at a socket that it has,
                       // and receives descriptors there
  std::vector<std::string> readable = {};  // files, and all that is below directories
  std::vector<std::string> writable = {};  // all that is below these directories; read as well
};

// In a process of one thread, for all that it starts later. Throws std::runtime_error where it is
// required and cannot be done.
void confine(const Rights& rights, Confine how);

// What this system lacks for it, in words; empty where nothing.
std::string confinement_lacks();

}  // namespace talk
