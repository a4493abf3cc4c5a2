#include "talk_server/listener.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>

#include "common/posix/address.h"
#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/log.h"
#include "common/posix/wait_set.h"

namespace talk {
namespace {

constexpr int kAcceptsAtATime = 16;  // then those that ended are collected
constexpr milliseconds kPause{100};
constexpr seconds kPauseLogged{60};
constexpr seconds kStopTime{3};

std::string session(std::uint64_t number) { return "session " + std::to_string(number); }

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return " signal=" + std::to_string(WTERMSIG(status));
  return " exit=" + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Listener::Listener(OwnedFd socket, Launcher launcher, SessionTable::Limits limits, Signals& signals)
    : socket_(std::move(socket)),
      launcher_(std::move(launcher)),
      sessions_(limits),
      signals_(signals) {}

void Listener::run() {
  while (!stop_asked()) {
    WaitSet wait;
    const Time now = Clock::now();
    if (paused_until_ && now >= *paused_until_) paused_until_.reset();
    wait.wake_by(paused_until_);
    if (!sessions_.full() && !paused_until_) wait.want_read(socket_.get());
    wait.wait(signals_.wait_mask());
    if (wait.can_read(socket_.get())) accept_some(Clock::now());
    if (signals_.take(SIGCHLD)) collect();
  }
  stop();
}

bool Listener::stop_asked() {
  bool asked = false;
  for (const int signal : {SIGINT, SIGTERM, SIGQUIT}) asked |= signals_.take(signal);
  return asked;
}

void Listener::accept_some(Time now) {
  for (int i = 0; i < kAcceptsAtATime && !sessions_.full(); ++i) {
    sockaddr_storage raw{};
    socklen_t size = sizeof raw;
    OwnedFd visitor(::accept(socket_.get(), reinterpret_cast<sockaddr*>(&raw), &size));
    if (!visitor) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        no_descriptors(errno, now);
      else if (errno != EAGAIN && errno != EWOULDBLOCK && errno != ECONNABORTED && errno != EINTR)
        log_event("accept failed: " + error_text(errno));
      return;
    }
    ::fcntl(visitor.get(), F_SETFD, FD_CLOEXEC);
    ::fcntl(visitor.get(), F_SETFL,
            0);  // some systems inherit O_NONBLOCK; the contract is blocking
    admit(std::move(visitor), address_of(raw));
  }
}

void Listener::admit(OwnedFd visitor, const Address& remote) {
  if (sessions_.host_full(remote.ip)) {
    send_some(visitor.get(), "ERROR: too many sessions from your address\r\n");
    ::shutdown(visitor.get(), SHUT_RDWR);
    log_event("refused peer=" + to_text(remote) +
              " reason=\"too many sessions from this address\"");
    return;
  }
  const std::uint64_t number = sessions_.next_number();
  try {
    const Address local = local_address(visitor.get());
    const pid_t pid = launcher_.start({visitor.get(), number, local, remote});
    sessions_.began(pid, {number, remote.ip});
    log_event(session(number) + " opened peer=" + to_text(remote) + " pid=" + std::to_string(pid));
  } catch (const std::exception& error) {
    send_some(visitor.get(), "ERROR: the server cannot start a session\r\n");
    ::shutdown(visitor.get(), SHUT_RDWR);
    log_event(session(number) + " failed peer=" + to_text(remote) + " reason=\"" + error.what() +
              "\"");
  }
}

void Listener::no_descriptors(int error, Time now) {
  paused_until_ = now + kPause;
  if (pause_logged_at_ && now < *pause_logged_at_ + kPauseLogged) return;
  pause_logged_at_ = now;
  log_event("accept paused: " + error_text(error));
}

void Listener::collect() {
  int status = 0;
  for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    const auto ended = sessions_.ended(pid);
    if (ended) log_event(session(ended->number) + " closed" + how_it_ended(status));
  }
}

void Listener::stop() {
  socket_.reset();
  log_event("stopping sessions=" + std::to_string(sessions_.size()));
  for (const long pid : sessions_.pids()) ::kill(static_cast<pid_t>(-pid), SIGTERM);
  const Time deadline = Clock::now() + kStopTime;
  collect();
  while (sessions_.size() != 0 && Clock::now() < deadline) {
    WaitSet wait;
    wait.wake_by(deadline);
    wait.wait(signals_.wait_mask());
    collect();
  }
  for (const long pid : sessions_.pids()) ::kill(static_cast<pid_t>(-pid), SIGKILL);
  for (const long pid : sessions_.pids()) ::waitpid(static_cast<pid_t>(pid), nullptr, 0);
}

}  // namespace talk
