// talk_desk for scripts, with real servers, sessions and visitors.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <memory>

#include "common/desk/register.h"
#include "tests/support/client.h"
#include "tests/support/control_loop.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

struct Ran {
  int code = -1;
  std::string out;
  std::string err;
};

class TalkDesk : public testing::Test {
 protected:
  Process::Options environment() const {
    Process::Options options;
    options.environment["XDG_RUNTIME_DIR"] = runtime.path();
    return options;
  }
  std::unique_ptr<Server> serve(std::vector<std::string> options = {}) {
    options.insert(options.begin(), {"--terminal", "none", "--name", "prof"});
    auto server = std::make_unique<Server>(options, files.path(), environment());
    port = std::to_string(server->port());
    return server;
  }
  // Of the server that was started last: this user may have others, registered below /tmp.
  Ran desk(std::vector<std::string> words) const {
    words.insert(words.begin(), port);
    return desk_alone(words);
  }
  Ran desk_alone(std::vector<std::string> words) const {
    words.insert(words.begin(), program("talk_desk"));
    Process process(words, environment());
    const int code = process.exit_code().value_or(-1);
    return {code, process.out(), process.err()};
  }
  // True once the list, or its JSON, holds `part`.
  bool lists(const std::string& part, milliseconds patience = kPatience) const {
    return wait_until(
        [&] {
          return desk({"list", "--json"}).out.find(part) != std::string::npos;
        },
        patience);
  }
  std::string register_of(const Server& server) const {
    return runtime / ("talk/" + std::to_string(server.port()));
  }

  TempDir runtime;
  TempDir files;
  std::string port;
};

TEST_F(TalkDesk, ListsWhoIsThere) {
  const auto server = serve();
  TalkPeer alice(server->port());
  TalkPeer bob(server->port(), "TALK/1 name=%1b%5b2J%22%ff\r\n");
  alice.send(frame('T', "two") + frame('T', "lines"));
  ASSERT_TRUE(lists("\"unread\": 2"));
  const std::string pid = std::to_string(alice.handler_pid());
  const std::string out = desk({"list", "--json"}).out;
  EXPECT_TRUE(
      out.starts_with("{\"port\": " + std::to_string(server->port()) +
                      ", \"waiting\": 0, \"sessions\": [{\"session\": 1, \"name\": \"alice\","
                      " \"address\": \"127.0.0.1\", \"pid\": " +
                      pid + ", \"state\": \"here\", \"unread\": 2, \"idle\": "))
      << out;
  EXPECT_NE(out.find("\"name\": \"^[[2J\\\"\\ufffd\""), std::string::npos) << out;
  Process tool({"python3", "-m", "json.tool"}, {});
  tool.type(out);
  tool.end_input();
  EXPECT_EQ(tool.exit_code(), 0) << tool.err();

  const Ran table = desk({"list"});
  EXPECT_NE(table.out.find("1  alice"), std::string::npos) << table.out;
  EXPECT_EQ(table.out.find('\x1b'), std::string::npos);
}

TEST_F(TalkDesk, ATransferOnItsWayIsListed) {
  const auto server = serve();
  TalkPeer alice(server->port());
  alice.send(frame('O', u32(1) + u64(1000) + u64(0) + "notes.pdf"));
  ASSERT_TRUE(alice.hears_frame('A'));
  alice.send(frame('D', u32(1) + std::string(450, 'x')));
  EXPECT_TRUE(
      lists("\"transfers\": [{\"name\": \"notes.pdf\", \"outgoing\": false, \"done\": 450, "
            "\"total\": 1000}]"));
}

// With nobody at a keyboard the board is where answers come from.
TEST_F(TalkDesk, WhatIsSaidIsAnAnswerFromTheDesk) {
  const auto server = serve();
  TalkPeer alice(server->port());
  TalkPeer bob(server->port());
  alice.send(frame('T', "is anybody there?"));
  ASSERT_TRUE(alice.hears_frame('N', "somebody may read what you say"));
  ASSERT_TRUE(lists("\"unread\": 1"));
  EXPECT_EQ(desk({"say", "1", "yes,", "I am"}).code, 0);
  EXPECT_TRUE(alice.hears_frame('T', "yes, I am"));
  EXPECT_TRUE(lists("\"session\": 2"));
  EXPECT_EQ(desk({"list", "--json"}).out.find("\"unread\": 1"), std::string::npos);

  // A line that begins with a slash is no command of anybody's.
  EXPECT_EQ(desk({"say", "all", "/bye to all"}).code, 0);
  EXPECT_TRUE(alice.hears_frame('T', "/bye to all"));
  EXPECT_TRUE(bob.hears_frame('T', "/bye to all"));
  EXPECT_EQ(bob.texts(), std::vector<std::string>{"/bye to all"});
  EXPECT_TRUE(bob.is_answered());
}

