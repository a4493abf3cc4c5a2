// A link that can be cut: hands bytes on between a client and a server, slowly or quickly, until a
// given place in what is said, and then breaks both connections at once.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <thread>

#include "common/posix/owned_fd.h"

namespace talk::test {

class CuttingProxy {
 public:
  // A frame of TALK/1, by who sends it and its tag: the first of its kind.
  struct Frame {
    enum class From { client, server };
    From from;
    char tag;
  };
  enum class Side { before, behind };

  // Listens on a port of 127.0.0.1 and calls `server_port` there for each connection, one after
  // the other. The first connection is cut after `cut_after` bytes from the client, or at a frame;
  // the later ones are not.
  CuttingProxy(int server_port, std::uint64_t cut_after);
  CuttingProxy(int server_port, Side side, Frame frame);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  int port() const { return port_; }
  // Bytes that were handed on from clients to the server, over all connections.
  std::uint64_t handed_on() const { return handed_on_; }
  bool has_cut() const { return has_cut_; }

 private:
  struct Cut {
    std::uint64_t bytes_from_client = UINT64_MAX;
    Side side = Side::before;
    std::optional<Frame> frame;
  };
  class Direction;

  CuttingProxy(int server_port, const Cut& cut);
  void run();
  void serve(OwnedFd client, const Cut& cut);

  int server_port_;
  Cut cut_;
  OwnedFd listener_;
  int port_ = 0;
  std::atomic<bool> stop_ = false;
  std::atomic<bool> has_cut_ = false;
  std::atomic<std::uint64_t> handed_on_ = 0;
  std::thread thread_;
};

}  // namespace talk::test
