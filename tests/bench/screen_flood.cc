// Measures what the split screen makes of a peer that pours a million lines: seconds beside `cat`
// of the same lines in the same terminal, the longest time that a key waited meanwhile, and memory.
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>

#include "common/posix/address.h"
#include "common/posix/io.h"
#include "common/posix/listen.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

constexpr int kLines = 1'000'000;
constexpr seconds kLongest{300};

double seconds_since(Time start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Eighty characters, each line another one.
std::string line(int number) {
  std::string text = std::to_string(number) + " the quick brown fox jumps over the lazy dog ";
  text.resize(80, '.');
  return text;
}

std::string flood_frames() {
  std::string bytes;
  bytes.reserve(static_cast<std::size_t>(kLines) * 85);
  for (int i = 0; i < kLines; ++i) bytes += frame('T', line(i));
  return bytes + frame('P', "all taken in?");
}

std::string first_word_of(const std::string& path, const std::string& key) {
  std::ifstream in(path);
  for (std::string text; std::getline(in, text);)
    if (text.starts_with(key)) return text.substr(key.size());
  return "";
}

// The most memory that a process ever had, in MiB.
double peak_memory(const std::string& pid) {
  const std::string text = first_word_of("/proc/" + pid + "/status", "VmHWM:");
  return text.empty() ? 0 : std::stod(text) / 1024;
}

// The other side of a talk, which the client under test calls.
class Desk {
 public:
  Desk() : listener_(listen_on("127.0.0.1", 0)) {}

  std::string port() const { return std::to_string(local_address(listener_.get()).port); }
  void welcome() {
    pollfd ready{listener_.get(), POLLIN, 0};
    ::poll(&ready, 1, 20'000);
    visitor_ = std::make_unique<Peer>(OwnedFd(::accept(listener_.get(), nullptr, nullptr)));
    visitor_->send("TALK/1 pid=1 name=flood\r\n");
    visitor_->hears("\r\n");
  }
  // Returns the seconds until the client has taken it all in.
  double pour(std::string_view bytes) {
    const Time start = Clock::now();
    while (!bytes.empty()) {
      pollfd ready{visitor_->fd(), POLLOUT, 0};
      ::poll(&ready, 1, 60'000);
      const IoResult result = send_some(visitor_->fd(), bytes);
      if (result.failed()) return -1;
      bytes.remove_prefix(result.count);
    }
    pollfd ready{visitor_->fd(), POLLIN, 0};
    ::poll(&ready, 1, 60'000);
    return visitor_->hears("all taken in?", kLongest) ? seconds_since(start) : -1;
  }

 private:
  OwnedFd listener_;
  std::unique_ptr<Peer> visitor_;
};

struct Terminal {
  std::string name;
  std::vector<std::string> command;  // to which `sh -c COMMAND` is added
};

class Bench {
 public:
  Bench() : frames_(flood_frames()) {
    std::ofstream file(lines());
    for (int i = 0; i < kLines; ++i) file << line(i) << '\n';
  }

  void in(const Terminal& terminal, const std::string& display) {
    const double cat = cat_in(terminal, display);
    Desk desk;
    const std::unique_ptr<Process> window =
        start(terminal, display,
              "echo $$ > " + (directory_ / "pid") + "; exec " + program("talk_client") +
                  " --split 127.0.0.1 " + desk.port());
    desk.welcome();
    const double ours = desk.pour(frames_);
    std::printf("%-6s cat %6.2f s   talk_client %6.2f s   1/%.0f of it   peak %.0f MiB\n",
                terminal.name.c_str(), cat, ours, cat / ours,
                peak_memory(first_word_of(directory_ / "pid", "")));
    std::fflush(stdout);
  }

  // The test is the terminal: it reads all that is painted, and types.
  void keys() {
    Desk desk;
    Process::Options options;
    options.terminal = true;
    options.environment = {{"TERM", "xterm-256color"}};
    Process client({program("talk_client"), "--split", "127.0.0.1", desk.port()}, options);
    desk.welcome();
    double took = 0;
    std::atomic<bool> done = false;
    std::thread flood([&] { took = desk.pour(frames_), done = true; });
    std::vector<double> waits;
    while (!done) waits.push_back(wait_for_key(client, static_cast<int>(waits.size())));
    flood.join();
    std::sort(waits.begin(), waits.end());
    std::printf("keys   %zu typed meanwhile (%.2f s): median %.1f ms, longest %.1f ms\n",
                waits.size(), took, waits[waits.size() / 2] * 1000, waits.back() * 1000);
  }

 private:
  std::string lines() const { return directory_ / "lines"; }

  // ^U and a word; the wait ends when the word stands behind the prompt.
  static double wait_for_key(Process& client, int number) {
    const std::string word = "key" + std::to_string(1'000'000 + number);
    const std::size_t from = client.out().size();  // the word may be there before type() returns
    client.type("\x15" + word);
    const Time start = Clock::now();
    while (client.out().find("> " + word, from > 200 ? from - 200 : 0) == std::string::npos &&
           seconds_since(start) < 10)
      ::usleep(200);
    const double waited = seconds_since(start);
    ::usleep(20'000);
    return waited;
  }

  std::unique_ptr<Process> start(const Terminal& terminal, const std::string& display,
                                 const std::string& shell) const {
    std::vector<std::string> command = terminal.command;
    command.insert(command.end(), {"sh", "-c", shell});
    Process::Options options;
    options.environment = {{"DISPLAY", display}};
    return std::make_unique<Process>(command, options);
  }

  double cat_in(const Terminal& terminal, const std::string& display) const {
    const std::string times = directory_ / (terminal.name + ".times");
    const auto window =
        start(terminal, display,
              "date +%s.%N > " + times + ".begin; cat " + lines() + "; date +%s.%N > " + times +
                  ".end; mv " + times + ".end " + times);
    wait_until([&] { return ::access(times.c_str(), F_OK) == 0; }, kLongest);
    return std::stod(first_word_of(times, "")) - std::stod(first_word_of(times + ".begin", ""));
  }

  TempDir directory_;
  std::string frames_;
};

bool is_installed(const std::string& name) {
  return Process({"sh", "-c", "command -v " + name}).exit_code() == 0;
}

int run() {
  Process x({"Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"});
  if (!x.says("\n")) return std::puts("Xvfb did not start"), 1;
  const std::string display = ":" + x.out().substr(0, x.out().find('\n'));
  const std::string socket = "talk-bench-" + std::to_string(::getpid());
  const std::vector<Terminal> terminals = {
      {"xterm", {"xterm", "-geometry", "80x24", "-e"}},
      {"urxvt", {"urxvt", "-geometry", "80x24", "-e"}},
      {"tmux",
       {"tmux", "-L", socket, "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24"}}};
  std::printf("%d lines of 80 characters\n", kLines);
  // A session that stays: between two others tmux's server would end.
  Process({"tmux", "-L", socket, "-f", "/dev/null", "new-session", "-d", "sleep 1000"}).exit_code();
  Bench bench;
  bench.keys();
  for (const Terminal& terminal : terminals) {
    if (is_installed(terminal.name))
      bench.in(terminal, display);
    else
      std::printf("%-6s is not installed\n", terminal.name.c_str());
  }
  Process({"tmux", "-L", socket, "kill-server"}).exit_code();
  return 0;
}

}  // namespace
}  // namespace talk::test

int main() { return talk::test::run(); }
