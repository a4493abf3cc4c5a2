// Runs a control socket as a program's loop does, in a thread of its own.
#pragma once

#include <signal.h>

#include <atomic>
#include <thread>

#include "common/desk/control_socket.h"

namespace talk::test {

class ControlLoop {
 public:
  explicit ControlLoop(ControlSocket& socket) : socket_(socket), thread_([this] { run(); }) {}
  ~ControlLoop() {
    stopping_ = true;
    thread_.join();
  }
  ControlLoop(const ControlLoop&) = delete;
  ControlLoop& operator=(const ControlLoop&) = delete;

  // How often the wait has returned.
  int turns() const { return turns_; }

 private:
  void run() {
    sigset_t none;
    ::sigemptyset(&none);
    while (!stopping_) {
      WaitSet wait;
      const Time now = Clock::now();
      socket_.prepare(wait, now);
      wait.wake_by(now + milliseconds(20));
      wait.wait(none);
      socket_.turn(wait, Clock::now());
      ++turns_;
    }
  }

  ControlSocket& socket_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> turns_ = 0;
  std::thread thread_;
};

}  // namespace talk::test
