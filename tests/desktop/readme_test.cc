// Every command that README.md shows is run as it stands there, with another port and host. Here is
// only what is to come of it: a command that nobody has thought of fails, and so does one that has
// gone from there.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <map>
#include <memory>
#include <regex>
#include <set>

#include "tests/support/desktop.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/readme.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

// A server, as a visitor sees it who sends the first and hears the second.
struct Served {
  std::string sent;
  std::string heard;
};
const std::map<std::string, Served> kServers = {
    {"talk_server 1234", {"", "TALK/1 pid="}},
    {"talk_server --board 1234", {"", "TALK/1 pid="}},
    {"talk_server --lines 1234", {"", "TALK/1 pid="}},
    {"talk_server --transcripts ~/talks 1234", {"", "TALK/1 pid="}},
    {"talk_server --share ~/handouts 1234", {"", "TALK/1 pid="}},
    {"talk_server --max-per-host 3 --max-file-size 500M 1234", {"", "TALK/1 pid="}},
    {"talk_server --allow 10.0.0.0/8 --allow ::1 1234", {"", "ERROR: "}},  // 127.0.0.1 is not named
    {"talk_server --proxy-protocol --allow BALANCER 1234",
     {"PROXY TCP4 10.0.0.7 10.0.0.1 5000 1234\r\n", "TALK/1 pid="}},
    {"talk_server --terminal none 1234 uploads/", {"", "TALK/1 pid="}},
    {"talk_server --handler echo 1234", {"hello\n", "hello\n"}},
    {"talk_server --handler store 1234 data/", {"put 7 very large\nget 7\n", "very large"}},
    {"talk_server --handler fetch 1234 files/", {"none.txt\n", "NO"}},
    {"talk_server --handler accio 1234 in/", {"", "accio\r\n"}},
    {"talk_server --handler ./mine.py 1234", {"hello\n", "HELLO\n"}},
};

const std::string kUnixServer = "talk_server unix:$HOME/desk";

// What calls a server that stands at `desk`, says no word but "hello", and ends with 0.
const std::set<std::string> kCallers = {
    "talk_client desk 1234",
    "talk_client --lines desk 1234",
    "make 2>&1 | talk_client desk 1234",
    "talk_client --send report.pdf src/ desk 1234",
    "talk_client --get slides.pdf desk 1234",
};

// What goes on for long, or tells something of a server, and what it says first.
const std::map<std::string, std::string> kLong = {
    {"nc desk 1234", "TALK/1 pid="},
    {"talk_desk", "alice"},
    {"talk_desk list --json", "\"name\": \"alice\""},
    {"talk_clinic store localhost 1234", "first"},
    {"talk_clinic accio --serve 1234", "start the client now"},
    {"talk_clinic accio --list class.txt --html class.html", "alice"},
};

const std::map<std::string, std::string> kNotRunHere = {
    {"talk_server --terminal kitty 1234", "test-more installs kitty: tests/terminals"},
    {"talk_client --via 'ssh -W localhost:%p %h' desk 1234", "test-more has sshd: services_more"},
    {"systemctl enable --now talk_server@store", "test-more has systemd verify the units"},
    {"systemctl --user enable --now talk_server", "the same"},
    {"sudo apt-get update && sudo apt-get install -y make && make demo", "for a fresh machine"},
    {"sudo apt-get update && sudo apt-get install -y make && make test", "the same"},
    {"man -l talk_server/talk_server.1", "make lint renders the pages"},
};

// Those of programs of ours, and what else is named above.
std::set<std::string> shown_commands() {
  std::set<std::string> commands;
  for (const std::string& line : readme_shell_lines()) commands.insert(line);
  static const std::regex kCommand(
      "(talk_(server|client|desk|clinic)|nc|systemctl|man -l) .+|"
      "make .*talk_client.*");
  for (const std::string& span : readme_spans())
    if (std::regex_match(span, kCommand) || span == "talk_desk") commands.insert(span);
  return commands;
}

std::string here_and_now(std::string command, const std::string& port) {
  command = std::regex_replace(command, std::regex("\\bdesk 1234$"), "127.0.0.1 1234");
  command = std::regex_replace(command, std::regex("BALANCER"), "127.0.0.1");
  return std::regex_replace(command, std::regex("\\b1234\\b"), port);
}

class ReadmeCommands : public testing::Test {
 protected:
  ReadmeCommands() {
    namespace fs = std::filesystem;
    for (const char* const directory :
         {"talks", "handouts", "uploads", "data", "files", "in", "src"})
      fs::create_directory(home_ / directory);
    fs::create_directory(home_ / "run");
    fs::permissions(home_ / "run", fs::perms::owner_all);
    write_file(home_ / "report.pdf", "a report");
    write_file(home_ / "src/main.c", "int main;");
    write_file(home_ / "handouts/slides.pdf", "slides");
    write_file(home_ / "Makefile", "all:\n\t@echo built\n");
    write_script(home_ / "mine.py", read_file("tests/examples/greeter.py"));
    const std::string bin = std::filesystem::path(program("talk_server")).parent_path();
    options_.directory = home_.path();
    options_.environment = {{"HOME", home_.path()},
                            {"XDG_RUNTIME_DIR", home_ / "run"},
                            {"PATH", bin + ":" + ::getenv("PATH")}};
  }

