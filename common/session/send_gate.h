#pragma once
#include <optional>
#include "common/posix/clock.h"
namespace talk {
class SendGate {
 public:
  explicit SendGate(int) {}
  struct Decision {
    std::size_t budget = 65536;
    std::optional<Time> look_again;
  };
  Decision look(Time) { return {}; }
};
}  // namespace talk
