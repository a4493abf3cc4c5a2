// talk_desk: all talks of one talk_server on one page, or what a script wants of them. It is no
// part of any talk: it asks the listener and the handlers at the register's sockets.
#include <stdexcept>

#include "common/desk/register.h"
#include "common/posix/error.h"
#include "common/posix/program.h"
#include "common/text/words.h"
#include "talk_server/board/board.h"
#include "talk_server/board/commands.h"
#include "talk_server/board/options.h"

namespace talk {
namespace {

std::string names_of(const std::vector<RegisteredServer>& servers) {
  std::vector<std::string> names;
  for (const RegisteredServer& server : servers) names.push_back(server.name);
  return joined(names, ", ");
}

RegisteredServer choose_server(const BoardOptions& options) {
  const std::string& name = options.server;
  // The server itself, which may see another environment, says which directory it is.
  if (name.starts_with('/')) return {name.substr(name.rfind('/') + 1), name};
  const std::vector<RegisteredServer> servers = registered_servers();
  if (!name.empty()) {
    for (const RegisteredServer& server : servers)
      if (server.name == name) return server;
    throw std::runtime_error("find your talk_server at " + options.called + ": none runs there" +
                             (servers.empty() ? "" : ", but at " + names_of(servers)));
  }
  if (servers.empty())
    throw std::runtime_error("find your talk_server: none of yours runs on this machine");
  if (servers.size() == 1) return servers.front();
  throw UsageError("several of your servers run, say which: " + names_of(servers));
}

int run(const std::vector<std::string>& arguments) {
  const BoardOptions options = parse_board_options(arguments);
  if (options.answer) {
    print_out(*options.answer);
    return 0;
  }
  const RegisteredServer server = choose_server(options);
  if (options.task != BoardOptions::Task::board) return run_command(server, options);
  // Only a server calls it by its directory.
  const bool by_server = options.server.starts_with('/');
  Board(server, by_server ? Board::Opened::by_the_server : Board::Opened::by_the_person).run();
  return 0;
}

}  // namespace
}  // namespace talk

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return talk::run_program("talk_desk", [&] { return talk::run(arguments); });
}
