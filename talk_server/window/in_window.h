// The window's side of a hand-over: the program that a terminal is told to run.
#pragma once

#include <string>

namespace talk {

// Takes a visitor's connection over from the relay that waits at `path` (hand_over.h), starts the
// handler for it in this window, and returns when that has ended. Ends it where the relay ends, or
// the window is closed. Throws std::system_error or std::runtime_error.
void serve_in_window(const std::string& path);

}  // namespace talk
