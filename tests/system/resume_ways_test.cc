// A talk goes on whatever led to its server, and whoever of the two was killed; where it cannot,
// that is said.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>

#include "tests/support/client.h"
#include "tests/support/cutting_proxy.h"
#include "tests/support/proc.h"
#include "tests/support/resume_fixture.h"

namespace talk::test {
namespace {

using Words = std::vector<std::string>;

// Hands bytes on between two Unix sockets until it is killed.
constexpr const char* kUnixRelay = R"(#!/usr/bin/env python3
import os, select, socket, sys
door = socket.socket(socket.AF_UNIX)
door.bind(sys.argv[1])
door.listen()
print("ready", flush=True)
while True:
    one, other = door.accept()[0], socket.socket(socket.AF_UNIX)
    other.connect(sys.argv[2])
    while True:
        ready = select.select([one, other], [], [])[0]
        pieces = [(end, end.recv(65536)) for end in ready]
        if not all(piece for _, piece in pieces):
            break
        for end, piece in pieces:
            (other if end is one else one).sendall(piece)
    one.close(), other.close()
)";

// Starts server_handler on its standard input for each caller, as inetd does.
constexpr const char* kInetd = R"(#!/usr/bin/env python3
import os, signal, socket, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
door = socket.create_server(("127.0.0.1", 0))
print(door.getsockname()[1], flush=True)
while True:
    caller = door.accept()[0]
    if os.fork() == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(caller.fileno(), 0)
        os.dup2(caller.fileno(), 1)
        os.execv(sys.argv[1], [sys.argv[1], "0"])
    caller.close()
)";

class ResumeWays : public ResumeFixture {
 protected:
  Words talk_client(const Words& words) const {
    Words command = {program("talk_client"), "--name", "alice"};
    command.insert(command.end(), words.begin(), words.end());
    return command;
  }
  // Through a command, which says which processes it was.
  Words through_command() {
    const std::string way = write_script(
        dir / "way", "#!/bin/sh\necho $$ >>" + (dir / "ways") + "\nexec nc \"$1\" \"$2\"\n");
    return talk_client({"--via", way + " %h %p", "127.0.0.1", std::to_string(server->port())});
  }
  pid_t last_way() const {
    const std::string ways = read_file(dir / "ways");
    return std::stoi(ways.substr(ways.rfind('\n', ways.size() - 2) + 1));
  }

  TempDir dir;
};

TEST_F(ResumeWays, ThroughACommandThatIsKilled) {
  serve();
  Process visitor(through_command());
  visitor.type("line 1\n");
  ASSERT_TRUE(has_heard(1)) << visitor.err();
  for (int line = 2; line <= 3; ++line) {
    ASSERT_EQ(::kill(last_way(), SIGKILL), 0);
    visitor.type("line " + std::to_string(line) + "\n");
    ASSERT_TRUE(has_heard(line)) << visitor.err();
  }
  visitor.end_input();
  EXPECT_EQ(visitor.exit_code(), 0) << visitor.err();
  EXPECT_TRUE(server->logs("session 3 closed exit=0"));
  EXPECT_TRUE(server->logs("session 1 closed exit=0"));
}

// A command that ends at once is called after pauses, and says nothing of why in between.
TEST_F(ResumeWays, ThroughACommandThatFailsForAWhile) {
  serve();
  Process visitor(through_command());
  visitor.type("line 1\n");
  ASSERT_TRUE(has_heard(1)) << visitor.err();
  const std::string way = read_file(dir / "way");
  write_script(dir / "way", "#!/bin/sh\necho tried >>" + (dir / "tries") + "\nexit 7\n");
  ASSERT_EQ(::kill(last_way(), SIGKILL), 0);
  ASSERT_TRUE(wait_until([&] {
    return std::filesystem::exists(dir / "tries") && read_file(dir / "tries").size() >= 12;
  })) << visitor.err();
  visitor.type("line 2\n");
  write_script(dir / "way", way);
  EXPECT_TRUE(has_heard(2)) << visitor.err();
  visitor.end_input();
  EXPECT_EQ(visitor.exit_code(), 0) << visitor.err();
}

