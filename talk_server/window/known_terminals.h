// The terminals that are known by name: each with its own words for "run this".
#pragma once

#include <string>
#include <vector>

namespace talk {

// How a handler in its windows comes to the visitor's connection.
enum class Way {
  inherits,  // each window is a process that the listener starts, and that lets descriptors through
  takes_over,  // windows inherit nothing from the listener (talk_window)
};

enum class Needs { x, wayland, x_or_wayland, tmux };

struct KnownTerminal {
  const char* name;  // of the program, too
  Way way;
  Needs needs;
  // Behind the name. HANDLER FD follows, or stands in the place of `{}`.
  std::vector<std::string> words;
};

const std::vector<KnownTerminal>& known_terminals();

}  // namespace talk
