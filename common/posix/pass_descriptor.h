// Gives an open descriptor, with some words about it, to a process that is no descendant: over a
// connected Unix socket (SCM_RIGHTS, unix(7)).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/posix/io.h"
#include "common/posix/owned_fd.h"

namespace talk {

struct PassedDescriptor {
  OwnedFd descriptor = {};              // close-on-exec
  std::vector<std::string> words = {};  // none holds a NUL
};

// The sender keeps its own copy. With -1 the words go alone. Throws std::system_error.
void send_descriptor(int socket, int descriptor, const std::vector<std::string>& words);

// Waits for all of it. Throws std::runtime_error where something else comes, or the end.
enum class Descriptor { must_be, may_be };
PassedDescriptor receive_descriptor(int socket, Descriptor expected = Descriptor::must_be);

// A line of a protocol of its own with a descriptor beside it, in one piece. The sender keeps its
// own copy. Throws std::system_error.
void send_with_descriptor(int socket, std::string_view bytes, int descriptor);

// What has come, without waiting, as receive_some() does; `descriptor` becomes one that came beside
// it, close-on-exec, and is left as it is where none did.
IoResult receive_with_descriptor(int socket, std::span<char> room, OwnedFd& descriptor);

}  // namespace talk