TEST_F(TalkDesk, ClosesWithAReason) {
  const auto server = serve();
  TalkPeer alice(server->port());
  TalkPeer bob(server->port());
  ASSERT_TRUE(lists("\"session\": 2"));
  EXPECT_EQ(desk({"close", "1", "come", "back tomorrow"}).code, 0);
  EXPECT_TRUE(alice.hears_frame('B', "come back tomorrow"));
  EXPECT_TRUE(alice.sees_end());
  EXPECT_TRUE(bob.is_answered());
  EXPECT_EQ(desk({"close", "all"}).code, 0);
  EXPECT_TRUE(bob.sees_end());
  EXPECT_TRUE(lists("\"sessions\": []"));
}

TEST_F(TalkDesk, ExitCodesTellWhatWasWrong) {
  const Ran none = desk_alone({"1", "list"});
  EXPECT_EQ(none.code, 1);
  EXPECT_TRUE(none.err.starts_with("ERROR: find your talk_server at 1: none runs there"))
      << none.err;
  const auto server = serve();
  EXPECT_EQ(desk({"say", "7", "words"}).code, 5);
  EXPECT_EQ(desk({"say", "7", "words"}).err, "ERROR: there is no session 7\n");
  EXPECT_EQ(desk({"raise", "7"}).code, 5);
  EXPECT_EQ(desk({"say", "all", "words"}).code, 0);
  TalkPeer alice(server->port());
  ASSERT_TRUE(lists("\"session\": 1"));
  const Ran raised = desk({"raise", "1"});
  EXPECT_EQ(raised.code, 5);
  EXPECT_EQ(raised.err, "ERROR: session 1: it has no window\n");

  const auto other = serve();
  const Ran several = desk_alone({"list"});
  EXPECT_EQ(several.code, 2);
  EXPECT_NE(several.err.find(std::to_string(server->port())), std::string::npos);
  EXPECT_NE(several.err.find(std::to_string(other->port())), std::string::npos);
  EXPECT_EQ(desk({"list"}).code, 0);
}

// Of a session of an older program "such request" was said.
TEST_F(TalkDesk, ASessionThatDoesNotKnowTheRequestIsSaidNotTo) {
  const auto server = serve();
  ControlSocket older(session_socket(register_of(*server), 99),
                      [](std::string_view) { return std::string("no such request"); });
  const ControlLoop loop(older);
  EXPECT_EQ(desk({"raise", "99"}).err,
            "ERROR: session 99: its program does not know that request\n");
}

TEST_F(TalkDesk, ItFindsTheOnlyServerByItself) {
  if (!registered_servers().empty()) GTEST_SKIP() << "this user has other servers now";
  EXPECT_EQ(desk_alone({"list"}).err,
            "ERROR: find your talk_server: none of yours runs on this machine\n");
  const auto server = serve();
  const Ran found = desk_alone({"list", "--json"});
  if (found.code == 2) GTEST_SKIP() << "this user has other servers now";
  EXPECT_TRUE(found.out.starts_with("{\"port\": " + port)) << found.out << found.err;
}

