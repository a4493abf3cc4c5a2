// What a confined process may still do (confine.h).
#pragma once

#include <string>
#include <vector>

namespace talk {

// What is left to the process. It always keeps the descriptors that it has, its memory and the
// clock; it never starts a program, makes or connects a socket, or reaches another process.
// What root has beyond other users it gives up, but for the way to other users' files.
struct Rights {
  enum class Files { none, read, write };
  Files files = Files::none;   // what it may open them for
  bool copies_itself = false;  // by fork()
  bool talks = false;     // has a thread and a terminal, takes connections at a socket that it has,
                          // and receives descriptors there
  bool monitors = false;  // receives and passes descriptors, and connects to Unix sockets
  std::vector<std::string> readable = {};  // files, and all that is below directories
  std::vector<std::string> writable = {};  // all that is below these directories; read as well
};

}  // namespace talk
