#include "common/confine/monitor.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <algorithm>
#include <cerrno>
#include <exception>
#include <utility>

#include "common/posix/close_others.h"
#include "common/posix/error.h"
#include "common/text/decimal.h"

namespace talk {
namespace {

// The first word of an answer.
constexpr char kDone[] = "done";
constexpr char kFailed[] = "failed";  // then the errno, 0 where there is none, and the words

PassedDescriptor failure(int error, std::string what) {
  // std::system_error puts the reason there again.
  const std::string reason = ": " + error_text(error);
  if (error != 0 && what.ends_with(reason)) what.erase(what.size() - reason.size());
  return {OwnedFd(), {kFailed, std::to_string(error), what}};
}

PassedDescriptor answer(const Monitor::Deeds& deeds, PassedDescriptor asked) {
  try {
    const auto deed = asked.words.empty() ? deeds.end() : deeds.find(asked.words.front());
    if (deed == deeds.end()) return failure(EPERM, "ask the monitor");
    asked.words.erase(asked.words.begin());
    PassedDescriptor done = deed->second(std::move(asked));
    done.words.insert(done.words.begin(), kDone);
    return done;
  } catch (const std::system_error& error) {
    return failure(error.code().value(), error.what());
  } catch (const std::exception& error) {
    return failure(0, error.what());
  }
}

// A ^C or ^Z is for the process that has the terminal.
void leave_terminal() {
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGPIPE})
    ::signal(signal, SIG_IGN);
  const OwnedFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO})
    if (null) ::dup2(null.get(), fd);
}

// Waits for the next word; false where the process has ended. (An exception would say so too, but
// the first that a process throws takes milliseconds.)
bool is_asked(int channel) {
  char next;
  ssize_t count;
  do {
    count = ::recv(channel, &next, sizeof next, MSG_PEEK);
  } while (count < 0 && errno == EINTR);
  return count > 0;
}

[[noreturn]] void serve(int channel, const Monitor::Deeds& deeds,
                        const std::function<void()>& give_up) {
  bool first = true;
  try {
    while (is_asked(channel)) {
      if (std::exchange(first, false) && give_up) give_up();
      const PassedDescriptor done = answer(deeds, receive_descriptor(channel, Descriptor::may_be));
      send_descriptor(channel, done.descriptor.get(), done.words);
    }
  } catch (const std::exception&) {
    // There is nobody any more to do anything for.
  }
  answer(deeds, {OwnedFd(), {Monitor::kEnd}});
  ::_exit(0);
}

}  // namespace

Monitor::Monitor(const Deeds& deeds, const std::function<void()>& give_up) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) throw_errno("start the monitor");
  channel_.reset(ends[0]);
  OwnedFd theirs(ends[1]);
  for (const int end : ends) ::fcntl(end, F_SETFD, FD_CLOEXEC);
  [[maybe_unused]] const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) throw_errno("start the monitor");
  if (pid_ > 0) return;
#ifdef __linux__
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(0);
#endif
  leave_terminal();
  close_others(theirs.get());
  serve(theirs.get(), deeds, give_up);
}

// It hears the end of the channel.
Monitor::~Monitor() {
  channel_.reset();
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

PassedDescriptor Monitor::ask(const std::string& deed, const std::vector<std::string>& words,
                              int descriptor) {
  std::vector<std::string> request = {deed};
  request.insert(request.end(), words.begin(), words.end());
  const std::lock_guard alone(asking_);
  send_descriptor(channel_.get(), descriptor, request);
  PassedDescriptor answer = receive_descriptor(channel_.get(), Descriptor::may_be);
  const std::size_t count = answer.words.size();
  if (count > 0 && answer.words[0] == kDone) {
    answer.words.erase(answer.words.begin());
    return answer;
  }
  const int error = count == 3 ? decimal<int>(answer.words[1]).value_or(EIO) : EIO;
  const std::string what = count == 3 ? answer.words[2] : "ask the monitor";
  if (error != 0) throw_error(error, what);
  throw std::runtime_error(what);
}

}  // namespace talk
