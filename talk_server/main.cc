// talk_server: listens, and gives every visitor a window and a process of their own.
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>

#include "common/posix/error.h"
#include "common/posix/listen.h"
#include "common/posix/log.h"
#include "common/posix/program.h"
#include "common/posix/user.h"
#include "common/text/display.h"
#include "talk_server/handlers.h"
#include "talk_server/inherited.h"
#include "talk_server/listener.h"
#include "talk_server/options.h"
#include "talk_server/registration.h"
#include "talk_server/welcome.h"
#include "talk_server/window/board_window.h"
#include "talk_server/window/terminal.h"

namespace talk {
namespace {

constexpr std::size_t kSessionsWithWindows = 64;
constexpr std::size_t kSessionsWithout = 1000;
constexpr seconds kIdleWithoutWindow{300};

std::string absolute(const std::string& path) {
  char resolved[PATH_MAX];
  if (::realpath(path.c_str(), resolved) == nullptr) throw_errno("use " + path);
  return resolved;
}

std::string usable_directory(const std::string& path, int mode) {
  const std::string directory = absolute(path);
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0) throw_errno("use " + path);
  if (!S_ISDIR(status.st_mode)) throw_error(ENOTDIR, "use " + path);
  if (::access(directory.c_str(), mode | X_OK) != 0)
    throw_errno((mode == W_OK ? "write to the directory " : "read the directory ") + path);
  return directory;
}

// The handlers stand beside this program.
std::string own_directory(const char* argv0) {
  char path[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", path, sizeof path - 1);
  std::string program =
      size > 0 ? std::string(path, static_cast<std::size_t>(size)) : absolute(argv0);
  return program.substr(0, program.rfind('/'));
}

std::string handler_path(const std::string& name, const char* argv0) {
  const HandlerKind& kind = handler_kind(name);
  if (kind.ours()) {
    const std::string path = own_directory(argv0) + "/" + kind.program;
    check_program(path);
    return path;
  }
  if (name.find('/') == std::string::npos)
    throw UsageError("no handler is called '" + name + "' (a path needs a slash: ./" + name + ")");
  check_program(name);
  return absolute(name);
}

std::vector<std::string> settings(const ServerOptions& options) {
  const int use_of_directory = handler_kind(options.handler).writes ? W_OK : R_OK;
  std::vector<std::string> settings = {
      "TALK_DIR=" + usable_directory(options.directory, use_of_directory),
      "TALK_NAME=" + (options.name.empty() ? login_name() : options.name),
      "TALK_LINGER=" + std::to_string(options.linger.count()),
  };
  if (!options.share.empty())
    settings.push_back("TALK_SHARE=" + usable_directory(options.share, R_OK));
  if (!options.transcripts.empty())
    settings.push_back("TALK_TRANSCRIPTS=" + usable_directory(options.transcripts, W_OK));
  if (!options.screen.empty()) settings.push_back("TALK_SCREEN=" + options.screen);
  if (options.max_file_size != 0)
    settings.push_back("TALK_MAX_FILE_SIZE=" + std::to_string(options.max_file_size));
  if (const char* idle = ::getenv("TALK_IDLE_SECONDS"))
    settings.push_back(std::string("TALK_IDLE_SECONDS=") + idle);
  return settings;
}

// How long a handler bears silence: for ever where it is not told.
void add_idle(std::vector<std::string>& settings, const ServerOptions& options, bool windows) {
  if (windows && !options.idle) return;
  settings.push_back("TALK_IDLE=" +
                     std::to_string(options.idle.value_or(kIdleWithoutWindow).count()));
}

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// Without a register visitors are served all the same.
std::unique_ptr<Registration> registration(int listening, std::size_t limit) {
  try {
    const std::string name = std::to_string(local_address(listening).port);
    return std::make_unique<Registration>(Registration::Facts{name, listening, limit});
  } catch (const std::system_error& error) {
    log_event("no board can see this server reason=" + log_text(error.what()));
    return nullptr;
  }
}

void show_board(const Terminal& terminal, const Registration* registered,
                const std::string& own_programs) {
  if (!terminal.window()) throw UsageError("--board needs a window, and there is none");
  if (registered == nullptr) throw std::runtime_error("open the board: there is no register");
  open_board(terminal, own_programs + "/talk_desk", registered->directory());
}

// What the command line alone shows to be wrong comes first, and what takes long last: a display
// that does not answer is waited for.
int serve(const ServerOptions& options, const char* argv0) {
  fill_standard_streams();
  close_on_exec_from(STDERR_FILENO + 1);
  const std::vector<std::string> wanted = terminal_words(options.terminal);
  const HandlerKind& kind = handler_kind(options.handler);
  const std::string handler = handler_path(options.handler, argv0);
  std::vector<std::string> environment = settings(options);
  OwnedFd socket = listen_on(options.bind, options.port);
  const Terminal terminal = choose_terminal(wanted, kind.wants_window, own_directory(argv0));
  add_idle(environment, options, terminal.window());
  const std::size_t most =
      options.max_sessions.value_or(terminal.window() ? kSessionsWithWindows : kSessionsWithout);
  auto registered = registration(socket.get(), most);
  if (registered) environment.push_back("TALK_REGISTER=" + registered->directory());
  const Launcher launcher(terminal, handler, std::move(environment));
  const Listener::Options how{{most, options.max_per_host},
                              terminal.window(),
                              terminal.known,
                              terminal.window() && !kind.serves_hung_up};

  if (options.board) show_board(terminal, registered.get(), own_directory(argv0));

  Signals signals(is_ignored(SIGHUP) ? Listener::kSignals : Listener::kSignalsAndHangup);
  const Address address = local_address(socket.get());
  print_out("listening on " + to_text(address) + "\n");
  say_welcome(options.handler, address);
  leave_standard_streams();
  Listener(std::move(socket), launcher, how, std::move(registered), signals).run();
  return 0;
}

int run(const std::vector<std::string>& arguments, const char* argv0) {
  const ServerOptions options = parse_server_options(arguments);
  if (!options.answer) return serve(options, argv0);
  print_out(*options.answer);
  return 0;
}

}  // namespace
}  // namespace talk

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return talk::run_program("talk_server", [&] { return talk::run(arguments, argv[0]); });
}
