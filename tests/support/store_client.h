// A client of the key-value store, one session: asks, and takes what comes as the answer to that.
#pragma once

#include <string>

#include "tests/support/peer.h"

namespace talk::test {

class StoreClient {
 public:
  explicit StoreClient(int port) : peer_(port) {}
  // The answer without its ending; what came of it where the connection ended first.
  std::string ask(const std::string& request, const std::string& ending = "\n");
  // All answers to a pipelined batch.
  std::string ask_all(const std::string& requests);
  Peer& peer() { return peer_; }

 private:
  Peer peer_;
};

}  // namespace talk::test
