// Stands in for the window of a session whose chat is measured: runs a handler on a terminal of its
// own and notes when each mark "@number@" appears on it.
//   pty_reader LOG HANDLER FD     writes "number nanoseconds" lines (CLOCK_MONOTONIC) to LOG
#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  int terminal;
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, nullptr);
  if (child == 0) {
    ::execl(argv[2], argv[2], argv[3], nullptr);
    ::_exit(127);
  }
  ::close(std::atoi(argv[3]));  // the handler alone holds the connection
  std::FILE* const log = std::fopen(argv[1], "w");
  std::setvbuf(log, nullptr, _IOLBF, 0);  // a stop of the server may kill this process
  std::string text;
  long last = -1;
  std::array<char, 65536> piece;
  ssize_t count;
  while ((count = ::read(terminal, piece.data(), piece.size())) > 0) {
    const long long now = std::chrono::steady_clock::now().time_since_epoch().count();
    text.append(piece.data(), static_cast<std::size_t>(count));
    std::size_t at;
    while ((at = text.find('@')) != std::string::npos) {
      const std::size_t end = text.find('@', at + 1);
      if (end == std::string::npos) break;
      const long number = std::atol(text.c_str() + at + 1);
      if (number > last) std::fprintf(log, "%ld %lld\n", last = number, now);
      text.erase(0, end + 1);
    }
    if (at == std::string::npos) text.clear();
  }
  std::fclose(log);
  ::waitpid(child, nullptr, 0);
  return 0;
}