TEST_F(ResumeWays, FilesThroughACommandThatIsKilled) {
  serve();
  const std::string bytes(8'000'000, 'x');
  write_file(dir / "big", bytes);
  Words command = through_command();
  command.insert(command.begin() + 1, {"--send", dir / "big", "--plain"});
  Process sender(command);
  const auto has_some = [&] {
    for (const auto& entry : std::filesystem::directory_iterator(files.path()))
      if (entry.file_size() > 0) return true;
    return false;
  };
  ASSERT_TRUE(wait_until(has_some)) << sender.err();
  ::kill(last_way(), SIGKILL);
  EXPECT_EQ(sender.exit_code(), 0) << sender.err();
  EXPECT_EQ(read_file(files / "big"), bytes);
  const auto entries = std::filesystem::directory_iterator(files.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1);
}

TEST_F(ResumeWays, ThroughAUnixSocket) {
  const std::string door = dir / "door";
  Process desk({program("talk_server"), "--terminal", "none", "--name", "prof", "--transcripts",
                transcripts.path(), "unix:" + door, files.path()},
               environment());
  ASSERT_TRUE(desk.says("listening on unix:"));
  const std::string script = write_script(dir / "relay", kUnixRelay);
  const std::string link = dir / "link";
  auto relay = std::make_unique<Process>(Words{script, link, door});
  ASSERT_TRUE(relay->says("ready")) << relay->err();
  Process visitor(talk_client({"unix:" + link}));
  visitor.type("line 1\n");
  ASSERT_TRUE(has_heard(1)) << visitor.err();
  relay.reset();
  ASSERT_TRUE(visitor.complains("the link to <prof> is gone")) << visitor.err();
  visitor.type("line 2\n");
  std::filesystem::remove(link);
  relay = std::make_unique<Process>(Words{script, link, door});
  ASSERT_TRUE(has_heard(2)) << visitor.err();
  EXPECT_TRUE(visitor.complains("is there again"));
  visitor.end_input();
  EXPECT_EQ(visitor.exit_code(), 0) << visitor.err();
  EXPECT_TRUE(desk.complains("session 1 closed exit=0")) << desk.err();
  const auto kept = std::filesystem::directory_iterator(transcripts.path());
  EXPECT_EQ(std::distance(begin(kept), end(kept)), 1) << "the second call is no second talk";
  desk.signal(SIGTERM);
  EXPECT_EQ(desk.exit_code(), 0);
}

// The story: /cancel was forgotten where there was no link, and the file went on behind the next.
TEST_F(ResumeWays, WhatIsCancelledWithoutALinkStaysCancelled) {
  const std::string door = dir / "door";
  Process desk({program("talk_server"), "--terminal", "none", "--name", "prof", "unix:" + door,
                files.path()},
               environment());
  ASSERT_TRUE(desk.says("listening on unix:"));
  const std::string script = write_script(dir / "relay", kUnixRelay);
  auto relay = std::make_unique<Process>(Words{script, dir / "link", door});
  ASSERT_TRUE(relay->says("ready")) << relay->err();
  Process visitor(talk_client({"--commands", "unix:" + (dir / "link")}));
  write_file(dir / "big", "");
  std::filesystem::resize_file(dir / "big", 2'000'000'000);
  visitor.type("/send " + (dir / "big") + "\n");
  const auto bytes_there = [&] {
    std::uintmax_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(files.path()))
      bytes += entry.file_size();
    return bytes;
  };
  ASSERT_TRUE(wait_until([&] { return bytes_there() > 0; })) << visitor.err();
  relay.reset();
  ASSERT_TRUE(visitor.complains("the link to <prof> is gone")) << visitor.err();
  visitor.type("/cancel\n");
  ASSERT_TRUE(visitor.complains("cancelled \"big\"")) << visitor.err();
  std::filesystem::remove(dir / "link");
  relay = std::make_unique<Process>(Words{script, dir / "link", door});
  ASSERT_TRUE(visitor.complains("is there again")) << visitor.err();
  EXPECT_TRUE(desk.complains("cancelled by <alice>")) << desk.err();
  EXPECT_TRUE(wait_until([&] { return std::filesystem::is_empty(files.path()); }));
  desk.signal(SIGTERM);
  EXPECT_EQ(desk.exit_code(), 0);
}

