// Single reads and writes whose ordinary outcomes (moved, would block, end) are values, not errors.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "common/posix/clock.h"

namespace talk {

struct IoResult {
  enum class Kind { moved, would_block, end, failed };
  Kind kind = Kind::would_block;
  std::size_t count = 0;  // bytes moved
  int error = 0;          // errno where kind is failed

  bool moved() const { return kind == Kind::moved; }
  bool would_block() const { return kind == Kind::would_block; }
  bool end() const { return kind == Kind::end; }
  bool failed() const { return kind == Kind::failed; }
};

// Sockets: never wait, whatever the descriptor's own mode is (it may be shared with a terminal
// program, so its O_NONBLOCK is left alone), and never raise SIGPIPE.
IoResult receive_some(int socket, std::span<char> room);
IoResult send_some(int socket, std::string_view bytes);

// Terminals, pipes and files: call when the wait said that they are ready. A write moves at most
// PIPE_BUF bytes, which a pipe that is ready is sure to take without waiting.
IoResult read_some(int fd, std::span<char> room);
IoResult write_some(int fd, std::string_view bytes);

// Where nothing else is waited for. `events` are poll()'s. False: not ready by the deadline.
bool ready_by(int fd, short events, Time deadline);

// Waits until all is written; throws std::system_error naming `doing`.
void write_all(int fd, std::string_view bytes, const std::string& doing);

}  // namespace talk