  std::vector<std::string> shell(const std::string& command) {
    return {"bash", "-o", "pipefail", "-c", command};
  }
  // A desk with nobody at it, which alice has called.
  void open_desk() {
    desk_ = std::make_unique<Server>(
        std::vector<std::string>{"--terminal", "none", "--share", home_ / "handouts"},
        home_ / "uploads", options_);
    port_ = std::to_string(desk_->port());
    write_file(home_ / "class.txt", "alice 127.0.0.1 " + port_ + "\n");
    visitor_ = std::make_unique<Peer>(desk_->port());
    visitor_->send("TALK/1 name=alice\r\n");
    ASSERT_TRUE(visitor_->hears("TALK/1 pid="));
    ASSERT_TRUE(desk_->logs("session 1 is name="));
  }

  TempDir home_;
  Process::Options options_;
  std::unique_ptr<Server> desk_;
  std::unique_ptr<Peer> visitor_;
  std::string port_;
};

TEST_F(ReadmeCommands, AllAreKnownAndNoOther) {
  std::set<std::string> known(kCallers);
  for (const auto& [command, served] : kServers) known.insert(command);
  for (const auto& [command, first] : kLong) known.insert(command);
  for (const auto& [command, reason] : kNotRunHere) known.insert(command);
  known.insert(kUnixServer);
  EXPECT_EQ(shown_commands(), known);
}

TEST_F(ReadmeCommands, ServersServe) {
  const Desktop desktop;
  options_.environment.merge(desktop.options().environment);
  for (const auto& [shown, served] : kServers) {
    Process server(shell("exec " + here_and_now(shown, "0")), options_);
    ASSERT_TRUE(server.says("\n")) << shown << server.err();
    const std::string line = server.out().substr(0, server.out().find('\n'));
    ASSERT_TRUE(line.starts_with("listening on [::]:")) << shown << line;
    Peer visitor(std::stoi(line.substr(line.rfind(':') + 1)));
    visitor.send(served.sent);
    EXPECT_TRUE(visitor.hears(served.heard)) << shown << server.err() << visitor.received();
    server.signal(SIGTERM);
    EXPECT_EQ(server.exit_code(), 0) << shown;
  }
  EXPECT_FALSE(std::filesystem::is_empty(home_ / "talks"));
}

TEST_F(ReadmeCommands, AServerForOneselfServesOneself) {
  options_.environment["DISPLAY"] = "";
  Process server(shell("exec " + kUnixServer + " --terminal none"), options_);
  ASSERT_TRUE(server.says("listening on unix:" + (home_ / "desk"))) << server.err();
  Process caller(shell("echo hello | talk_client unix:$HOME/desk"), options_);
  EXPECT_EQ(caller.exit_code(), 0) << caller.err();
}

TEST_F(ReadmeCommands, CallersAreServed) {
  open_desk();
  for (const std::string& shown : kCallers) {
    Process caller(shell("echo hello | " + here_and_now(shown, port_)), options_);
    EXPECT_EQ(caller.exit_code(), 0) << shown << caller.err();
  }
  EXPECT_EQ(read_file(home_ / "uploads/report.pdf"), "a report");
  EXPECT_EQ(read_file(home_ / "uploads/src/main.c"), "int main;");
  EXPECT_EQ(read_file(home_ / "slides.pdf"), "slides");
}

TEST_F(ReadmeCommands, WhatGoesOnBegins) {
  open_desk();
  options_.environment["TERM"] = "xterm";
  for (const auto& [shown, first] : kLong) {
    options_.terminal = shown == "talk_desk";
    const std::string port = shown.find("--serve") == std::string::npos ? port_ : "0";
    Process process(shell("exec " + here_and_now(shown, port)), options_);
    EXPECT_TRUE(process.says(first)) << shown << process.out() << process.err();
  }
}

// What takes the contents of a store elsewhere.
TEST_F(ReadmeCommands, AStoreIsTakenElsewhere) {
  Server store({"--terminal", "none", "--handler", "store"}, home_ / "data", options_);
  Peer client(store.port());
  client.send("put 7 small\nput 8 x\ndel 8\ndel 7\nput 7 very large\nget 7\n");
  ASSERT_TRUE(client.hears("very large"));
  std::string command;
  for (const std::string& span : readme_spans())
    if (span.starts_with("awk ")) command = span;
  Process awk(shell(command), options_);
  EXPECT_EQ(awk.exit_code(), 0) << awk.err();
  EXPECT_EQ(awk.out(), "7 very large\n");
}

}  // namespace
}  // namespace talk::test
