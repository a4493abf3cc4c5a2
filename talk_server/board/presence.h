// The board as windows that open see it: its socket in the register, at which it says whether the
// person is typing there. A board without one works all the same.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "common/desk/control_socket.h"

namespace talk {

class BoardPresence {
 public:
  BoardPresence(std::string directory, std::function<bool()> typing);
  ~BoardPresence();
  BoardPresence(const BoardPresence&) = delete;
  BoardPresence& operator=(const BoardPresence&) = delete;

  void prepare(WaitSet& wait, Time now) const;
  void turn(const WaitSet& wait, Time now);

 private:
  void enter();

  std::string directory_;
  std::string path_;
  std::function<bool()> typing_;
  std::optional<ControlSocket> socket_;
  Time look_;  // whether a server that came after has emptied the directory
};

}  // namespace talk
