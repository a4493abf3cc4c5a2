// talk_client --get with file fetchers that know no frames: ours, and ones that behave as other
// people's do.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/plain_batch_fixture.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using std::string_literals::operator""s;

class PlainGet : public PlainBatchFixture {};

TEST_F(PlainGet, GetsFromOurFetcherBothWays) {
  Server fetch({"--handler", "fetch"}, directory_ / "server");
  const std::string port = std::to_string(fetch.port());
  Process lines(client({"--get", "big", "empty", "no"}, port));
  EXPECT_EQ(lines.exit_code(), 0) << lines.err();
  EXPECT_TRUE(lines.err().starts_with("-- process ID ")) << lines.err();
  EXPECT_EQ(here("big"), big_);
  EXPECT_EQ(here("empty"), "");
  EXPECT_EQ(here("no"), "NO");
  Process raw(client({"--raw", "--get", "big"}, port));
  EXPECT_EQ(raw.exit_code(), 0) << raw.err();
  EXPECT_EQ(here("big-2"), big_);
  EXPECT_TRUE(fetch.process().complains("pid=" + raw.err().substr(14, raw.err().find('\n') - 14)));
  for (const char* name : {"none", "../big"}) {
    for (const bool bare : {false, true}) {
      std::vector<std::string> options = {"--get", name};
      if (bare) options.insert(options.begin(), "--raw");
      Process missing(client(options, port));
      EXPECT_EQ(missing.exit_code(), 5);
      const std::string what = "ERROR: cannot get "s + name + " from 127.0.0.1 port " + port + ": ";
      EXPECT_TRUE(missing.err().find(what) != std::string::npos) << missing.err();
    }
  }
}

// The story: a download of hours was stopped with ^C, and left its 300 MB hidden where nothing
// would ever go on with them.
TEST_F(PlainGet, AnInterruptedGetLeavesNothing) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    ScriptedServer server;
    Process process(client({"--raw", "--get", "x"}, server.port()));
    server.accept();
    ASSERT_TRUE(server.hears("x"));
    server.say("8402\n");
    server.say(big_);
    ASSERT_TRUE(wait_until([&] { return !nothing_here(); }));
    process.signal(signal);
    EXPECT_EQ(process.exit_code(), -signal);
    EXPECT_TRUE(nothing_here());
  }
}

TEST_F(PlainGet, WhatAKilledGetLeftIsSweptByTheNext) {
  ScriptedServer server;
  Process killed(client({"--raw", "--get", "x"}, server.port()));
  server.accept();
  ASSERT_TRUE(server.hears("x"));
  server.say("8402\n" + big_);
  ASSERT_TRUE(wait_until([&] { return !nothing_here(); }));
  {  // one that is still on its way is left alone
    ScriptedServer second;
    Process other(client({"--raw", "--get", "y"}, second.port()));
    second.accept();
    ASSERT_TRUE(second.hears("y"));
    second.say("8403\n");
    second.say("first");
    second.close();
    EXPECT_EQ(other.exit_code(), 0) << other.err();
    EXPECT_EQ(names_here(), 2u);
  }
  killed.signal(SIGKILL);
  EXPECT_EQ(killed.exit_code(), -SIGKILL);
  EXPECT_EQ(names_here(), 2u);
  ScriptedServer third;
  Process next(client({"--raw", "--get", "z"}, third.port()));
  third.accept();
  ASSERT_TRUE(third.hears("z"));
  third.say("8404\n");
  third.say("last");
  third.close();
  EXPECT_EQ(next.exit_code(), 0) << next.err();
  EXPECT_EQ(names_here(), 2u);
  EXPECT_EQ(here("z"), "last");
}

// … also where the next one is refused, or is asked in frames: nothing of it comes by this way.
TEST_F(PlainGet, WhatAKilledGetLeftIsSweptWhateverTheNextOneBrings) {
  ScriptedServer server;
  Process killed(client({"--raw", "--get", "x"}, server.port()));
  server.accept();
  ASSERT_TRUE(server.hears("x"));
  server.say("8402\n" + big_);
  ASSERT_TRUE(wait_until([&] { return !nothing_here(); }));
  killed.signal(SIGKILL);
  EXPECT_EQ(killed.exit_code(), -SIGKILL);
  ScriptedServer second;
  Process next(client({"--get", "y"}, second.port()));
  second.accept();
  second.say("ERROR: full\n");
  second.close();
  EXPECT_EQ(next.exit_code(), 3) << next.err();
  EXPECT_TRUE(nothing_here());
}

TEST_F(PlainGet, AShortFileIsNeverCalledComplete) {
  ScriptedServer server;
  Process process(client({"--get", "x"}, server.port()));
  server.accept();
  ASSERT_TRUE(server.hears("x\n"));  // asked after the silence
  server.say("8402 OK 10\nhello");
  server.close();
  EXPECT_EQ(process.exit_code(), 4) << process.err();
  EXPECT_TRUE(nothing_here());
}

TEST_F(PlainGet, HomeworkServersAreAskedWithTheBareName) {
  for (const auto& [id, file] : std::vector<std::pair<std::string, std::string>>{
           {"8402", "1 bottle"}, {"8402\n", "hello"}, {"8402", ""}}) {
    ScriptedServer server;
    Process process(client({"--raw", "--get", "x"}, server.port()));
    server.accept();
    ASSERT_TRUE(server.hears("x"));
    server.say(id);
    std::this_thread::sleep_for(milliseconds(1000));  // as such servers do
    server.say(file);
    server.close();
    EXPECT_EQ(process.exit_code(), 0) << process.err();
    EXPECT_TRUE(process.err().starts_with("-- process ID 8402\n"));
    EXPECT_EQ(here("x"), file);
    std::filesystem::remove(directory_.path() / "here/x");
  }
}

TEST_F(PlainGet, SomebodyElsesServiceIsNoFetcher) {
  Server echo({"--handler", "echo"});
  Process process(client({"--get", "name"}, std::to_string(echo.port())));
  EXPECT_EQ(process.exit_code(), 5);
  EXPECT_TRUE(nothing_here());
}

}  // namespace
}  // namespace talk::test
