// The board as it is painted: a title, a row a session, what came of the last key, and the keys or
// the line being typed. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/posix/tty.h"
#include "common/screen/split/painter.h"
#include "talk_server/board/house.h"

namespace talk {

struct BoardPrompt {
  std::string label;       // what is asked, and whom it concerns; safe
  std::string text;        // typed so far
  std::size_t cursor = 0;  // in it, in bytes
};

struct BoardView {
  std::string server;
  std::optional<ListenerReport> listener;  // none: it has stopped
  std::vector<SessionRow> sessions;
  std::size_t selected = 0;  // index
  std::string message;       // safe
  std::optional<BoardPrompt> prompt;
  std::chrono::system_clock::time_point now{};
  bool blocks = false;  // the terminal shows block characters
};

Page compose_board(const BoardView& view, WindowSize size);

}  // namespace talk
