#include "talk_server/listener.h"

#include <sys/wait.h>
#include <unistd.h>

#include "common/posix/address.h"
#include "common/posix/log.h"
#include "common/posix/tcp_gauge.h"
#include "common/posix/wait_set.h"
#include "talk_server/session_process.h"
#include "talk_server/turn_away.h"

namespace talk {
namespace {

constexpr int kAcceptsAtATime = 16;  // then those that ended are collected
constexpr seconds kStopTime{3};
constexpr milliseconds kReapTime{100};  // for what was killed

std::string session(std::uint64_t number) { return "session " + std::to_string(number); }

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return " signal=" + std::to_string(WTERMSIG(status));
  return " exit=" + std::to_string(WEXITSTATUS(status));
}

// A handler that has greeted had its window, however soon that was closed again.
bool has_spoken(int visitor) {
  const std::optional<TcpReading> reading = read_tcp(visitor);
  return reading && (reading->acknowledged > 1 || reading->queued > 0);
}

}  // namespace

Listener::Listener(OwnedFd socket, const Launcher& launcher, const Options& options,
                   Signals& signals)
    : acceptor_(std::move(socket)),
      launcher_(launcher),
      sessions_(options.limits),
      watch_windows_(options.watch_windows),
      signals_(signals) {}

void Listener::run() {
  while (!stop_asked()) {
    WaitSet wait;
    Time now = Clock::now();
    wait.wake_by(windows_.next_look(now));
    if (!sessions_.full()) acceptor_->watch(wait, now);
    wait.wait(signals_.wait_mask());
    now = Clock::now();
    if (signals_.take(SIGCHLD)) collect();
    give_up_windows(now);
    if (acceptor_->has_visitor(wait)) accept_some(now);
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
    std::optional<Acceptor::Visitor> visitor = acceptor_->accept(now);
    if (!visitor) break;
    if (sessions_.host_full(visitor->address.ip)) {
      refuse(*visitor);
      continue;
    }
    const SessionTable::Entry entry{sessions_.next_number(), visitor->address.ip};
    sessions_.admitted(entry);
    arrivals.push_back({std::move(*visitor), entry, -1, {}});
  }
  parallel_.for_each(arrivals.size(), [&](std::size_t i) { start(arrivals[i]); });
  for (Arrival& arrival : arrivals) started(arrival, now);
}

void Listener::refuse(const Acceptor::Visitor& visitor) const {
  turn_away(visitor.socket.get(), "too many sessions from your address");
  log_event("refused peer=" + to_text(visitor.address) +
            " reason=\"too many sessions from this address\"");
}

// In any thread.
void Listener::start(Arrival& arrival) const {
  const int socket = arrival.visitor.socket.get();
  try {
    arrival.pid = launcher_.start(
        {socket, arrival.entry.number, local_address(socket), arrival.visitor.address});
  } catch (const std::exception& error) {
    arrival.problem = error.what();
  }
}

void Listener::started(Arrival& arrival, Time now) {
  const std::string name = session(arrival.entry.number);
  const std::string peer = " peer=" + to_text(arrival.visitor.address);
  if (arrival.pid < 0) {
    sessions_.failed(arrival.entry);
    turn_away(arrival.visitor.socket.get(), "the server cannot start a session");
    log_event(name + " failed" + peer + " reason=\"" + arrival.problem + "\"");
    return;
  }
  sessions_.began(arrival.pid, arrival.entry);
  log_event(name + " opened" + peer + " pid=" + std::to_string(arrival.pid));
  if (watch_windows_) windows_.add(arrival.pid, std::move(arrival.visitor.socket), now);
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
  if (failed) turn_away(without_window.get(), kNoWindow);
  log_event(session(entry.number) + " closed" + how_it_ended(status) +
            (failed ? " reason=\"no window could be opened\"" : ""));
}

// The process is a session's until it is collected; only its visitor has been let go.
void Listener::give_up_windows(Time now) {
  for (const auto& [pid, visitor] : windows_.take_overdue(now)) {
    turn_away(visitor.get(), kNoWindow);
    log_event(session(sessions_.number_of(pid)) + " given up reason=\"no window within " +
              std::to_string(WindowWatch::kPatience.count()) + " s\"");
    kill_session(pid);
  }
}

void Listener::stop() {
  acceptor_.reset();
  log_event("stopping sessions=" + std::to_string(sessions_.size()));
  for (const pid_t pid : still_there()) strangers_.insert(pid);
  for (const long pid : sessions_.pids()) strangers_.erase(static_cast<pid_t>(pid));
  adopt_orphans();
  for (const long pid : sessions_.pids()) ask_to_end(static_cast<pid_t>(pid), watch_windows_);
  collect_until(Clock::now() + kStopTime);
  for (const pid_t pid : still_there()) kill_session(pid);
  collect_until(Clock::now() + kReapTime);
}

// The sessions, and what they have left behind.
std::vector<pid_t> Listener::still_there() const {
  std::vector<pid_t> processes;
  if (const auto children = children_of(::getpid())) {
    for (const pid_t pid : *children)
      if (strangers_.count(pid) == 0) processes.push_back(pid);
  } else {
    for (const long pid : sessions_.pids()) processes.push_back(static_cast<pid_t>(pid));
  }
  return processes;
}

void Listener::collect_until(Time deadline) {
  collect();
  while (!still_there().empty() && Clock::now() < deadline) {
    WaitSet wait;
    wait.wake_by(deadline);
    wait.wait(signals_.wait_mask());
    collect();
  }
}

}  // namespace talk
