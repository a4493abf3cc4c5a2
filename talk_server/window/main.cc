// talk_window COMMAND... HANDLER FD: gives a session a window of a program that starts what runs in
// it by itself (tmux, terminals of the desktops), as `xterm -e HANDLER FD` gives it one of a
// program that lets its connection through. Such a window inherits nothing from here; so the
// connection is sent to it over a Unix socket:
//
//   talk_server ─► talk_window tmux new-window {} HANDLER FD ─► (tmux) ─► talk_window --window PATH
//                    │ waits for the end  ◄─── the connection, at PATH ───►      │
//                                                                                └─► HANDLER FD
//
// Whichever side ends, the other one does.
//
// talk_window --only-again FD does the same for a visitor who may not be new, and turns others
// away.
//
// talk_window --look PROGRAM ARGUMENT... FD becomes PROGRAM, called by the arguments, for a visitor
// who is new; one who calls again, its link having been lost, is handed to the process that has its
// talk, and no window opens.
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "common/desk/resumption.h"
#include "common/posix/environment.h"
#include "common/posix/error.h"
#include "common/posix/program.h"
#include "common/text/decimal.h"
#include "talk_server/session/turn_away.h"
#include "talk_server/window/in_window.h"
#include "talk_server/window/relay.h"

namespace talk {
namespace {

constexpr const char* kHelp =
    R"(Usage: talk_window COMMAND... HANDLER FD
Runs COMMAND, in which {} stands for the words that start a program in a window,
and hands the connection FD over to HANDLER in that window. talk_server starts it.

  -h, --help     show this and exit
  -V, --version  show the version and exit
)";

bool answered(const std::string& word) {
  if (word == "-h" || word == "--help") {
    print_out(kHelp);
    return true;
  }
  if (word != "-V" && word != "--version") return false;
  print_out("talk_window " + std::string(kVersion) + "\n");
  return true;
}

// For what the first bytes of a client that calls again take behind its connection.
constexpr milliseconds kLook{5};
// Of one who is turned away otherwise: nobody waits for that.
constexpr milliseconds kLookLonger{500};

int descriptor(const std::string& word) {
  const auto number = decimal<int>(word);
  if (!number || *number < 0) throw UsageError("FD is a number, not '" + word + "'");
  return *number;
}

// It cannot be confined, for it becomes a terminal; so it only looks (what judges the bytes is
// pure, and fuzzed), and they stay for the handler, which is confined when it reads them.
bool handed_over(int visitor, milliseconds patience) {
  const std::string directory = environment("TALK_REGISTER");
  if (directory.empty()) return false;
  const CalledFrom from{environment("TCPREMOTEIP"), !environment("TALK_PROXY").empty()};
  const auto again = look_for_resumption(visitor, from, patience);
  return again && hand_over(directory, *again, visitor);
}

int only_again(int visitor) {
  if (handed_over(visitor, kLookLonger)) return 0;
  turn_away(visitor, kTooMany);
  return 1;
}

void look(std::vector<std::string> words, int visitor) {
  if (handed_over(visitor, kLook)) return;
  std::vector<char*> arguments;
  for (std::size_t i = 1; i < words.size(); ++i) arguments.push_back(words[i].data());
  arguments.push_back(nullptr);
  ::execv(words[0].c_str(), arguments.data());
  throw_errno("start " + words[0]);
}

int run(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  if (words.size() == 1 && answered(words[0])) return 0;
  if (words.size() == 2 && words[0] == "--window") {
    serve_in_window(words[1]);
    return 0;
  }
  if (words.size() == 2 && words[0] == "--only-again") return only_again(descriptor(words[1]));
  if (words.size() < 3) throw UsageError("COMMAND, HANDLER and FD are needed");
  const int visitor = descriptor(words.back());
  if (words[0] == "--look") {
    look({words.begin() + 1, words.end()}, visitor);
    return 0;
  }
  words.pop_back();
  const std::string handler = std::move(words.back());
  words.pop_back();
  const std::string program = std::filesystem::absolute(argv[0]).string();  // started by its path
  Relay(std::move(words), program, handler).run(visitor);
  return 0;
}

}  // namespace
}  // namespace talk

int main(int argc, char** argv) {
  return talk::run_program("talk_window", talk::ErrorLine::never_waits,
                           [&] { return talk::run(argc, argv); });
}
