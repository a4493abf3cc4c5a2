// The terminals that are known by name: each with its own words for "run this". What a new one says
// in its windows' environment is let through by in_window.cc and common/confine/environment.cc, and
// what it can show is known to common/screen/split/terminfo.cc by its TERM.
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
