// A program on a split screen in tmux, and the other side in the test's hands.
#pragma once

#include <memory>
#include <ostream>
#include <string>

#include "common/posix/owned_fd.h"
#include "tests/support/pane.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {

struct SeatOptions {
  bool client = true;  // else the window at the desk
  int columns = 80;
  int rows = 24;
  std::map<std::string, std::string> environment = {};
  std::string arguments = {};  // of talk_client
  // A shell command for when the client has ended, or with job control, has been stopped; then it
  // is fetched back.
  std::string afterwards = "true";
  bool job_control = false;
  bool waits_for_prompt = true;  // of the window at the desk, which takes nothing before
};

class ScreenSeat {
 public:
  // Returns when the other side, named `alice` or `prof`, has been greeted and is shown.
  explicit ScreenSeat(const SeatOptions& options);

  Pane& screen() { return *screen_; }
  TalkPeer& peer() { return *peer_; }
  const TempDir& directory() const { return directory_; }
  void say(const std::string& text) { peer_->send(frame('T', text)); }
  std::string peer_name() const { return client_ ? "prof" : "alice"; }

 private:
  void sit_at_the_client(const SeatOptions& options);
  void sit_at_the_desk(const SeatOptions& options);

  bool client_;
  TempDir directory_;
  std::unique_ptr<Pane> screen_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<TalkPeer> peer_;
};

}  // namespace talk::test