// Nobody can find a talk that is in no register: the next one begins, and says so.
TEST_F(ResumeWays, UnderInetdItIsANewTalk) {
  Process::Options options = environment();
  options.environment["TALK_DIR"] = files.path();
  options.environment["TALK_NAME"] = "prof";
  options.environment["TALK_TRANSCRIPTS"] = transcripts.path();
  Process inetd({write_script(dir / "inetd", kInetd), program("server_handler")}, options);
  ASSERT_TRUE(inetd.says("\n"));
  CuttingProxy link(std::stoi(inetd.out()), 4'000);
  Process visitor(client(link.port()));
  visitor.type("line 1\n");
  ASSERT_TRUE(has_heard(1)) << visitor.err();
  const std::string cut_off(5'000, 'x');
  visitor.type(cut_off + "\n");
  EXPECT_TRUE(visitor.complains("the earlier talk is gone; this is a new one with <prof>"));
  visitor.end_input();
  EXPECT_EQ(visitor.exit_code(), 0) << visitor.err();
  Words lines = heard();
  std::sort(lines.begin(), lines.end());
  // The cut may have taken the word that the first was heard: then the new talk has it, too.
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  EXPECT_EQ(lines, (Words{"line 1", cut_off}));
}

TEST_F(ResumeWays, WhereBothMayDoNoMoreThanTheyMust) {
  const Words strict = {"--terminal", "none", "--confine", "require", "-b", "127.0.0.1", "0"};
  Words probe = {program("talk_server")};
  probe.insert(probe.end(), strict.begin(), strict.end());
  if (!Process(probe, environment()).says("listening"))
    GTEST_SKIP() << "this kernel cannot confine all";
  serve({"--confine", "require"});
  CuttingProxy link(server->port(), 3'000);
  Process::Options options;
  options.environment["TALK_CONFINE"] = "require";
  Process visitor(client(link.port()), options);
  for (const std::string& line : numbered(300)) visitor.type(line + "\n");
  EXPECT_TRUE(visitor.complains("is there again")) << visitor.err();
  EXPECT_TRUE(has_heard(300));
  visitor.end_input();
  EXPECT_EQ(visitor.exit_code(), 0) << visitor.err();
  EXPECT_TRUE(server->logs("session 2 closed exit=0"));
}

// ---- The desk's side is gone ----

TEST_F(ResumeWays, APersonIsToldOfATalkThatIsGone) {
  serve();
  Process::Options options;
  options.terminal = true;
  Process person(client(server->port(), {"--plain"}), options);
  person.type("line 1\r");
  ASSERT_TRUE(has_heard(1)) << person.out();
  const pid_t handler = server->session_process(1);
  ::kill(handler, SIGSTOP);
  person.type("nobody hears this\r");
  ASSERT_TRUE(person.says("1 not delivered yet"));
  ::kill(handler, SIGKILL);
  EXPECT_TRUE(person.says("the link to <prof> is gone")) << person.out();
  EXPECT_TRUE(person.says("the earlier talk is gone; this is a new one with <prof>"));
  EXPECT_TRUE(person.says("not heard: \"nobody hears this\""));
  person.type("line 2\r");
  EXPECT_TRUE(has_heard(2)) << person.out();
}

// A server that is killed leaves its talks; with their processes gone too, a person who is told
// that nobody is there calls by Enter once there is a server again.
TEST_F(ResumeWays, AListenerThatWasKilledIsCalledUntilThereIsAnother) {
  serve();
  const int port = server->port();
  Process::Options options;
  options.terminal = true;
  Process person(client(port, {"--plain"}), options);
  person.type("line 1\r");
  ASSERT_TRUE(has_heard(1)) << person.out();
  const pid_t handler = server->session_process(1);
  server->process().signal(SIGKILL);
  EXPECT_EQ(server->process().exit_code(), -SIGKILL);
  person.type("line 2\r");
  ASSERT_TRUE(has_heard(2)) << "the talk goes on without its listener: " << person.out();
  ::kill(handler, SIGKILL);
  ASSERT_TRUE(person.says("calling in ")) << person.out();
  Process next({program("talk_server"), "--terminal", "none", "-b", "127.0.0.1", "--name", "prof",
                "--transcripts", transcripts.path(), std::to_string(port), files.path()},
               environment());
  ASSERT_TRUE(next.says("listening")) << next.err();
  person.type("\r");
  EXPECT_TRUE(person.says("the earlier talk is gone; this is a new one with <prof>"));
  person.type("line 3\r");
  EXPECT_TRUE(wait_until([&] { return heard().size() == 3; })) << person.out();
  next.signal(SIGTERM);
  EXPECT_EQ(next.exit_code(), 0);
}

}  // namespace
}  // namespace talk::test
