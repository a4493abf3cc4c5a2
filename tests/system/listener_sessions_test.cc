// Many visitors, too many visitors, and the end of it all: every one is served or told, and no
// process and no descriptor is left over.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <filesystem>
#include <memory>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using Peers = std::vector<std::unique_ptr<Peer>>;

class ListenerSessions : public testing::Test {
 protected:
  Server start(std::vector<std::string> options) {
    options.insert(options.begin(), {"-H", "echo"});
    return Server(options, dir_.path());
  }
  TempDir dir_;
};

bool echoes(Peer& peer) {
  peer.forget();
  peer.send("hello\n");
  return peer.hears("hello\n");
}

bool serves(Server& server) {
  Peer peer(server.port());
  return echoes(peer);
}

// The log is read meanwhile: a pipe that is full stops who writes into it.
bool nothing_left(Server& server) {
  return wait_until([&] { return server.log(), children_of(server.process().pid()).empty(); });
}

TEST_F(ListenerSessions, FiveHundredThatComeAndGoAtOnce) {
  Server server = start({});
  ASSERT_TRUE(serves(server) && nothing_left(server));
  const std::size_t descriptors = descriptors_of(server.process().pid());
  for (int round = 0; round < 5; ++round) {
    Peers peers;
    for (int i = 0; i < 100; ++i) {
      peers.push_back(std::make_unique<Peer>(server.port()));
      peers.back()->send("hello\n");
      if (i % 4 == 0) peers.back()->reset();  // gone, perhaps before it was accepted
      if (i % 4 == 1) peers.back()->half_close();
    }
    for (std::size_t i = 0; i < peers.size(); ++i) {
      if (i % 4 == 0) continue;
      EXPECT_TRUE(peers[i]->hears("hello\n"));
      if (i % 4 == 1) {
        EXPECT_TRUE(peers[i]->sees_end());
      }
      server.log();
    }
  }
  EXPECT_TRUE(nothing_left(server));
  EXPECT_EQ(descriptors_of(server.process().pid()), descriptors);
  EXPECT_TRUE(serves(server));
}

TEST_F(ListenerSessions, TwoHundredThatStay) {
  Server server = start({});
  Peers peers;
  for (int i = 0; i < 200; ++i) {
    peers.push_back(std::make_unique<Peer>(server.port()));
    server.log();
  }
  for (auto& peer : peers) EXPECT_TRUE(echoes(*peer));
  EXPECT_EQ(children_of(server.process().pid()).size(), 200u);
  for (const pid_t child : children_of(server.process().pid())) EXPECT_FALSE(is_zombie(child));
  peers.clear();
  EXPECT_TRUE(nothing_left(server));
}

TEST_F(ListenerSessions, TheOneTooManyWaitsAndIsServedWhenThereIsRoom) {
  Server server = start({"--max-sessions", "2"});
  Peer first(server.port());
  Peer second(server.port());
  ASSERT_TRUE(echoes(first) && echoes(second));
  Peer third(server.port());
  Peer gone(server.port());
  gone.reset();
  third.send("patience\n");
  EXPECT_FALSE(third.hears("patience", milliseconds(200)));
  EXPECT_FALSE(third.sees_end(milliseconds(0)));
  first.close();
  EXPECT_TRUE(third.hears("patience"));
  EXPECT_TRUE(echoes(second));
}

TEST_F(ListenerSessions, OneHostTakesNoMoreThanItsShare) {
  Server server = start({"--max-per-host", "1"});
  Peer first(server.port());
  ASSERT_TRUE(echoes(first));
  Peer second(server.port());
  EXPECT_TRUE(second.sees_end());
  EXPECT_EQ(second.received(), "ERROR: too many sessions from your address\r\n");
  EXPECT_TRUE(server.logs(" refused peer=127.0.0.1:"));

  Process other({"nc", "-s", "127.0.0.2", "127.0.0.1", std::to_string(server.port())});
  other.type("hello\n");
  EXPECT_TRUE(other.says("hello"));
  EXPECT_TRUE(server.logs("session 2 opened peer=127.0.0.2:")) << server.log();

  first.close();
  ASSERT_TRUE(server.logs("session 1 closed"));
  Peer third(server.port());
  EXPECT_TRUE(echoes(third));
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++found;
  return found;
}

rlim_t lowest_free_descriptor(pid_t pid) {
  rlim_t fd = 0;
  const std::string all = "/proc/" + std::to_string(pid) + "/fd/";
  while (std::filesystem::exists(std::filesystem::symlink_status(all + std::to_string(fd)))) ++fd;
  return fd;
}

TEST_F(ListenerSessions, WithoutDescriptorsItPausesAndSaysSoOnce) {
  Server server = start({});
  ASSERT_TRUE(serves(server) && nothing_left(server));
  const rlimit scarce{lowest_free_descriptor(server.process().pid()), 100};
  ASSERT_EQ(::prlimit(server.process().pid(), RLIMIT_NOFILE, &scarce, nullptr), 0);
  Peer peer(server.port());
  peer.send("hello\n");
  ASSERT_TRUE(server.logs("accept paused reason=\"Too many open files\"")) << server.log();
  EXPECT_FALSE(peer.hears("hello", milliseconds(300)));
  EXPECT_EQ(count(server.log(), "accept paused"), 1u) << server.log();
  const rlimit enough{100, 100};
  ASSERT_EQ(::prlimit(server.process().pid(), RLIMIT_NOFILE, &enough, nullptr), 0);
  EXPECT_TRUE(peer.hears("hello"));
}

