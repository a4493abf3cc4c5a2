// The running commentary on stderr, of the listener and of sessions with nobody at the desk: one
// line an event. Nobody ever waits for it: what stderr cannot take now is left out and counted.
#pragma once

#include <limits.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"

namespace talk {

// Writes RFC 3339 time, a blank and `event`, in one write. A peer's text in it has gone through
// log_text(). Where stderr takes nothing, visitors are served all the same, and the next line that
// it takes is `log left out lines=N`.
void log_event(const std::string& event);

// Where the lines go: each comes whole, into a pipe in one piece.
class LogSink {
 public:
  // `fd` stays its owner's; so does its O_NONBLOCK, which whoever shares the description would
  // feel. The sink writes through a non-blocking description of its own where there is one to be
  // had (a pipe, a terminal), which does not wait even where another writer was quicker to fill
  // the pipe, or a person has stopped the terminal's output with ^S.
  explicit LogSink(int fd);

  // The one for stderr. A process that will not be able to open anything has it made before.
  static LogSink& standard_error();

  // `line` is at most kLongest bytes, its end included. Whether it was written.
  bool write(std::string_view line);

  // What a pipe takes as a whole.
  static constexpr std::size_t kLongest = PIPE_BUF;

 private:
  enum class Kind { socket, own_description, other };

  std::string_view send(std::string_view bytes) const;

  Kind kind_ = Kind::other;
  int fd_;
  OwnedFd own_;
  std::string rest_;  // of a line that a terminal took a part of
};

// What one visitor may put into the log: so many bytes at once and so many a second. Pure.
class LogAllowance {
 public:
  static constexpr std::size_t kAtOnce = std::size_t{256} << 10;  // some 2,500 received files
  static constexpr std::size_t kPerSecond = std::size_t{1} << 10;
  // Once it is used up nothing is taken until this much has gathered again: otherwise every second
  // line would be one about lines that were left out.
  static constexpr std::size_t kResume = std::size_t{16} << 10;

  explicit LogAllowance(Time now) : counted_at_(now) {}

  // Whether a line of that many bytes may be written; if so it is counted.
  bool take(std::size_t bytes, Time now);

 private:
  std::size_t left_ = kAtOnce;
  Time counted_at_;
  bool used_up_ = false;
};

// The log of events that visitors can bring about as often as they like.
class LimitedLog {
 public:
  // `subject` begins every line: "session 3".
  explicit LimitedLog(std::string subject);
  ~LimitedLog();
  LimitedLog(const LimitedLog&) = delete;
  LimitedLog& operator=(const LimitedLog&) = delete;

  // log_event("subject event"); beyond the allowance one line says that lines are left out, and a
  // later one how many they were.
  void event(const std::string& event);

 private:
  void say_left_out();

  std::string subject_;
  LogAllowance allowance_;
  std::uint64_t left_out_ = 0;
};

}  // namespace talk
