#include "tests/support/process.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "common/posix/error.h"

namespace talk::test {
namespace {

struct Pipe {
  OwnedFd read;
  OwnedFd write;
  Pipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("make a pipe");
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
};

[[noreturn]] void become(const std::vector<std::string>& command, const Process::Options& options) {
  for (const std::string& name : options.unset) ::unsetenv(name.c_str());
  if (options.terminal) ::setenv("TERM", "unknown", 1);  // whatever the test's own is
  for (const auto& [name, value] : options.environment) ::setenv(name.c_str(), value.c_str(), 1);
  if (!options.directory.empty() && ::chdir(options.directory.c_str()) != 0) ::_exit(126);
  if (options.keep_fd >= 0) ::fcntl(options.keep_fd, F_SETFD, 0);
  ::signal(SIGHUP, SIG_DFL);  // the tests themselves may run under nohup
  for (const int number : options.ignored_signals) ::signal(number, SIG_IGN);
  if (options.descriptors) {
    const rlimit limit{*options.descriptors, *options.descriptors};
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

void drain(OwnedFd& end, std::string& into) {
  std::array<char, 65536> bytes;
  while (end) {
    const ssize_t count = ::read(end.get(), bytes.data(), bytes.size());
    if (count > 0)
      into.append(bytes.data(), static_cast<std::size_t>(count));
    else if (count < 0 && errno == EAGAIN)
      return;
    else if (count == 0 || errno != EINTR)
      end.reset();
  }
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const Options& options)
    : terminal_(options.terminal) {
  if (terminal_) {
    int master = -1;
    const winsize size{24, 80, 0, 0};
    pid_ = ::forkpty(&master, nullptr, nullptr, &size);
    if (pid_ == 0) become(command, options);
    out_end_.reset(master);
    in_.reset(::fcntl(master, F_DUPFD_CLOEXEC, 0));
  } else {
    Pipe in;
    Pipe out;
    Pipe err;
    pid_ = ::fork();
    if (pid_ == 0) {
      ::setpgid(0, 0);
      ::dup2(in.read.get(), 0);
      ::dup2(out.write.get(), 1);
      ::dup2(err.write.get(), 2);
      become(command, options);
    }
    ::setpgid(pid_, pid_);
    in_ = std::move(in.write);
    out_end_ = std::move(out.read);
    err_end_ = std::move(err.read);
    ::fcntl(err_end_.get(), F_SETFL, O_NONBLOCK);
  }
  if (pid_ < 0) throw_errno("start " + command[0]);
  ::fcntl(out_end_.get(), F_SETFD, FD_CLOEXEC);
  ::fcntl(out_end_.get(), F_SETFL, O_NONBLOCK);
}

Process::~Process() {
  // Not reaped before, so the number can only mean this process and its group.
  ::kill(-pid_, SIGKILL);
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Process::type(std::string_view bytes) {
  const bool typed = wait_until([&] {
    while (!bytes.empty()) {
      collect();  // a terminal that nobody reads stops taking keys
      const ssize_t count = ::write(in_.get(), bytes.data(), bytes.size());
      if (count < 0 && errno == EAGAIN) return false;
      if (count < 0 && errno != EINTR) throw_errno("type to a program");
      if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  });
  if (!typed) throw std::runtime_error("type to a program: it does not read");
}

void Process::end_input() {
  if (terminal_)
    type("\x04");
  else
    in_.reset();
}

void Process::hang_up() {
  collect();
  in_.reset();
  out_end_.reset();
}

void Process::collect() {
  drain(out_end_, out_);
  drain(err_end_, err_);
}

bool Process::says(const std::string& part, milliseconds patience) {
  const auto said = [&] { return out().find(part) != std::string::npos; };
  wait_until([&] { return said() || !out_end_; }, patience);
  return said();
}

bool Process::complains(const std::string& part, milliseconds patience) {
  const auto said = [&] { return err().find(part) != std::string::npos; };
  wait_until([&] { return said() || !err_end_; }, patience);
  return said();
}

void Process::signal(int number) { ::kill(pid_, number); }

std::optional<int> Process::exit_code(milliseconds patience) {
  wait_until(
      [&] {
        collect();
        siginfo_t info{};  // WNOWAIT: the destructor reaps
        ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
        if (info.si_pid == 0) return false;
        exit_code_ = info.si_code == CLD_EXITED ? info.si_status : -info.si_status;
        return true;
      },
      patience);
  collect();
  return exit_code_;
}

void Process::resize(int columns, int rows) {
  const winsize size{static_cast<unsigned short>(rows), static_cast<unsigned short>(columns), 0, 0};
  ::ioctl(out_end_.get(), TIOCSWINSZ, &size);
}

std::string program(const std::string& name) {
  const char* const directory = std::getenv("TALK_BIN");
  return std::filesystem::path(directory != nullptr ? directory : TALK_BIN) / name;
}

namespace {

std::vector<std::string> server_command(const std::vector<std::string>& options,
                                        const std::string& directory) {
  std::vector<std::string> command = {program("talk_server"), "--bind", "127.0.0.1"};
  command.insert(command.end(), options.begin(), options.end());
  command.insert(command.end(), {"0", directory});
  return command;
}

}  // namespace

Server::Server(const std::vector<std::string>& options, const std::string& directory,
               const Process::Options& process)
    : process_(server_command(options, directory), process) {
  if (!process_.says("\n"))
    throw std::runtime_error("talk_server did not listen: " + process_.err());
  const std::string& line = process_.out();  // and a welcome behind it, at a terminal
  port_ = std::stoi(line.substr(line.rfind(':', line.find('\n')) + 1));
}

pid_t Server::session_process(int session) {
  const std::string opened = " session " + std::to_string(session) + " opened ";
  if (!logs(opened)) throw std::runtime_error("never logged: " + opened);
  const std::size_t pid = log().find(" pid=", log().find(opened));
  return std::stoi(log().substr(pid + 5));
}

Server::~Server() {
  process_.signal(SIGTERM);
  process_.exit_code(seconds(10));
}

}  // namespace talk::test