TEST_F(ListenerSessions, EveryWayToAskForTheEndIsAnOrderlyOne) {
  for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGHUP}) {
    Server server = start({});
    Peer peer(server.port());
    ASSERT_TRUE(echoes(peer));
    const pid_t handler = server.session_process(1);
    server.process().signal(signal);
    EXPECT_EQ(server.process().exit_code(), 0);
    EXPECT_TRUE(is_gone(handler));
    EXPECT_TRUE(peer.sees_end());
    EXPECT_THROW(Peer(server.port()), std::exception);
  }
}

TEST_F(ListenerSessions, UnderNohupItOutlivesItsTerminal) {
  Process::Options nohup;
  nohup.ignored_signals = {SIGHUP};
  Server server({"-H", "echo"}, dir_.path(), nohup);
  ASSERT_TRUE(serves(server));
  server.process().signal(SIGHUP);
  EXPECT_TRUE(serves(server));
}

TEST_F(ListenerSessions, ASessionThatWillNotEndIsKilled) {
  const std::string stubborn = write_script(
      dir_ / "stubborn", "#!/bin/sh\ntrap '' TERM INT HUP\nwhile :; do sleep 60; done\n");
  Server server({"-t", "none", "-H", stubborn}, dir_.path());
  Peer peer(server.port());
  const pid_t handler = server.session_process(1);
  ASSERT_TRUE(wait_until([&] { return children_of(handler).size() == 1; }));
  const pid_t child = children_of(handler).at(0);
  server.process().signal(SIGTERM);
  EXPECT_EQ(server.process().exit_code(), 0);
  EXPECT_TRUE(is_gone(handler));
  EXPECT_TRUE(wait_until([&] { return is_dead(child); }));
  EXPECT_TRUE(peer.sees_end());
}

// A handler that had moved into the listener's own group was out of reach of what killed its group,
// and the listener waited for it for ever.
TEST_F(ListenerSessions, AHandlerInTheListenersOwnGroupDoesNotHoldUpAStop) {
  const std::string joiner = write_script(dir_ / "joiner", R"(#!/usr/bin/env python3
import os, signal, socket, sys, time
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT): signal.signal(number, signal.SIG_IGN)
os.setpgid(0, os.getpgid(os.getppid()))
socket.socket(fileno=int(sys.argv[1])).sendall(b'joined')
while True: time.sleep(60)
)");
  Server server({"-t", "none", "-H", joiner}, dir_.path());
  Peer peer(server.port());
  ASSERT_TRUE(peer.hears("joined"));
  const pid_t handler = server.session_process(1);
  server.process().signal(SIGTERM);
  EXPECT_EQ(server.process().exit_code(), 0);
  EXPECT_TRUE(is_gone(handler));
  EXPECT_TRUE(peer.sees_end());
}

// Told to stop, this one forks twice and lives on in a session of its own, with the connection.
TEST_F(ListenerSessions, WhatASessionLeavesBehindAtAStopIsKilled) {
  const std::string escaper = write_script(dir_ / "escaper", R"(#!/usr/bin/env python3
import os, signal, socket, sys, time
visitor = socket.socket(fileno=int(sys.argv[1]))
def escape(number, frame):
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if os.fork(): os._exit(0)
    os.setsid()
    if os.fork(): os._exit(0)
    visitor.sendall(b'escaped')
signal.signal(signal.SIGTERM, escape)
visitor.sendall(b'ready')
while True: time.sleep(60)
)");
  Server server({"-t", "none", "-H", escaper}, dir_.path());
  Peer peer(server.port());
  ASSERT_TRUE(peer.hears("ready"));
  server.process().signal(SIGTERM);
  EXPECT_TRUE(peer.hears("escaped"));
  EXPECT_EQ(server.process().exit_code(), 0);
  EXPECT_TRUE(peer.sees_end());
}

// A balancer that looks every second whether the desk lives filled the log with errors.
TEST_F(ListenerSessions, AVisitorWhoResetsAtOnceIsNoError) {
  constexpr int kVisitors = 20;
  Server desk({"--terminal", "none"}, dir_.path());
  for (int i = 0; i < kVisitors; ++i) Peer(desk.port()).reset();
  for (int i = 1; i <= kVisitors; ++i)
    EXPECT_TRUE(desk.logs("session " + std::to_string(i) + " closed exit=0")) << desk.log();
  EXPECT_EQ(desk.log().find("ERROR"), std::string::npos) << desk.log();
}

// What the listener inherited from a shell that became it is no session.
TEST_F(ListenerSessions, AStrangersChildIsNeitherWaitedForNorKilled) {
  Process server({"sh", "-c",
                  "sleep 1000 & echo $!; exec '" + program("talk_server") +
                      "' -H echo -b 127.0.0.1 0 '" + dir_.path().string() + "'"});
  ASSERT_TRUE(server.says("listening on "));
  const pid_t stranger = std::stoi(server.out());
  server.signal(SIGTERM);
  EXPECT_EQ(server.exit_code(), 0);
  EXPECT_FALSE(is_dead(stranger));
  ::kill(stranger, SIGKILL);
}

TEST_F(ListenerSessions, AKilledListenerLeavesItsSessionsRunning) {
  Server server = start({});
  Peer peer(server.port());
  ASSERT_TRUE(echoes(peer));
  const pid_t handler = server.session_process(1);
  server.process().signal(SIGKILL);
  EXPECT_EQ(server.process().exit_code(), -SIGKILL);
  EXPECT_TRUE(echoes(peer));
  peer.close();
  EXPECT_TRUE(wait_until([&] { return is_dead(handler); }));
}

}  // namespace
}  // namespace talk::test
