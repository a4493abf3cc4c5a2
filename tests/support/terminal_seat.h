// A desktop as people have it, with a window manager, and a server whose visitors get windows of a
// terminal there that is known by name: what every such terminal has to stand.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>

#include "tests/support/desktop.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {

enum class Bus { none, session };  // D-Bus: some terminals have all windows in one process by it

class TerminalSeat {
 public:
  TerminalSeat(const std::string& terminal, Bus bus);

  struct Session {
    Session(int port) : visitor(port) {}
    Peer visitor;
    pid_t handler = -1;
    pid_t terminal = -1;  // the process that the window belongs to
    Desktop::Window window;
  };
  // A visitor, with a window.
  std::unique_ptr<Session> opens();

  Server& server() { return *server_; }
  // True once the visitor has heard the words that were typed into the window.
  bool says(Session& session, const std::string& words);
  void closes(const Session& session);  // as its owner does
  bool shows_window(const Session& session);

 private:
  Process::Options options();

  TempDir dir_;
  Desktop desktop_;
  std::unique_ptr<Process> bus_;
  std::string bus_address_ = "disabled:";
  std::unique_ptr<Process> manager_;
  std::unique_ptr<Server> server_;
};

// Windows open, carry words both ways, each its own; closed, killed or stopped they end with their
// visitors.
void stands_everything(const std::string& terminal, Bus bus);

}  // namespace talk::test
