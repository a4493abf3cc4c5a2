#include "talk_server/window/board_window.h"

#include <vector>

#include "common/posix/spawn.h"

namespace talk {

void open_board(const Terminal& terminal, const std::string& program,
                const std::string& directory) {
  const std::vector<std::string> command =
      command_in_window(terminal, {program, directory}, "desk");
  const Spawner spawner(Spawner::Group::own);
  spawner.start(find_program(command[0]), {command}, {own_environment()});
}

}  // namespace talk
