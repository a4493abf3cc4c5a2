// talk_desk for scripts, with real servers, sessions and visitors.
#include <gtest/gtest.h>
#include <signal.h>

#include <memory>

#include "common/desk/register.h"
#include "tests/support/client.h"
#include "tests/support/control_loop.h"
#include "tests/support/process.h"
#include "tests/support/talk_desk_fixture.h"
#include "tests/support/talk_peer.h"

namespace talk::test {
namespace {

using TalkDesk = TalkDeskFixture;

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
