#include "server_handler/start/start.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string_view>

#include "common/confine/environment.h"
#include "common/posix/close_others.h"
#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/log.h"
#include "common/posix/owned_fd.h"
#include "common/posix/program.h"
#include "common/posix/signals.h"
#include "common/posix/socket_options.h"
#include "common/posix/wait_set.h"
#include "common/text/decimal.h"
#include "common/wire/proxy_header.h"
#include "server_handler/start/connection.h"
#include "server_handler/start/environment.h"
#include "server_handler/start/proxied.h"

namespace talk {
namespace {

int checked_connection(const std::string& text) {
  const std::string doing = "take the connection from descriptor '" + text + "': ";
  const std::optional<int> fd = decimal<int>(text);
  if (!fd || *fd < 0) throw UsageError(doing + "not a decimal number");
  if (*fd >= FD_SETSIZE) throw UsageError(doing + "not below " + std::to_string(FD_SETSIZE));
  if (::fcntl(*fd, F_GETFD) < 0) throw UsageError(doing + "it is not open");
  if (!is_connected_stream(*fd)) throw UsageError(doing + "not a connected stream socket");
  return *fd;
}

bool same_file(int a, int b) {
  struct stat first {};
  struct stat second {};
  return ::fstat(a, &first) == 0 && ::fstat(b, &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

// Standard input, output and error must not be the connection.
int clear_standard_descriptors(int given) {
  if (given > STDERR_FILENO) return given;
  const int connection = ::fcntl(given, F_DUPFD, STDERR_FILENO + 1);
  if (connection < 0) throw_errno("move the connection away from standard input");
  const OwnedFd null(::open("/dev/null", O_RDWR));
  if (!null) throw_errno("open /dev/null");
  for (int fd = 0; fd <= STDERR_FILENO; ++fd)
    if (same_file(fd, connection) && ::dup2(null.get(), fd) < 0)
      throw_errno("replace a descriptor");
  return connection;
}

std::string help(const HandlerText& text) {
  return "Usage: " + text.name + " FD\n" + text.about +
         "FD is the number of an open, connected stream socket, inherited from talk_server,\n"
         "inetd or tcpserver.\n\n"
         "  -h, --help     show this and exit\n"
         "  -V, --version  show the version and exit\n";
}

// The connection's number, or nothing where --help or --version has been answered.
std::optional<std::string> argument(int argc, char** argv, const HandlerText& text) {
  int first = 1;
  const std::string_view word = argc > 1 ? argv[1] : "";
  if (word == "--help" || word == "-h") {
    print_out(help(text));
    return std::nullopt;
  }
  if (word == "--version" || word == "-V") {
    print_out(text.name + " " + std::string(kVersion) + "\n");
    return std::nullopt;
  }
  if (word == "--") ++first;
  if (argc != first + 1) throw UsageError("one argument is needed, the connection's descriptor");
  return argv[first];
}

Session session_on(int connection) {
  Session session;
  session.socket = connection;
  session.dir = environment("TALK_DIR", ".");
  session.number = environment_number("TALK_SESSION", 0);
  session.idle = environment_seconds("TALK_IDLE", seconds(0));
  session.confine = parse_confine("TALK_CONFINE", environment("TALK_CONFINE", "auto"));
  return session;
}

// What the log is written through is opened before.
void confine_below(const Session& session, Rights rights) {
  LogSink::standard_error();
  if (rights.files == Rights::Files::read) rights.readable.push_back(session.dir);
  if (rights.files == Rights::Files::write) rights.writable.push_back(session.dir);
  confine(rights, session.confine);
}

}  // namespace

int run_handler(int argc, char** argv, const HandlerText& text,
                const std::function<int(const Session&)>& serve) {
  return run_program(text.name, ErrorLine::never_waits, [&] {
    const std::optional<std::string> number = argument(argc, argv, text);
    if (!number) return 0;
    fill_standard_streams(Absent::is_dropped);
    const int connection = clear_standard_descriptors(checked_connection(*number));
    reset_inherited_signals();
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is an error like a full disk
    // A terminal may have let through what is its own: its display, its other windows.
    close_others(connection);
    const Session session = session_on(connection);
    keep_named_environment();
    if (text.rights) confine_below(session, *text.rights);
    try {
      if (text.rights) take_proxy_header(session);
      const int code = serve(session);
      end_connection(connection);
      return code;
    } catch (const PeerLost&) {
      return 0;
    } catch (const ProxyError& error) {
      if (has_log()) log_end(session, error.what());
      ::shutdown(connection, SHUT_RDWR);
      return 0;
    } catch (const PeerIdle& idle) {
      log_end(session, idle.what());
      end_connection(connection);
      return 0;
    } catch (const UsageError&) {
      reset_on_close(connection, true);
      throw;
    } catch (const ExitError& error) {
      reset_on_close(connection, true);
      throw ExitError(error.code, with_place(session, error.what()));
    } catch (const std::exception& error) {
      reset_on_close(connection, true);
      throw ExitError(1, with_place(session, error.what()));
    }
  });
}

void end_connection(int socket, milliseconds patience) {
  ::shutdown(socket, SHUT_WR);
  const Time deadline = Clock::now() + patience;
  std::array<char, 4096> unwanted;
  sigset_t mask;
  ::sigprocmask(SIG_BLOCK, nullptr, &mask);
  while (true) {
    const IoResult got = receive_some(socket, unwanted);
    if (got.end() || got.failed() || Clock::now() >= deadline) break;
    if (got.moved()) continue;
    WaitSet wait;
    wait.want_read(socket);
    wait.wake_by(deadline);
    wait.wait(mask);
  }
  ::shutdown(socket, SHUT_RDWR);
}

}  // namespace talk
