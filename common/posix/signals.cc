#include "common/posix/signals.h"

#include <stdlib.h>
#include <unistd.h>

#include <array>

namespace talk {
namespace {

// The only state that a signal handler may touch.
std::array<volatile sig_atomic_t, NSIG> arrived{};

void note(int signal) { arrived[static_cast<std::size_t>(signal)] = 1; }

// Lets `signal` do to this process what it does to one that never caught it.
void act_by_default(int signal) {
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  action.sa_handler = SIG_DFL;
  ::sigaction(signal, &action, nullptr);
  sigset_t only;
  sigset_t before;
  sigemptyset(&only);
  sigaddset(&only, signal);
  ::sigprocmask(SIG_UNBLOCK, &only, &before);
  ::raise(signal);
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
}

}  // namespace

Signals::Signals(std::initializer_list<int> signals) {
  sigset_t noted;
  sigemptyset(&noted);
  for (const int signal : signals) sigaddset(&noted, signal);
  ::sigprocmask(SIG_BLOCK, &noted, &wait_mask_);
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  action.sa_handler = note;
  for (const int signal : signals) {
    ::sigaction(signal, &action, nullptr);
    sigdelset(&wait_mask_, signal);
  }
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
}

bool Signals::take(int signal) {
  volatile sig_atomic_t& flag = arrived[static_cast<std::size_t>(signal)];
  if (flag == 0) return false;
  flag = 0;
  return true;
}

AllSignalsBlocked::AllSignalsBlocked() {
  sigset_t all;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before_);
}

AllSignalsBlocked::~AllSignalsBlocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

void Signals::die_by(int signal) {
  act_by_default(signal);
  ::_exit(128 + signal);
}

void Signals::stop_by(int signal) {
  act_by_default(signal);
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  action.sa_handler = note;
  ::sigaction(signal, &action, nullptr);
}

void reset_inherited_signals() {
  struct sigaction action {};
  sigemptyset(&action.sa_mask);
  action.sa_handler = SIG_DFL;
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2,
                           SIGCHLD, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH})
    ::sigaction(signal, &action, nullptr);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace talk
