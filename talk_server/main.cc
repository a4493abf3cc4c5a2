// talk_server: listens, and gives every visitor a window and a process of their own.
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "common/desk/register.h"
#include "common/posix/environment.h"
#include "common/posix/error.h"
#include "common/posix/log.h"
#include "common/posix/program.h"
#include "common/posix/user.h"
#include "common/text/display.h"
#include "talk_server/confinement.h"
#include "talk_server/handlers.h"
#include "talk_server/inherited.h"
#include "talk_server/listener.h"
#include "talk_server/listening_sockets.h"
#include "talk_server/log_relay.h"
#include "talk_server/options.h"
#include "talk_server/programs.h"
#include "talk_server/registration.h"
#include "talk_server/service_manager.h"
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

std::string handler_path(const std::string& name, const OwnPrograms& programs) {
  const HandlerKind& kind = handler_kind(name);
  if (kind.ours()) {
    const std::string path = programs.path(kind.program);
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
  if (options.keep) settings.push_back("TALK_KEEP=" + std::to_string(options.keep->count()));
  if (!options.share.empty())
    settings.push_back("TALK_SHARE=" + usable_directory(options.share, R_OK));
  if (!options.transcripts.empty())
    settings.push_back("TALK_TRANSCRIPTS=" + usable_directory(options.transcripts, W_OK));
  if (!options.screen.empty()) settings.push_back("TALK_SCREEN=" + options.screen);
  if (options.max_file_size != 0)
    settings.push_back("TALK_MAX_FILE_SIZE=" + std::to_string(options.max_file_size));
  if (options.proxy_protocol) settings.push_back("TALK_PROXY=1");
  if (const std::string idle = environment("TALK_IDLE_SECONDS"); !idle.empty())
    settings.push_back("TALK_IDLE_SECONDS=" + idle);
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

// A terminal needs all of the person's own, a handler of ours without one next to nothing.
Launcher::Inherited inherited_by(const HandlerKind& kind, const Terminal& terminal) {
  return kind.ours() && !terminal.window() ? Launcher::Inherited::named : Launcher::Inherited::all;
}

// Without a register visitors are served all the same.
std::unique_ptr<Registration> registration(const ListeningSockets& listening, std::size_t limit) {
  try {
    Registration::Facts facts{name_in_register(listening.addresses().front()), {}, limit};
    for (const OwnedFd& socket : listening.sockets) facts.listening.push_back(socket.get());
    return std::make_unique<Registration>(facts);
  } catch (const std::system_error& error) {
    log_event("no board can see this server reason=" + log_text(error.what()));
    return nullptr;
  }
}

void show_board(const Terminal& terminal, const Registration* registered,
                const OwnPrograms& programs) {
  if (!terminal.window()) throw UsageError("--board needs a window, and there is none");
  if (registered == nullptr) throw std::runtime_error("open the board: there is no register");
  open_board(terminal, programs.path("talk_desk"), registered->directory());
}

// For whoever started the server: a person, a script that waits for the line, a service manager.
void say_listening(const ServerOptions& options, const ListeningSockets& listening,
                   const ServiceManager& manager) {
  std::string all;
  for (const Address& address : listening.addresses()) {
    all += (all.empty() ? "" : ", ") + to_text(address);
    print_out("listening on " + to_text(address) + "\n");
  }
  say_welcome(options.handler, listening.addresses().front());
  manager.ready("listening on " + all);
}

// What the command line alone shows to be wrong comes first, and what takes long last: a display
// that does not answer is waited for.
int serve(const ServerOptions& options, const char* argv0) {
  fill_standard_streams(Absent::is_dropped);
  std::vector<OwnedFd> passed = take_passed_sockets();
  const ServiceManager manager;
  close_on_exec_from(STDERR_FILENO + 1);
  const OwnedFd relay = start_log_relay(options.confine);
  const OwnPrograms programs(argv0);
  const std::vector<std::string> wanted = terminal_words(options.terminal);
  const HandlerKind& kind = handler_kind(options.handler);
  const std::string handler = handler_path(options.handler, programs);
  std::vector<std::string> environment = settings(options);
  for (std::string& setting : confinement_settings(options))
    environment.push_back(std::move(setting));
  auto listening =
      open_listening_sockets(std::move(passed), options.socket_path, options.bind, options.port);
  const Terminal terminal =
      choose_terminal(wanted, kind.wants_window, programs.path("talk_window"));
  add_idle(environment, options, terminal.window());
  const std::size_t most =
      options.max_sessions.value_or(terminal.window() ? kSessionsWithWindows : kSessionsWithout);
  auto registered = registration(listening, most);
  if (registered) environment.push_back("TALK_REGISTER=" + registered->directory());
  const std::string looker = registered && kind.wants_window ? programs.path("talk_window") : "";
  const Launcher launcher(terminal, handler, inherited_by(kind, terminal), std::move(environment),
                          looker, relay ? relay.get() : STDERR_FILENO);
  // Without windows those who have lost their link may be many at once.
  const std::size_t most_over =
      std::max(SessionTable::Limits{}.over, terminal.window() ? std::size_t{0} : most);
  const Listener::Options how{
      {most, options.max_per_host, most_over},   terminal.window(), terminal.known,
      terminal.window() && !kind.serves_hung_up, options.allow,     [&] { manager.stopping(); }};

  if (options.board) show_board(terminal, registered.get(), programs);

  Signals signals(is_ignored(SIGHUP) ? Listener::kSignals : Listener::kSignalsAndHangup);
  warn_of_home(options);
  say_listening(options, listening, manager);
  leave_standard_streams();
  Listener(std::move(listening), launcher, how, std::move(registered), signals).run();
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
