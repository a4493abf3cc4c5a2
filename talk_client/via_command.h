// --via COMMAND: talk goes through a program's standard input and output instead of a socket of
// this program's own: ssh, openssl s_client, whatever leads there. No shell is run.
#pragma once

#include <sys/types.h>

#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"

namespace talk {

// The words of the option. Throws UsageError: none, a quote that is not closed, a `%` that means
// nothing.
std::vector<std::string> via_words(const std::string& option);

// `words` with %h, %p and %% filled in; each stays one word, whatever is in it. Throws UsageError
// where HOST or PORT could be taken for an option.
std::vector<std::string> via_command(const std::vector<std::string>& words, const std::string& host,
                                     const std::string& port);

class ViaCommand {
 public:
  // Starts it, in this program's process group: a command may ask at the terminal for a password.
  // Throws std::runtime_error where there is no such program.
  explicit ViaCommand(const std::vector<std::string>& command);
  // It gets the end of its input, and signals where that is not enough; it is reaped here.
  ~ViaCommand();
  ViaCommand(const ViaCommand&) = delete;
  ViaCommand& operator=(const ViaCommand&) = delete;

  // Our end of a socket pair; may be taken once.
  OwnedFd take_socket() { return std::move(socket_); }

  // Why it ended, where it did so by itself and not well: "ssh ended with exit code 255: Permission
  // denied", the rest being the last words of its standard error. Empty where it runs (it is given
  // until then to end), or ended well.
  std::string parting(Time until);

 private:
  bool ended(Time until);
  void keep_last_words();

  std::string name_;
  OwnedFd socket_;
  OwnedFd errors_;     // its standard error
  OwnedFd wake_read_;  // readable once nobody wants its last words any more
  OwnedFd wake_write_;
  pid_t pid_ = -1;
  std::optional<int> status_;
  std::mutex mutex_;
  std::string last_words_;
  // It reads all the time: a command that says much must not wait.
  std::thread keeper_;
};

}  // namespace talk
