// What people have sent to terminals that were not on their guard.
#pragma once

#include <string>
#include <vector>

namespace talk::test {

struct Attack {
  std::string name;
  std::string bytes;
};

// Published attacks, each as it would come in one message.
std::vector<Attack> terminal_attacks();

}  // namespace talk::test
