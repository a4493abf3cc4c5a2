// Windows in tmux, where there is no desktop. tmux's server starts what runs in them, so the
// connection travels to a stranger; whichever end of that journey dies, the other one must follow.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <memory>

#include "tests/support/peer.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/tmux.h"

namespace talk::test {
namespace {

class TmuxWindows : public testing::Test {
 protected:
  Server start(std::vector<std::string> options = {}) {
    return Server(options, dir_.path(), tmux_.options());
  }
  // The handler's own process, which its greeting names.
  static pid_t handler_of(Peer& visitor) {
    EXPECT_TRUE(visitor.hears(" name="));
    return std::stoi(visitor.received().substr(std::string("TALK/1 pid=").size()));
  }
  bool only_home_is_left() {
    return wait_until([&] { return tmux_.windows() == std::vector<std::string>{"home"}; });
  }

  Tmux tmux_;
  TempDir dir_;
};

TEST_F(TmuxWindows, AutoMeansTmuxInsideTmuxAndWordsGoBothWays) {
  Server server = start();
  Peer first(server.port());
  Peer second(server.port());
  ASSERT_TRUE(wait_until([&] { return tmux_.has_window("talk 1") && tmux_.has_window("talk 2"); }));
  first.send("words from the first\n");
  second.send("words from the second\n");
  EXPECT_TRUE(tmux_.shows("talk 1", "words from the first"));
  EXPECT_TRUE(tmux_.shows("talk 2", "words from the second"));
  tmux_.type_line("talk 1", "to the first");
  tmux_.type_line("talk 2", "to the second");
  EXPECT_TRUE(first.hears("to the first"));
  EXPECT_TRUE(second.hears("to the second"));
  EXPECT_EQ(first.received().find("second"), std::string::npos);
  EXPECT_EQ(tmux_.text_of("talk 1").find("second"), std::string::npos);
}

// All were called `talk 1`, `talk 2`, whoever was in them and whatever had come.
TEST_F(TmuxWindows, AreNamedByTheirTitles) {
  Server server = start();
  Peer visitor(server.port());
  visitor.send("TALK/1 name=bob%20(left)%23(date)\n");
  EXPECT_TRUE(wait_until([&] { return tmux_.has_window("1 \"bob (left)#(date)\""); }));
  visitor.send(frame('T', "words"));
  EXPECT_TRUE(wait_until([&] { return tmux_.has_window("1 \"bob (left)#(date)\" (1)"); }));
  visitor.send(frame('B', ""));
  EXPECT_TRUE(wait_until([&] { return tmux_.has_window("1 \"bob (left)#(date)\" (1) (left)"); }))
      << tmux_.run({"list-windows"});
}

// The contract holds here as well.
TEST_F(TmuxWindows, AHandlerGetsWhatItIsPromised) {
  const std::string witness = write_script(dir_ / "witness", R"(#!/usr/bin/env python3
import os, signal, socket, stat, sys
visitor = socket.socket(fileno=int(sys.argv[1]))
say = lambda *words: visitor.sendall((' '.join(map(str, words)) + '\n').encode())
for n in range(256):
    try: mode = os.fstat(n).st_mode
    except OSError: continue
    say('connection' if stat.S_ISSOCK(mode) else 'tty' if os.isatty(n) else 'other', n, os.get_blocking(n))
for name in ('PROTO', 'TCPREMOTEIP', 'TALK_SESSION', 'TALK_DIR', 'TALK_STALE'):
    say(name, os.environ.get(name))
say('mask', signal.pthread_sigmask(signal.SIG_BLOCK, []))
say(os.getcwd())
visitor.shutdown(socket.SHUT_RDWR)
)");
  tmux_.run({"set-environment", "-g", "TALK_STALE", "yes"});
  Process::Options options = tmux_.options();
  options.directory = dir_.path();
  Server server({"-t", "tmux", "-H", witness}, ".", options);
  Peer visitor(server.port());
  ASSERT_TRUE(visitor.sees_end());
  const std::string dir = dir_.path();
  EXPECT_EQ(visitor.received(),
            "tty 0 True\ntty 1 True\ntty 2 True\nconnection 4 True\n"
            "PROTO TCP\nTCPREMOTEIP 127.0.0.1\nTALK_SESSION 1\nTALK_DIR " +
                dir + "\nTALK_STALE None\nmask set()\n" + dir + "\n");
}

TEST_F(TmuxWindows, AClosedWindowEndsItsSession) {
  Server server = start();
  Peer visitor(server.port());
  const pid_t relay = server.session_process(1);
  const pid_t handler = handler_of(visitor);
  tmux_.run({"kill-window", "-t", "test:=talk 1"});
  EXPECT_TRUE(visitor.sees_end());
  EXPECT_TRUE(wait_until([&] { return is_gone(relay) && is_dead(handler); }));
  EXPECT_TRUE(server.logs("session 1 closed"));
}

TEST_F(TmuxWindows, AKilledRelayEndsItsWindow) {
  Server server = start();
  Peer visitor(server.port());
  const pid_t relay = server.session_process(1);
  const pid_t handler = handler_of(visitor);
  ::kill(relay, SIGKILL);
  EXPECT_TRUE(visitor.sees_end());
  EXPECT_TRUE(wait_until([&] { return is_gone(relay) && is_dead(handler); }));
  EXPECT_TRUE(only_home_is_left());
}

TEST_F(TmuxWindows, AVisitorWhoIsGoneTakesTheWindowAlongWhereItShallNotLinger) {
  Server server = start({"--linger", "0"});
  Peer visitor(server.port());
  const pid_t relay = server.session_process(1);
  const pid_t handler = handler_of(visitor);
  visitor.reset();
  EXPECT_TRUE(wait_until([&] { return is_gone(relay) && is_dead(handler); }));
  EXPECT_TRUE(only_home_is_left());
}

TEST_F(TmuxWindows, TheEndOfTheServerIsTheEndOfItsWindows) {
  Server server = start();
  Peer visitor(server.port());
  const pid_t handler = handler_of(visitor);
  server.process().signal(SIGTERM);
  EXPECT_EQ(server.process().exit_code(), 0);
  EXPECT_TRUE(visitor.sees_end());
  EXPECT_TRUE(wait_until([&] { return is_dead(handler); }));
  EXPECT_TRUE(only_home_is_left());
}

TEST_F(TmuxWindows, AHandlerThatMindsNoSignalDoesNotOutliveAStop) {
  const std::string stubborn = write_script(dir_ / "stubborn", R"(#!/usr/bin/env python3
import os, signal, socket, sys, time
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT): signal.signal(number, signal.SIG_IGN)
socket.socket(fileno=int(sys.argv[1])).sendall(b'TALK/1 pid=%d name=\n' % os.getpid())
while True: time.sleep(60)
)");
  Server server({"-t", "tmux", "-H", stubborn}, dir_.path(), tmux_.options());
  Peer visitor(server.port());
  const pid_t handler = handler_of(visitor);
  server.process().signal(SIGTERM);
  EXPECT_EQ(server.process().exit_code(), 0);
  EXPECT_TRUE(wait_until([&] { return is_dead(handler); }));
  EXPECT_TRUE(visitor.sees_end());
  EXPECT_TRUE(only_home_is_left());
}

TEST_F(TmuxWindows, AWindowThatLingersIsNoSession) {
  Server server = start({"--max-sessions", "1"});
  Peer first(server.port());
  ASSERT_TRUE(first.hears("TALK/1"));
  first.reset();
  Peer second(server.port());
  EXPECT_TRUE(second.hears("TALK/1")) << server.log();
  EXPECT_TRUE(tmux_.has_window("talk 1"));
}

TEST_F(TmuxWindows, WithoutTmuxAVisitorIsToldSo) {
  Server server = start();
  tmux_.run({"kill-server"});
  Peer visitor(server.port());
  EXPECT_TRUE(visitor.sees_end());
  EXPECT_EQ(visitor.received(), "ERROR: the server cannot open a window for you\r\n");
  EXPECT_TRUE(server.logs("session 1 closed exit=1")) << server.log();
  EXPECT_TRUE(server.logs("ERROR: open a window with tmux: it failed")) << server.log();
}

}  // namespace
}  // namespace talk::test
