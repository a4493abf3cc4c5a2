#include "talk_client/via_command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "common/posix/error.h"
#include "common/posix/signals.h"
#include "common/posix/spawn.h"
#include "common/text/words.h"

namespace talk {
namespace {

constexpr std::size_t kLastWords = 1024;  // bytes
constexpr useconds_t kLook = 5'000;       // microseconds
constexpr milliseconds kGrace{500};       // to end by itself, and after SIGTERM

struct Pair {
  OwnedFd ours;
  OwnedFd theirs;
};

Pair close_on_exec(const int (&ends)[2]) {
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  return {OwnedFd(ends[0]), OwnedFd(ends[1])};
}

Pair make_socket_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) throw_errno("make a socket pair");
  return close_on_exec(ends);
}

Pair make_pipe() {
  int ends[2];
  if (::pipe(ends) != 0) throw_errno("make a pipe");
  return close_on_exec(ends);
}

pid_t start(const std::vector<std::string>& command, int stream, int errors) {
  const std::string program = find_program(command[0]);
  if (program.empty()) throw_error(ENOENT, "start '" + command[0] + "'");
  return Spawner(Spawner::Group::inherited)
      .start(program, {command}, {own_environment()},
             {{stream, STDIN_FILENO}, {stream, STDOUT_FILENO}, {errors, STDERR_FILENO}});
}

std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const std::size_t start = text.find_last_of("\r\n");
  return start == std::string::npos ? text : text.substr(start + 1);
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return " was ended by signal " + std::to_string(WTERMSIG(status));
  return " ended with exit code " + std::to_string(WEXITSTATUS(status));
}

std::string filled_in(const std::string& word, const std::string& host, const std::string& port) {
  std::string filled;
  for (std::size_t at = 0; at < word.size(); ++at) {
    if (word[at] != '%') {
      filled += word[at];
      continue;
    }
    const char sign = ++at < word.size() ? word[at] : '\0';
    if (sign != 'h' && sign != 'p' && sign != '%')
      throw UsageError("--via: in '" + word + "' a % is none of %h (HOST), %p (PORT), %%");
    filled += sign == 'h' ? host : sign == 'p' ? port : "%";
  }
  return filled;
}

}  // namespace

std::vector<std::string> via_words(const std::string& option) {
  auto words = split_words(option);
  if (!words) throw UsageError("--via has a quote that is not closed: " + option);
  if (words->empty()) throw UsageError("--via names no program");
  via_command(*words, "h", "1");
  return std::move(*words);
}

std::vector<std::string> via_command(const std::vector<std::string>& words, const std::string& host,
                                     const std::string& port) {
  if (host.starts_with('-') || port.starts_with('-'))
    throw UsageError("--via: HOST must not begin with '-', a program could take it for an option");
  std::vector<std::string> command;
  for (const std::string& word : words) command.push_back(filled_in(word, host, port));
  return command;
}

ViaCommand::ViaCommand(const std::vector<std::string>& command) : name_(command[0]) {
  Pair stream = make_socket_pair();
  Pair errors = make_pipe();
  Pair wake = make_pipe();
  pid_ = start(command, stream.theirs.get(), errors.theirs.get());
  socket_ = std::move(stream.ours);
  errors_ = std::move(errors.ours);
  wake_read_ = std::move(wake.ours);
  wake_write_ = std::move(wake.theirs);
  const AllSignalsBlocked blocked;  // they are the main thread's
  keeper_ = std::thread([this] { keep_last_words(); });
}

ViaCommand::~ViaCommand() {
  socket_.reset();
  for (const int signal : {0, SIGTERM, SIGKILL}) {
    if (signal != 0 && !status_) ::kill(pid_, signal);
    if (ended(signal == SIGKILL ? Time::max() : Clock::now() + kGrace)) break;
  }
  wake_write_.reset();
  if (keeper_.joinable()) keeper_.join();
}

bool ViaCommand::ended(Time until) {
  int status = 0;
  while (!status_) {
    const pid_t collected = ::waitpid(pid_, &status, WNOHANG);
    if (collected == pid_) status_ = status;
    if (collected < 0 && errno != EINTR) status_ = 0;  // somebody else collected it
    if (status_ || Clock::now() >= until) break;
    ::usleep(kLook);
  }
  return status_.has_value();
}

void ViaCommand::keep_last_words() {
  std::array<char, 4096> bytes;
  pollfd ready[] = {{errors_.get(), POLLIN, 0}, {wake_read_.get(), POLLIN, 0}};
  while (true) {
    if (::poll(ready, 2, -1) < 0 && errno != EINTR) return;
    if (ready[0].revents == 0 && ready[1].revents != 0) return;
    if (ready[0].revents == 0) continue;
    const ssize_t count = ::read(errors_.get(), bytes.data(), bytes.size());
    if (count <= 0) return;
    const std::lock_guard lock(mutex_);
    last_words_.append(bytes.data(), static_cast<std::size_t>(count));
    if (last_words_.size() > kLastWords) last_words_.erase(0, last_words_.size() - kLastWords);
  }
}

std::string ViaCommand::parting(Time until) {
  if (!ended(until) || *status_ == 0) return "";
  // What it said before it ended is in the pipe by now: it is read, unless others hold that open.
  wake_write_.reset();
  if (keeper_.joinable()) keeper_.join();
  const std::string words = last_line(last_words_);
  return name_ + how_it_ended(*status_) + (words.empty() ? "" : ": " + words);
}

}  // namespace talk
