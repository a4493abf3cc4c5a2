// A small process beside a confined one that does for it the few things that it may not do itself,
// each by its own rule, and hands descriptors over: as OpenSSH's sshd has one.
//
//   this process ──words, a descriptor──► monitor: does one of its deeds, where the rule allows it
//                ◄─words, a descriptor──
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "common/posix/owned_fd.h"
#include "common/posix/pass_descriptor.h"

namespace talk {

class Monitor {
 public:
  // What is asked for by a word, done in the monitor's process. What it is given comes from a
  // process that may have been taken over: it believes nothing of it. Throws what is to be told;
  // the monitor goes on.
  using Deed = std::function<PassedDescriptor(PassedDescriptor asked)>;
  using Deeds = std::map<std::string, Deed>;
  // The deed that is done, where there is one, when the process has ended or lets its monitor go.
  static constexpr char kEnd[] = "end";

  // Starts it, before this process is confined, has threads or holds what the monitor should not.
  // It keeps standard error: every other descriptor is closed in it, so its deeds own none yet. It
  // heeds no signal of the terminal and ends with this process. `give_up` is called in it before it
  // reads what it is asked first: most are never asked, and need not pay. Throws std::system_error.
  explicit Monitor(const Deeds& deeds, const std::function<void()>& give_up = nullptr);
  ~Monitor();
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  // Has the deed done and waits for it; in any thread. Throws what the deed threw: a
  // std::system_error with its errno, or a std::runtime_error.
  PassedDescriptor ask(const std::string& deed, const std::vector<std::string>& words,
                       int descriptor = -1);

 private:
  std::mutex asking_;
  OwnedFd channel_;
  pid_t pid_ = -1;
};

}  // namespace talk
