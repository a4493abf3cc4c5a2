// Which screen a program gets: the choice by what it was asked for and what it sits at.
#pragma once

#include <memory>
#include <optional>
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

// `split`: asked for, asked against, or unset where the terminal decides. Takes the terminal. What
// is typed behind /send is completed from `files`.
ScreenChoice choose_screen(std::optional<bool> split, const std::shared_ptr<OwnFiles>& files,
                           const WindowKind& window = {});

// Whether a person can sit at stdin and stdout.
bool at_terminal();

}  // namespace talk
