// The talk handler as one that may be taken over: what it gives up before it reads its visitor's
// first byte, and the monitor that does for it what it may not do any more.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "common/confine/monitor.h"
#include "common/desk/link_news.h"
#include "common/desk/resumption.h"
#include "common/files/own_files.h"
#include "common/session/transcript.h"
#include "server_handler/start/start.h"

namespace talk {

class Confined {
 public:
  // Starts the monitor: first of all, so that it holds nothing of the session. Without a person at
  // the desk nothing is sent but what lies in the session's own directories.
  Confined(const Session& session, bool attended);

  const std::shared_ptr<OwnFiles>& files() const { return files_; }
  // Takes this session out of the register, where the process cannot any more. Throws nothing.
  void leave_register() const;

  // Tells the listener what has become of this session's link. Throws nothing.
  void tell(LinkNews news) const;

  // Makes the file of this session's transcript, in TALK_TRANSCRIPTS. Throws std::system_error.
  TranscriptFile create_transcript() const;

  // Hands the connection on to the talk that its visitor has already; false where nobody takes it.
  bool hand_over(const Resumption& resumption) const;

  // From here on. Screen, log and the board's socket are open by now.
  void confine() const;

 private:
  const Session& session_;
  std::chrono::system_clock::time_point start_ = std::chrono::system_clock::now();
  std::unique_ptr<Monitor> monitor_;
  std::shared_ptr<OwnFiles> files_;
};

}  // namespace talk
