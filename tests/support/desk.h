// A person at the desk: server_handler on a visitor's connection, at a terminal of the test's.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "tests/support/fake_server.h"
#include "tests/support/process.h"

namespace talk::test {

// Takes the next caller of `door`. The screen is plain, the name prof, and the window does not
// linger, unless the environment says otherwise.
std::unique_ptr<Process> open_window(FakeServer& door,
                                     const std::map<std::string, std::string>& environment = {});

// A window takes no words before its prompt stands. Returns early where the program ends.
void wait_for_prompt(Process& window);

}  // namespace talk::test