TEST_F(TalkDesk, WrongUsageIsExitTwo) {
  const std::vector<std::vector<std::string>> wrong = {{"shout"},
                                                       {"1234", "shout"},
                                                       {"say"},
                                                       {"say", "1"},
                                                       {"say", "x", "words"},
                                                       {"raise"},
                                                       {"raise", "all"},
                                                       {"list", "more"},
                                                       {"--json"},
                                                       {"--colour", "list"},
                                                       {"unix:"},
                                                       {"99999", "list"},
                                                       {"say", "0", "words"}};
  for (const auto& words : wrong) {
    const Ran ran = desk_alone(words);
    EXPECT_EQ(ran.code, 2) << words[0];
    EXPECT_TRUE(ran.err.starts_with("ERROR: ")) << ran.err;
  }
  EXPECT_EQ(desk_alone({"shout"}).err,
            "ERROR: 'shout' is no command (list, say, close, raise), and no server's PORT or "
            "unix:PATH (try 'talk_desk --help')\n");
  // Not, as it said once, that there was no such session.
  EXPECT_EQ(desk_alone({"say", "1", std::string(65'537, 'x')}).err,
            "ERROR: say: the text is over 64 KiB (try 'talk_desk --help')\n");
  for (const char* option : {"--help", "-h"})
    EXPECT_TRUE(desk_alone({option}).out.starts_with("Usage: talk_desk ")) << option;
  for (const char* option : {"--version", "-V"})
    EXPECT_TRUE(desk_alone({option}).out.starts_with("talk_desk ")) << option;
}

TEST_F(TalkDesk, AtATerminalOnly) {
  const auto server = serve();
  const Ran ran = desk({});
  EXPECT_EQ(ran.code, 1);
  EXPECT_EQ(ran.err, "ERROR: show the board: this is no terminal (for scripts: talk_desk list)\n");
}

// A session that stands still must neither hold the list up nor the others.
TEST_F(TalkDesk, AFrozenSessionIsShownForOneAndHoldsNobodyUp) {
  const auto server = serve();
  TalkPeer alice(server->port());
  TalkPeer bob(server->port());
  ASSERT_TRUE(lists("\"session\": 2"));
  const pid_t frozen = alice.handler_pid();
  ::kill(frozen, SIGSTOP);
  const std::string out = desk({"list", "--json"}).out;
  EXPECT_NE(out.find("\"session\": 1, \"name\": null, \"address\": null, \"pid\": " +
                     std::to_string(frozen) + ", \"state\": \"frozen\""),
            std::string::npos)
      << out;
  EXPECT_NE(out.find("\"session\": 2, \"name\": \"alice\""), std::string::npos);
  const Ran said = desk({"say", "all", "good morning"});
  EXPECT_EQ(said.code, 5);
  EXPECT_EQ(said.err, "ERROR: session 1 does not answer; it may still do it when it wakes\n");
  EXPECT_TRUE(bob.hears_frame('T', "good morning"));
  ::kill(frozen, SIGCONT);
  EXPECT_TRUE(alice.hears_frame('T', "good morning"));
  EXPECT_TRUE(lists("\"session\": 1, \"name\": \"alice\""));
}

TEST_F(TalkDesk, AKilledSessionIsNoneAndItsNameGoesWithIt) {
  const auto server = serve();
  TalkPeer alice(server->port());
  ASSERT_TRUE(lists("\"session\": 1"));
  ::kill(alice.handler_pid(), SIGKILL);
  EXPECT_TRUE(lists("\"sessions\": []"));
  EXPECT_TRUE(wait_until([&] { return !std::filesystem::exists(register_of(*server) + "/1"); }));
}

TEST_F(TalkDesk, AFullHouseSaysHowManyWait) {
  const auto server = serve({"--max-sessions", "1"});
  TalkPeer alice(server->port());
  ASSERT_TRUE(lists("\"session\": 1"));
  Peer second(server->port());
  Peer third(server->port());
  EXPECT_TRUE(lists("\"waiting\": 2"));
  EXPECT_NE(desk({"list"}).out.find("2 waiting\n"), std::string::npos);
}

TEST_F(TalkDesk, TheRegisterIsPrivateAndGoneAfterAStop) {
  auto server = serve();
  TalkPeer alice(server->port());
  ASSERT_TRUE(lists("\"session\": 1"));
  const std::string directory = register_of(*server);
  struct stat status {};
  ASSERT_EQ(::stat(directory.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  server.reset();
  EXPECT_TRUE(wait_until([&] { return !std::filesystem::exists(directory); }));
}

TEST_F(TalkDesk, AStopThatHasToKillLeavesNothingEither) {
  auto server = serve();
  TalkPeer alice(server->port());
  ASSERT_TRUE(lists("\"session\": 1"));
  const std::string directory = register_of(*server);
  ::kill(alice.handler_pid(), SIGSTOP);
  server.reset();
  EXPECT_FALSE(std::filesystem::exists(directory));
}

// Killed with -9 a server leaves its sessions running. They are on no board, and when they end they
// take nothing of the next server's away.
TEST_F(TalkDesk, AServerThatWasKilledLeavesNothingThatConfusesTheNext) {
  auto first = serve();
  const int number = first->port();
  TalkPeer orphan(number);
  ASSERT_TRUE(lists("\"session\": 1"));
  first->process().signal(SIGKILL);
  ASSERT_TRUE(first->process().exit_code());
  EXPECT_EQ(desk({"list"}).code, 1);

  Process second({program("talk_server"), "--terminal", "none", port, files.path()}, environment());
  ASSERT_TRUE(second.says("listening on"));
  EXPECT_TRUE(lists("\"sessions\": []"));
  TalkPeer bob(number, "TALK/1 name=bob\r\n");
  ASSERT_TRUE(lists("\"session\": 1, \"name\": \"bob\""));
  EXPECT_TRUE(orphan.is_answered());
  orphan.close();
  ASSERT_TRUE(wait_until([&] { return is_dead(orphan.handler_pid()); }));
  EXPECT_TRUE(lists("\"session\": 1, \"name\": \"bob\""));
  EXPECT_EQ(desk({"say", "1", "hello"}).code, 0);
  EXPECT_TRUE(bob.hears_frame('T', "hello"));
  second.signal(SIGTERM);
  EXPECT_EQ(second.exit_code(), 0);
  EXPECT_FALSE(std::filesystem::exists(runtime / ("talk/" + port)));
}

// A register that cannot be made is no reason to turn visitors away.
TEST_F(TalkDesk, WithoutARegisterVisitorsAreServedAllTheSame) {
  Process::Options options = environment();
  options.environment["XDG_RUNTIME_DIR"] = runtime / std::string(150, 'x');
  std::filesystem::create_directory(runtime / std::string(150, 'x'));
  Server server({"--terminal", "none"}, files.path(), options);
  TalkPeer alice(server.port());
  EXPECT_TRUE(alice.is_answered());
  EXPECT_TRUE(server.logs("no board can see this server"));
}

// The kernel's record of what the listener does: it hears whoever asks at the register, and reads
// nothing from a visitor.
TEST_F(TalkDesk, TheListenerStillReadsNoByteOfAVisitor) {
  const std::string record = files / "record";
  Process::Options traced = environment();
  traced.environment["ASAN_OPTIONS"] = "detect_leaks=0";  // which needs to trace for itself
  Process server(
      {"strace", "-yy", "-o", record, "-e", "trace=read,readv,recvfrom,recvmsg,recvmmsg",
       program("talk_server"), "-t", "none", "-m", "1", "-b", "127.0.0.1", "0", files.path()},
      traced);
  if (!server.says("\n")) GTEST_SKIP() << "nothing may be traced here: " << server.err();
  const std::string& line = server.out();
  port = line.substr(line.rfind(':') + 1, line.size() - line.rfind(':') - 2);
  TalkPeer alice(std::stoi(port));
  alice.send(frame('T', "words"));
  Peer waiting(std::stoi(port));
  waiting.send("unheard");
  EXPECT_TRUE(lists("\"waiting\": 1"));
  EXPECT_TRUE(lists("\"unread\": 1"));
  ::kill(children_of(server.pid()).at(0), SIGTERM);
  ASSERT_EQ(server.exit_code(), 0) << server.err();
  const std::string text = read_file(record);
  EXPECT_NE(text.find("<UNIX"), std::string::npos) << text;
  EXPECT_EQ(text.find("<TCP"), std::string::npos) << text;
}

TEST_F(TalkDesk, SixtyFourSessionsAreListedAtOnce) {
  const auto server = serve();
  std::vector<std::unique_ptr<TalkPeer>> visitors;
  for (int i = 0; i < 64; ++i) visitors.push_back(std::make_unique<TalkPeer>(server->port()));
  EXPECT_TRUE(lists("\"session\": 64, \"name\": \"alice\""));
  EXPECT_EQ(desk({"say", "all", "welcome"}).code, 0);
  for (const auto& visitor : visitors) EXPECT_TRUE(visitor->hears_frame('T', "welcome"));
}

}  // namespace
}  // namespace talk::test
