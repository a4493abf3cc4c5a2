#include "talk_server/window/board_window.h"

#include <vector>

#include "talk_server/spawn.h"

namespace talk {

void open_board(const Terminal& terminal, const std::string& program,
                const std::string& directory) {
  const std::vector<std::string> command = {program, directory};
  const Spawner spawner(Spawner::Group::own);
  if (terminal.board.empty())
    spawner.start(terminal.program, {terminal.command, command}, {own_environment()}, -1);
  else
    spawner.start(find_program(terminal.board[0]), {terminal.board, command}, {own_environment()},
                  -1);
}

}  // namespace talk
