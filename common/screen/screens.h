// Which screen a program gets: the choice by what it was asked for and what it sits at.
#pragma once

#include <memory>
#include <string>

#include "common/screen/screen.h"

namespace talk {

class OwnFiles;

struct ScreenChoice {
  std::unique_ptr<Screen> screen;
  bool interactive = false;  // a person sits at a terminal, on both stdin and stdout
  bool split = false;
  std::string remark;  // why it is not the screen that was expected; may be empty
};

// What was asked for. `lines` is for whoever hears the screen: every event a line, once.
enum class WantedScreen { best, split, plain, lines };

// "split", "plain", "lines"; all else is `best`, which the terminal decides.
WantedScreen wanted_screen(const std::string& name);

// Takes the terminal. What is typed behind /send is completed from `files`. A terminal that calls
// itself dumb gets lines, whatever was asked for.
ScreenChoice choose_screen(WantedScreen wanted, const std::shared_ptr<OwnFiles>& files,
                           const WindowKind& window = {});

// Whether a person can sit at stdin and stdout.
bool at_terminal();

}  // namespace talk
