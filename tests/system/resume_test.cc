// A talk that outlives its link: real programs, with a link between them that is cut.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <sstream>

#include "tests/support/client.h"
#include "tests/support/cutting_proxy.h"
#include "tests/support/linked_transfers.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/resume_fixture.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using Resume = ResumeFixture;

TEST_F(Resume, APipeGoesOnWhereItWasCut) {
  serve();
  for (const std::uint64_t cut : {150U, 157U, 400U, 1'000U, 3'333U}) {
    const std::size_t before = heard().size();
    CuttingProxy link(server->port(), cut);
    Process pipe(client(link.port()));
    for (const std::string& line : numbered(300)) pipe.type(line + "\n");
    pipe.end_input();
    ASSERT_EQ(pipe.exit_code(), 0) << cut << "\n" << pipe.err();
    EXPECT_TRUE(link.has_cut());
    std::vector<std::string> lines = heard();
    lines.erase(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(before));
    EXPECT_EQ(lines, numbered(300)) << cut;
  }
}

TEST_F(Resume, TheSameSessionGoesOnAndTheOneOfTheCallIsGone) {
  serve();
  CuttingProxy link(server->port(), 200);
  Process visitor(client(link.port()));
  for (int i = 1; i <= 10; ++i) visitor.type("line " + std::to_string(i) + "\n");
  ASSERT_TRUE(visitor.complains("is there again")) << visitor.err();
  EXPECT_TRUE(server->logs("session 2 closed exit=0"));
  visitor.type("and on\n");
  EXPECT_EQ(say("1", "from the desk"), 0);
  EXPECT_TRUE(visitor.says("from the desk\n"));
  visitor.end_input();
  EXPECT_EQ(visitor.exit_code(), 0);
  EXPECT_EQ(heard().back(), "and on");
  EXPECT_TRUE(server->logs("session 1 closed exit=0"));
}

TEST_F(Resume, WhatTheDeskSaysMeanwhileWaits) {
  serve();
  auto door = std::make_unique<TalkPeer>(server->port(), "TALK/1 name=alice ack=1 again=60\r\n");
  ASSERT_TRUE(door->hears_frame('P'));
  std::smatch ticket;
  const std::string greeting = door->greeting();
  ASSERT_TRUE(std::regex_search(greeting, ticket, std::regex("session=(1-[0-9a-f]{32})")));
  ASSERT_EQ(say("1", "heard"), 0);
  ASSERT_TRUE(door->hears_frame('T', "heard"));
  door.reset();
  EXPECT_TRUE(board_says("\"state\": \"lost\"") || board_says("\"state\":\"lost\""));
  EXPECT_EQ(say("1", "waits"), 0);
  const std::string again = "TALK/1 name=alice ack=1 again=60 session=" + ticket[1].str();
  // Without the secret one is a new visitor, and so is one who has got what was never said.
  TalkPeer thief(server->port(), "TALK/1 name=alice ack=1 again=60 session=1-" +
                                     std::string(32, 'a') + " got=1\r\n");
  EXPECT_TRUE(thief.hears_frame('P'));
  EXPECT_EQ(thief.greeting().find("got="), std::string::npos);
  TalkPeer liar(server->port(), again + " got=9\r\n");
  EXPECT_TRUE(liar.hears_frame('P'));
  EXPECT_EQ(liar.greeting().find("got="), std::string::npos);
  TalkPeer back(server->port(), again + " got=1\r\n");
  ASSERT_TRUE(back.hears_frame('T', "waits"));
  EXPECT_NE(back.greeting().find("got=0"), std::string::npos) << back.greeting();
  EXPECT_EQ(back.texts(), std::vector<std::string>{"waits"});
}

// The greeting comes when the process for the new connection has greeted already.
TEST_F(Resume, ALateGreetingIsHandedOnToo) {
  serve();
  auto first = std::make_unique<TalkPeer>(server->port(), "TALK/1 name=alice ack=1 again=60\r\n");
  ASSERT_TRUE(first->hears_frame('P'));
  const std::string greeting = first->greeting();
  const std::string ticket = greeting.substr(greeting.find("session="));
  first.reset();
  ASSERT_TRUE(board_says("lost"));
  TalkPeer late(server->port(), "");
  ASSERT_TRUE(late.hears("\r\n"));
  late.send("TALK/1 name=alice ack=1 again=60 " + ticket + " got=0\r\n");
  ASSERT_TRUE(late.hears(ticket + " got=0\r\n"));
  EXPECT_EQ(say("1", "here"), 0);
  EXPECT_TRUE(late.hears("here"));
}

