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

class PlainGet : public PlainBatchFixture {
 protected:
  // `--raw --get name`, to which the server has said `answer`, in a send each.
  std::unique_ptr<Process> get(ScriptedServer& server, const std::string& name,
                               const std::vector<std::string>& answer) {
    auto process = std::make_unique<Process>(client({"--raw", "--get", name}, server.port()));
    server.accept();
    EXPECT_TRUE(server.hears(name));
    for (const std::string& part : answer) server.say(part);
    return process;
  }

  std::unique_ptr<Process> get_half(ScriptedServer& server) {
    auto process = get(server, "x", {"8402\n", big_});
    EXPECT_TRUE(wait_until([&] { return !nothing_here(); }));
    return process;
  }

  void get_whole(const std::string& name, const std::string& content) {
    ScriptedServer server;
    const auto process = get(server, name, {"8403\n", content});
    server.close();
    EXPECT_EQ(process->exit_code(), 0) << process->err();
    EXPECT_EQ(here(name), content);
  }

  void kill(Process& process) {
    process.signal(SIGKILL);
    EXPECT_EQ(process.exit_code(), -SIGKILL);
  }
};

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
    const auto process = get_half(server);
    process->signal(signal);
    EXPECT_EQ(process->exit_code(), -signal);
    EXPECT_TRUE(nothing_here());
  }
}

TEST_F(PlainGet, WhatAKilledGetLeftIsSweptByTheNext) {
  ScriptedServer server;
  const auto killed = get_half(server);
  get_whole("y", "first");
  EXPECT_EQ(names_here(), 2u);  // one that is still on its way is left alone
  kill(*killed);
  EXPECT_EQ(names_here(), 2u);
  get_whole("z", "last");
  EXPECT_EQ(names_here(), 2u);
}

// … also where the next one is refused, or is asked in frames: nothing of it comes by this way.
TEST_F(PlainGet, WhatAKilledGetLeftIsSweptWhateverTheNextOneBrings) {
  ScriptedServer server;
  kill(*get_half(server));
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
  Process process(client({"--retry", "0", "--get", "x"}, server.port()));
  server.accept();
  ASSERT_TRUE(server.hears("x\n"));  // asked after the silence
  server.say("8402 OK 10\nhello");
  server.close();
  EXPECT_EQ(process.exit_code(), 4) << process.err();
  EXPECT_TRUE(nothing_here());
}

// --retry was for frames only.
TEST_F(PlainGet, AFileThatBrokeOffIsAskedForAgain) {
  for (const bool reset : {true, false}) {
    ScriptedServer server;
    Process process(client({"--get", "x"}, server.port()));
    for (const bool first : {true, false}) {
      server.accept();
      server.say("banner\n");  // no silence to be waited for
      ASSERT_TRUE(server.hears("x\n"));
      server.say(first ? "8402 OK 6\nabc" : "8403 OK 6\nabcdef");
      ASSERT_TRUE(process.complains(first ? "process ID 8402" : "process ID 8403"));
      first&& reset ? server.reset() : server.close();
    }
    EXPECT_EQ(process.exit_code(), 0) << process.err();
    EXPECT_TRUE(process.complains("trying again for 60 s"));
    EXPECT_EQ(here("x"), "abcdef");
    std::filesystem::remove(directory_.path() / "here/x");
  }
}

// ulimit -f killed it by SIGXFSZ, without a word and with the hidden part left.
TEST_F(PlainGet, AFileOverTheUsersLimitIsAnError) {
  Server fetch({"--handler", "fetch"}, directory_ / "server");
  std::string command = "ulimit -f 100; exec";
  for (const std::string& word : client({"--get", "big"}, std::to_string(fetch.port())))
    command += " " + word;
  Process process({"bash", "-c", command});
  EXPECT_EQ(process.exit_code(), 5) << process.err();
  EXPECT_TRUE(process.complains("File too large"));
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
