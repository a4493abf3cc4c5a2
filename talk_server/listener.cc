#include "talk_server/listener.h"

#include <sys/wait.h>

#include <algorithm>

#include "common/posix/address.h"
#include "common/posix/log.h"
#include "common/posix/tcp_gauge.h"
#include "common/posix/tcp_state.h"
#include "common/posix/wait_set.h"
#include "common/text/display.h"
#include "talk_server/session/turn_away.h"

namespace talk {
namespace {

constexpr int kAcceptsAtATime = 16;  // then those that ended are collected
constexpr milliseconds kLookForRoom{250};
constexpr seconds kStopTime{3};
// In which a window closes behind its talk, unless it stays to be read.
constexpr milliseconds kGoodbyeTime{1500};
constexpr milliseconds kReapTime{100};  // for what was killed
constexpr std::size_t kMostLookers = 16;
constexpr const char* kTooManyHere = "too many sessions from this address";

std::string session(std::uint64_t number) { return "session " + std::to_string(number); }

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status)) return " signal=" + std::to_string(WTERMSIG(status));
  return " exit=" + std::to_string(WEXITSTATUS(status));
}

std::string refusal(const std::string& peer, const std::string& reason) {
  return "peer=" + peer + " reason=\"" + reason + "\"";
}

// A handler that has greeted had its window, however soon that was closed again.
bool has_spoken(int visitor) {
  const std::optional<TcpReading> reading = read_tcp(visitor);
  return reading && (reading->acknowledged > 1 || reading->queued > 0);
}

}  // namespace

Listener::Listener(ListeningSockets listening, const Launcher& launcher, const Options& options,
                   std::unique_ptr<Registration> registration, Signals& signals)
    : acceptor_(std::move(listening)),
      launcher_(launcher),
      options_(options),
      sessions_(options.limits),
      registration_(std::move(registration)),
      signals_(signals) {
  if (registration_) registration_->hear_of_links([this](const LinkNews& news) { hear(news); });
}

void Listener::run() {
  while (!stop_asked()) {
    WaitSet wait;
    Time now = Clock::now();
    wait.wake_by(windows_.next_look(now));
    watch_backlog(wait, now);
    if (registration_) registration_->prepare(wait, now);
    wait.wait(signals_.wait_mask());
    now = Clock::now();
    if (signals_.take(SIGCHLD)) collect();
    give_up_windows(now);
    if (registration_) registration_->turn(wait, now);
    if (acceptor_->has_visitor(wait)) accept_some(now);
  }
  stop();
}

bool Listener::stop_asked() {
  bool asked = false;
  for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGHUP}) asked |= signals_.take(signal);
  return asked;
}

// Where all places are taken, room comes with a process that ends; with windows also with a talk
// that does, which its window tells only where it has lost its link: so somebody who waits makes
// the listener look, now and then.
void Listener::watch_backlog(WaitSet& wait, Time now) {
  const bool full = sessions_.full();
  if (full && !options_.windows) return;
  if (full && look_for_room_at_ && now < *look_for_room_at_)
    wait.wake_by(look_for_room_at_);
  else
    acceptor_->watch(wait, now);
}

void Listener::accept_some(Time now) {
  forget_ended_talks();
  if (sessions_.full()) look_for_room_at_ = now + kLookForRoom;
  std::vector<Arrival> arrivals;
  for (int i = 0; i < kAcceptsAtATime && !sessions_.full(); ++i) {
    std::optional<Acceptor::Visitor> visitor = acceptor_->accept(now);
    if (!visitor) break;
    if (!admits(*visitor)) continue;
    const SessionTable::Entry entry{sessions_.next_number(), host_of(visitor->address.ip)};
    sessions_.admitted(entry);
    arrivals.push_back({std::move(*visitor), entry, -1, {}});
  }
  parallel_.for_each(arrivals.size(), [&](std::size_t i) { start(arrivals[i]); });
  for (Arrival& arrival : arrivals) started(arrival, now);
}

// Who may open the file of a Unix socket may come.
bool Listener::may_come(const Address& address) const {
  return options_.allow.empty() || address.is_local() ||
         std::any_of(options_.allow.begin(), options_.allow.end(),
                     [&](const Network& network) { return network.holds(address.ip); });
}

bool Listener::admits(const Acceptor::Visitor& visitor) {
  std::string reason;
  if (!may_come(visitor.address)) {
    turn_away(visitor.socket.get(), "your address is not allowed here");
    reason = "address not allowed";
  } else if (options_.skip_hung_up && has_left_unheard(visitor.socket.get())) {
    reason = "hung up before its turn came";
  } else if (sessions_.host_full(host_of(visitor.address.ip))) {
    if (may_only_call_again(visitor)) return false;
    turn_away(visitor.socket.get(), kTooMany);
    reason = kTooManyHere;
  }
  if (reason.empty()) return true;
  refusals_.event(refusal(to_text(visitor.address), reason));
  return false;
}