TEST_F(Resume, WhereTheEarlierTalkIsGoneAPipeSaysTheRestToTheNewOne) {
  serve();
  CuttingProxy link(server->port(), UINT64_MAX);
  Process visitor(client(server->port()));
  visitor.type("line 1\n");
  ASSERT_TRUE(wait_until([&] { return heard() == numbered(1); }));
  const pid_t handler = server->session_process(1);
  ASSERT_EQ(::kill(handler, SIGSTOP), 0);
  visitor.type("line 2\n");
  visitor.end_input();
  ASSERT_EQ(::kill(handler, SIGKILL), 0);
  EXPECT_EQ(visitor.exit_code(), 0) << visitor.err();
  EXPECT_TRUE(visitor.complains("the earlier talk is gone"));
  EXPECT_EQ(heard(), numbered(2));
}

TEST_F(Resume, FilesGoOnInBothDirectionsWithoutASecondOne) {
  const TempDir here;
  const std::string up = noise(3'000'000, 1);
  const std::string down = noise(2'000'000, 2);
  write_file(here / "up", up);
  const TempDir shared;
  write_file(shared / "down", down);
  serve({"--share", shared.path().string()});
  CuttingProxy link(server->port(), 1'000'000);
  Process visitor(client(link.port(), {"--commands", "--accept", "--dir", here.path().string()}));
  visitor.type("/send " + (here / "up") + "\n/get down\nhello\n");
  visitor.end_input();
  EXPECT_EQ(visitor.exit_code(), 0) << visitor.err();
  EXPECT_TRUE(link.has_cut());
  EXPECT_EQ(names_below(files.path()), std::vector<std::string>{"up"});
  EXPECT_EQ(read_file(files / "up"), up);
  EXPECT_EQ(read_file(here / "down"), down);
  EXPECT_EQ(heard(), std::vector<std::string>{"hello"});
}

// The story: a directory that was on its way when the link was lost was never announced again.
TEST_F(Resume, DirectoriesGoOnToo) {
  const TempDir here;
  const std::string big = noise(2'000'000, 1);
  for (const char* name : {"dir/a", "dir/sub/b"}) {
    std::filesystem::create_directories((here / name).substr(0, (here / name).rfind('/')));
    write_file(here / name, big);
  }
  serve();
  CuttingProxy talk_link(server->port(), 1'000'000);
  Process visitor(client(talk_link.port(), {"--commands"}));
  visitor.type("/send " + (here / "dir") + "\n");
  visitor.end_input();
  EXPECT_EQ(visitor.exit_code(), 0) << visitor.err();
  EXPECT_TRUE(talk_link.has_cut());
  EXPECT_EQ(names_below(files.path()), (std::vector<std::string>{"dir/a", "dir/sub/b"}));
  EXPECT_EQ(read_file(files / "dir/sub/b"), big);
}

TEST_F(Resume, WithoutRetryALostLinkIsTheEnd) {
  serve();
  CuttingProxy link(server->port(), 200);
  Process visitor(client(link.port(), {"--retry", "0"}));
  for (int i = 1; i <= 20; ++i) visitor.type("line " + std::to_string(i) + "\n");
  EXPECT_EQ(visitor.exit_code(), 4);
}

TEST_F(Resume, TheDeskWaitsNoLongerThanItIsTold) {
  serve({"--keep", "1"});
  auto visitor = std::make_unique<TalkPeer>(server->port(), "TALK/1 name=a ack=1 again=60\r\n");
  ASSERT_TRUE(visitor->hears_frame('P'));
  visitor.reset();
  EXPECT_TRUE(server->logs("session 1 closed"));
}

TEST_F(Resume, TheSecretIsNowhereElse) {
  serve();
  TalkPeer visitor(server->port(), "TALK/1 name=alice ack=1 again=60\r\n");
  ASSERT_TRUE(visitor.hears_frame('P'));
  const std::string greeting = visitor.greeting();
  const std::string token = greeting.substr(greeting.find("session=1-") + 10, 32);
  for (const auto& process : std::filesystem::directory_iterator("/proc")) {
    for (const char* file : {"cmdline", "environ"}) {
      std::stringstream text;
      text << std::ifstream(process.path() / file).rdbuf();
      EXPECT_EQ(text.str().find(token), std::string::npos) << process.path();
    }
  }
  TalkPeer again(server->port(),
                 "TALK/1 name=alice ack=1 again=60 session=1-" + token + " got=0\r\n");
  ASSERT_TRUE(again.hears_frame('P'));
  EXPECT_EQ(server->log().find(token), std::string::npos);
}

}  // namespace
}  // namespace talk::test
