// The peer broke the protocol: its session ends with this reason, said to both sides.
#pragma once

#include <stdexcept>

namespace talk {

struct ProtocolError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace talk
