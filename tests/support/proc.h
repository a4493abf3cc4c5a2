// What the system knows of a process: its children, descriptors and end. Linux's /proc.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace talk::test {

std::vector<pid_t> children_of(pid_t pid);
pid_t parent_of(pid_t pid);  // 0 where there is no such process
std::size_t descriptors_of(pid_t pid);
std::string command_of(pid_t pid);  // its arguments, separated by blanks

// No such process any more; a zombie still is one.
bool is_gone(pid_t pid);
bool is_zombie(pid_t pid);
// Gone, or a zombie of whoever inherited it.
bool is_dead(pid_t pid);

}  // namespace talk::test
