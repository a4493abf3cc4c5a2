// A Unix socket at which a process answers other processes of its own user: a line is a request, a
// line is its answer. It never waits for any of them; several are served at once, each in bounds,
// so that one that stalls or floods costs next to nothing. Driven by the caller's wait.
#pragma once

#include <sys/types.h>

#include <functional>
#include <list>
#include <string>
#include <string_view>

#include "common/desk/pace.h"
#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"
#include "common/posix/wait_set.h"

namespace talk {

class ControlSocket {
 public:
  // The answer to a request, both without their line feeds.
  using Answer = std::function<std::string(std::string_view request)>;

  static constexpr std::size_t kMostClients = 8;  // a further one takes the place of the idlest
  static constexpr std::size_t kMostRequest = (std::size_t{64} << 10) + 64;  // bytes

  // The answer to a request that has a descriptor beside it.
  using AnswerPassed = std::function<std::string(std::string_view request, OwnedFd passed)>;

  // Listens at `path`, in the place of what a dead process left there. Throws std::system_error.
  ControlSocket(std::string path, Answer answer, AnswerPassed answer_passed = nullptr);
  // Nothing is left at the path, unless it is another's by now.
  ~ControlSocket();
  ControlSocket(const ControlSocket&) = delete;
  ControlSocket& operator=(const ControlSocket&) = delete;

  void prepare(WaitSet& wait, Time now) const;
  void turn(const WaitSet& wait, Time now);

 private:
  struct Client {
    OwnedFd socket;
    std::string request = {};  // and what came behind it
    OwnedFd passed = {};       // beside the request
    std::string answer = {};   // while it is to be sent nothing is read
    Pace pace{milliseconds(20), 10};
    Time heard{};
  };

  void accept_one(Time now);
  bool serve(Client& client, const WaitSet& wait, Time now) const;
  bool receive(Client& client) const;
  bool send(Client& client) const;

  std::string path_;
  Answer answer_;
  AnswerPassed answer_passed_;  // may be none: then what is passed is closed
  OwnedFd listening_;
  ino_t inode_ = 0;  // of what stands at the path
  Pace arrivals_{milliseconds(10), 16};
  std::list<Client> clients_;
};

}  // namespace talk
