// --send and --get with servers that know no frames: accio's handshake, bytes poured as they are,
// and file fetchers. Each file has a connection of its own.
#pragma once

#include <functional>
#include <string>

#include "common/posix/owned_fd.h"
#include "common/posix/signals.h"
#include "talk_client/batch_screen.h"
#include "talk_client/options.h"

namespace talk {

class PlainBatch {
 public:
  // Makes another connection. Throws ExitError.
  using Connect = std::function<OwnedFd()>;

  PlainBatch(const ClientOptions& options, Signals& signals, BatchScreen& screen, Connect connect);

  // Each begins with `socket`, from which nothing was taken yet, and returns the exit code: of the
  // failures the last one. A failed file does not keep the others from being tried; a server that
  // has gone does (ExitError).
  int send_accio(OwnedFd socket);
  int send_raw(OwnedFd socket);
  int get(OwnedFd socket, bool lines);  // lines: the name is sent as a line

 private:
  using Task = std::function<void(OwnedFd, const std::string&)>;
  int each(OwnedFd socket, const std::vector<std::string>& names, const Task& task);

  void accio_one(OwnedFd socket, const std::string& path);
  void raw_one(OwnedFd socket, const std::string& path);
  void get_one(OwnedFd socket, const std::string& name, bool lines);

  const ClientOptions& options_;
  Signals& signals_;
  BatchScreen& screen_;
  Connect connect_;
};

}  // namespace talk
