// What this process inherited, put in order before it listens: no visitor's connection may become
// one of the standard three, and no descriptor of a stranger's is handed on.
#pragma once

namespace talk {

// Makes every descriptor from `lowest` upwards close-on-exec.
void close_on_exec_from(int lowest);

// From here on standard input and output are /dev/null, for this process and, by inheritance, for
// what it starts: a session must not hold the pipe that somebody reads the listener's port from.
void leave_standard_streams();

}  // namespace talk
