#include "talk_server/listener.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>

#include "common/posix/address.h"
#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/log.h"
#include "common/posix/tcp_gauge.h"
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

// One line, and the end. What the visitor has sent is not read, so the end may be a reset.
void turn_away(int visitor, const std::string& reason) {
  send_some(visitor, "ERROR: " + reason + "\r\n");
  ::shutdown(visitor, SHUT_RDWR);
}

// A handler that has greeted had its window, however soon that was closed again.
bool has_spoken(int visitor) {
  const std::optional<TcpReading> reading = read_tcp(visitor);
  return reading && (reading->acknowledged > 1 || reading->queued > 0);
}

}  // namespace

Listener::Listener(OwnedFd socket, const Launcher& launcher, const Options& options,
                   Signals& signals)
    : socket_(std::move(socket)),
      launcher_(launcher),
      sessions_(options.limits),
      watch_windows_(options.watch_windows),
      signals_(signals) {}

void Listener::run() {
  while (!stop_asked()) {
    WaitSet wait;
    wait.wake_by(paused_until_);
    wait.wake_by(windows_.next_look(Clock::now()));
    if (!sessions_.full() && !paused_until_) wait.want_read(socket_.get());
    wait.wait(signals_.wait_mask());
    const Time now = Clock::now();
    if (signals_.take(SIGCHLD)) collect();
    give_up_windows(now);
    if (paused_until_ && now >= *paused_until_) paused_until_.reset();
    if (wait.can_read(socket_.get())) accept_some(now);
  }
  stop();
}

bool Listener::stop_asked() {
  bool asked = false;
  for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGHUP}) asked |= signals_.take(signal);
  return asked;
}

void Listener::accept_some(Time now) {
  std::vector<Arrival> arrivals;
  for (int i = 0; i < kAcceptsAtATime && !sessions_.full(); ++i) {
    Address remote;
    OwnedFd visitor = accept_one(remote);
    if (!visitor) {
      accept_failed(errno, now);
      break;
    }
    if (sessions_.host_full(remote.ip)) {
      refuse(visitor.get(), remote);
      continue;
    }
    arrivals.push_back({std::move(visitor), remote, {sessions_.next_number(), remote.ip}, -1, {}});
    sessions_.admitted(arrivals.back().entry);
  }
  // A process that starts another waits until that one runs its program; meanwhile the next can be
  // started.
  parallel_.for_each(arrivals.size(), [&](std::size_t i) { start(arrivals[i]); });
  for (Arrival& arrival : arrivals) started(arrival, now);
}

// The connection, close-on-exec and blocking as the contract has it; or none, and errno.
OwnedFd Listener::accept_one(Address& remote) {
  sockaddr_storage raw{};
  socklen_t size = sizeof raw;
  auto* const address = reinterpret_cast<sockaddr*>(&raw);
#ifdef __linux__
  OwnedFd visitor(::accept4(socket_.get(), address, &size, SOCK_CLOEXEC));
#else
  OwnedFd visitor(::accept(socket_.get(), address, &size));
  if (visitor) {
    ::fcntl(visitor.get(), F_SETFD, FD_CLOEXEC);
    ::fcntl(visitor.get(), F_SETFL, 0);  // O_NONBLOCK may have been inherited
  }
#endif
  if (visitor) remote = address_of(raw);
  return visitor;
}

// A visitor who is gone before being accepted is no event.
void Listener::accept_failed(int error, Time now) {
  if (error == EAGAIN || error == EWOULDBLOCK || error == ECONNABORTED || error == EINTR) return;
  paused_until_ = now + kPause;
  if (pause_logged_at_ && now < *pause_logged_at_ + kPauseLogged) return;
  pause_logged_at_ = now;
  log_event("accept paused reason=\"" + error_text(error) + "\"");
}

void Listener::refuse(int visitor, const Address& remote) {
  turn_away(visitor, "too many sessions from your address");
  log_event("refused peer=" + to_text(remote) + " reason=\"too many sessions from this address\"");
}

// In any thread.
void Listener::start(Arrival& arrival) const {
  const int visitor = arrival.visitor.get();
  try {
    arrival.pid =
        launcher_.start({visitor, arrival.entry.number, local_address(visitor), arrival.remote});
  } catch (const std::exception& error) {
    arrival.problem = error.what();
  }
}

void Listener::started(Arrival& arrival, Time now) {
  const std::string name = session(arrival.entry.number);
  const std::string peer = " peer=" + to_text(arrival.remote);
  if (arrival.pid < 0) {
    sessions_.failed(arrival.entry);
    turn_away(arrival.visitor.get(), "the server cannot start a session");
    log_event(name + " failed" + peer + " reason=\"" + arrival.problem + "\"");
    return;
  }
  sessions_.began(arrival.pid, arrival.entry);
  log_event(name + " opened" + peer + " pid=" + std::to_string(arrival.pid));
  if (watch_windows_) windows_.add(arrival.pid, std::move(arrival.visitor), now);
}

void Listener::collect() {
  int status = 0;
  for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    const OwnedFd without_window = windows_.take(pid);
    if (const auto entry = sessions_.ended(pid)) ended(*entry, status, without_window);
  }
}

void Listener::ended(const SessionTable::Entry& entry, int status, const OwnedFd& without_window) {
  const bool failed = without_window && WIFEXITED(status) && WEXITSTATUS(status) != 0 &&
                      !has_spoken(without_window.get());
  if (failed) turn_away(without_window.get(), "the server cannot open a window for you");
  log_event(session(entry.number) + " closed" + how_it_ended(status) +
            (failed ? " reason=\"no window could be opened\"" : ""));
}

// The process is a session's until it is collected; only its visitor has been let go.
void Listener::give_up_windows(Time now) {
  for (const auto& [pid, visitor] : windows_.take_overdue(now)) {
    turn_away(visitor.get(), "the server cannot open a window for you");
    log_event(session(sessions_.number_of(pid)) + " given up reason=\"no window within " +
              std::to_string(WindowWatch::kPatience.count()) + " s\"");
    ::kill(-pid, SIGKILL);
  }
}

// A handler that is told itself can say why it leaves, and its window closes behind it; from a
// terminal that is told it would only hear of a closed window.
void Listener::tell_to_stop(pid_t pid) const {
  const std::vector<pid_t> handlers =
      watch_windows_ ? programs_in(pid).value_or(std::vector<pid_t>{}) : std::vector<pid_t>{};
  for (const pid_t handler : handlers) ::kill(handler, SIGTERM);
  if (handlers.empty()) ::kill(-pid, SIGTERM);
}

void Listener::stop() {
  socket_.reset();
  log_event("stopping sessions=" + std::to_string(sessions_.size()));
  for (const long pid : sessions_.pids()) tell_to_stop(static_cast<pid_t>(pid));
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
