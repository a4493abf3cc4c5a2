// Accepts visitors, gives each a number and a process, and collects the processes that have ended.
// It reads nothing that a visitor sends.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "common/posix/clock.h"
#include "common/posix/log.h"
#include "common/posix/owned_fd.h"
#include "common/posix/parallel_for.h"
#include "common/posix/signals.h"
#include "talk_server/acceptor.h"
#include "talk_server/launcher.h"
#include "talk_server/network.h"
#include "talk_server/registration.h"
#include "talk_server/session/session_process.h"
#include "talk_server/session/session_table.h"
#include "talk_server/window/watch.h"

namespace talk {

class Listener {
 public:
  struct Options {
    SessionTable::Limits limits;
    bool windows = false;           // each session has one
    bool windows_may_fail = false;  // see Terminal::known
    // A visitor who has hung up before being accepted, with nothing said, gets no session.
    bool skip_hung_up = false;
    std::vector<Network> allow = {};           // who may come; empty: everybody
    std::function<void()> stopping = nullptr;  // called once, when the server begins to stop
  };

  // `registration` may be none. `signals` must note kSignals; kSignalsAndHangup where the end of
  // the terminal is to be the end of the server too (not under nohup).
  Listener(ListeningSockets listening, const Launcher& launcher, const Options& options,
           std::unique_ptr<Registration> registration, Signals& signals);

  static constexpr std::initializer_list<int> kSignals = {SIGINT, SIGTERM, SIGQUIT, SIGCHLD};
  static constexpr std::initializer_list<int> kSignalsAndHangup = {SIGINT, SIGTERM, SIGQUIT,
                                                                   SIGCHLD, SIGHUP};

  // Serves until a signal asks to stop; then tells every session and waits for them, at most 3 s.
  void run();

 private:
  struct Arrival {
    Acceptor::Visitor visitor;
    SessionTable::Entry entry;
    pid_t pid = -1;       // where it could be started
    std::string problem;  // where not
  };

  bool stop_asked();
  void watch_backlog(WaitSet& wait, Time now);
  void accept_some(Time now);
  bool may_come(const Address& address) const;
  bool admits(const Acceptor::Visitor& visitor);
  void start(Arrival& arrival) const;
  void started(Arrival& arrival, Time now);
  void forget_ended_talks();
  void hear(const LinkNews& news);
  bool may_only_call_again(const Acceptor::Visitor& visitor);
  void collect();
  void ended(const SessionTable::Entry& session, int status, const OwnedFd& without_window);
  void give_up_windows(Time now);
  void stop();
  std::vector<pid_t> without_ended_talks(std::vector<pid_t> processes);
  void collect_until(Time deadline, const std::function<std::vector<pid_t>()>& awaited);

  std::optional<Acceptor> acceptor_;  // none once the server stops
  const Launcher& launcher_;
  const Options options_;
  // Starts sessions. A process that starts another waits until that one runs its program, and
  // meanwhile the next can be started: of 200 visitors who come at once, the last is answered after
  // 127 ms instead of 148 (two processors, medians of 24 interleaved rounds).
  ParallelFor parallel_{std::min(4U, std::thread::hardware_concurrency())};
  SessionTable sessions_;
  WindowWatch windows_;
  std::unique_ptr<Registration> registration_;
  Signals& signals_;
  std::map<std::uint64_t, std::uint64_t> link_changes_;  // by session; the last that was heard of
  std::map<pid_t, std::string> lookers_;  // for visitors who get no session, and who they are
  LimitedLog refusals_{"refused"};
  std::optional<Time> look_for_room_at_;  // not before, where every window's talk goes on
};

}  // namespace talk
