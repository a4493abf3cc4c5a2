// --send and --get with servers that know no frames: accio's handshake, bytes poured as they are,
// and file fetchers. Each file has a connection of its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "common/files/own_files.h"
#include "common/posix/owned_fd.h"
#include "common/posix/signals.h"
#include "talk_client/batch_screen.h"
#include "talk_client/caller.h"
#include "talk_client/options.h"
#include "talk_client/plain_link.h"

namespace talk {

class PlainBatch {
 public:
  struct Ended {
    int code = 0;  // of the failures the last one
    // Still to be asked for: in frames, because the server greeted with TALK/1 after all; or, where
    // `broke` says why, in another call, because the link broke before a file was whole.
    std::vector<std::string> left;
    std::string broke;
  };

  PlainBatch(const ClientOptions& options, OwnFiles& files, Signals& signals, BatchScreen& screen,
             const Caller& caller)
      : options_(options), files_(files), signals_(signals), screen_(screen), caller_(caller) {}

  // Each begins with `socket`, from which nothing was taken yet. A failed file does not keep the
  // others from being tried; a server that has gone does (ExitError).
  int send_accio(OwnedFd socket);
  int send_raw(OwnedFd socket);
  // `lines`: each name is sent as a line.
  Ended get(OwnedFd socket, const std::vector<std::string>& names, bool lines);

 private:
  // One file's way over its connection.
  using Move = std::function<void(PlainLink&, const std::string& name)>;
  using Connect = std::function<OwnedFd()>;

  int send(OwnedFd socket, const Connect& connect, const Move& move);
  OwnedFd call_accio() const;
  void fetch(PlainLink& link, const std::string& name, bool lines);
  // Runs `move` and returns the code; of a failure that ends all, throws it with what it was about.
  int attempt(const std::string& doing, const std::function<void()>& move);

  const ClientOptions& options_;
  OwnFiles& files_;
  Signals& signals_;
  BatchScreen& screen_;
  const Caller& caller_;
};

}  // namespace talk