// One of its sessions may have lost its link, and not know that yet: whether this is its visitor is
// for another process to see. It turns all others away.
bool Listener::may_only_call_again(const Acceptor::Visitor& visitor) {
  if (!launcher_.can_look() || lookers_.size() >= kMostLookers) return false;
  try {
    const int socket = visitor.socket.get();
    lookers_.emplace(launcher_.look({socket, 0, local_address(socket), visitor.address}),
                     to_text(visitor.address));
    return true;
  } catch (const std::exception&) {
    return false;
  }
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
    log_event(name + " failed" + peer + " reason=" + log_text(arrival.problem));
    return;
  }
  sessions_.began(arrival.pid, arrival.entry);
  log_event(name + " opened" + peer + " pid=" + std::to_string(arrival.pid));
  if (!options_.windows) return;
  windows_.add(arrival.pid, std::move(arrival.visitor.socket), options_.windows_may_fail, now);
}

void Listener::forget_ended_talks() {
  for (const pid_t pid : windows_.take_ended_talks()) sessions_.talk_over(pid);
}

void Listener::hear(const LinkNews& news) {
  const auto pid = sessions_.process_of(news.session);
  if (!pid || news.change <= link_changes_[news.session]) return;
  link_changes_[news.session] = news.change;
  windows_.leave_to_itself(*pid);
  news.link == TalkLink::here ? sessions_.talk_again(*pid) : sessions_.talk_over(*pid);
}

void Listener::collect() {
  int status = 0;
  for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) {
    if (const auto looker = lookers_.extract(pid)) {
      if (status != 0) refusals_.event(refusal(looker.mapped(), kTooManyHere));
      continue;
    }
    const OwnedFd without_window = windows_.take(pid);
    if (const auto entry = sessions_.ended(pid)) ended(*entry, status, without_window);
  }
}

void Listener::ended(const SessionTable::Entry& entry, int status, const OwnedFd& without_window) {
  const bool failed = without_window && WIFEXITED(status) && WEXITSTATUS(status) != 0 &&
                      !has_spoken(without_window.get());
  if (registration_) registration_->forget(entry.number);
  link_changes_.erase(entry.number);
  if (failed) turn_away(without_window.get(), kNoWindow);
  log_event(session(entry.number) + " closed" + how_it_ended(status) +
            (failed ? " reason=\"no window could be opened\"" : ""));
}

// The process is a session's until it is collected; only its visitor has been let go.
void Listener::give_up_windows(Time now) {
  for (const auto& [pid, visitor] : windows_.take_overdue(now)) {
    turn_away(visitor.get(), kNoWindow);
    log_event(session(sessions_.number_of(pid)) + " given up reason=\"no window within " +
              std::to_string(kWindowPatience.count()) + " s\"");
    kill_session(pid);
  }
}

void Listener::stop() {
  if (options_.stopping) options_.stopping();
  if (registration_) registration_->stop();
  acceptor_.reset();
  log_event("stopping sessions=" + std::to_string(sessions_.size()));
  const EndingProcesses processes(sessions_.pids());
  for (const pid_t pid : sessions_.pids()) ask_to_end(pid, options_.windows_may_fail);
  const Time now = Clock::now();
  collect_until(now + kGoodbyeTime, [&] { return processes.left(); });
  const auto unfinished = [&] { return without_ended_talks(processes.left()); };
  collect_until(now + kStopTime, unfinished);
  for (const pid_t pid : unfinished()) kill_session(pid);
  collect_until(Clock::now() + kReapTime, unfinished);
}

// Without the windows that stay to be read: nobody waits for those, and nobody kills them.
std::vector<pid_t> Listener::without_ended_talks(std::vector<pid_t> processes) {
  forget_ended_talks();
  std::erase_if(processes, [&](pid_t pid) { return sessions_.is_over(pid); });
  return processes;
}

void Listener::collect_until(Time deadline, const std::function<std::vector<pid_t>()>& awaited) {
  collect();
  while (!awaited().empty() && Clock::now() < deadline) {
    WaitSet wait;
    wait.wake_by(std::min(deadline, Clock::now() + kLookForRoom));  // nobody tells of an ended talk
    wait.wait(signals_.wait_mask());
    collect();
  }
}

}  // namespace talk
