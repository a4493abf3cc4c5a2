// What a handler inherits, seen by a handler, and what its visitor and the log hear of it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <regex.h>
#include <signal.h>

#include <filesystem>
#include <sstream>

#include "tests/support/peer.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

// Says all that it has inherited to its visitor.
constexpr const char* kWitness = R"(#!/usr/bin/env python3
import os, socket, stat, sys
fd = int(sys.argv[1])
visitor = socket.socket(fileno=fd)
say = lambda *words: visitor.sendall((' '.join(map(str, words)) + '\n').encode())
say('arguments', len(sys.argv) - 1)
for n in range(256):
    try: mode = os.fstat(n).st_mode
    except OSError: continue
    if n == fd: say('connection', stat.S_ISSOCK(mode), os.get_blocking(n))
    else: say('descriptor', n, os.readlink('/proc/self/fd/%d' % n))
for name in sorted(os.environ):
    if name.startswith(('TALK_', 'TCP', 'PROTO')): say(name + '=' + os.environ[name])
say('mine', os.environ.get('MINE'), os.getcwd())
say('group', os.getpgid(0) == os.getpid())
visitor.shutdown(socket.SHUT_RDWR)
)";

class ListenerContract : public testing::Test {
 protected:
  TempDir dir_;
  std::string witness_ = write_script(dir_ / "witness", kWitness);
};

// All that a handler says to one visitor.
std::string hear(Server& server) {
  Peer peer(server.port());
  EXPECT_TRUE(peer.sees_end()) << server.log();
  return peer.received();
}

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST_F(ListenerContract, OneDescriptorBesidesTheStandardThree) {
  const OwnedFd leak(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
  Process::Options options;
  options.keep_fd = leak.get();  // the listener inherits it and does not hand it on
  Server server({"-t", "none", "-H", witness_}, dir_.path(), options);
  const std::string heard = hear(server);
  EXPECT_TRUE(has_line(heard, "arguments 1")) << heard;
  EXPECT_TRUE(has_line(heard, "connection True True")) << heard;
  EXPECT_TRUE(has_line(heard, "descriptor 0 /dev/null")) << heard;
  EXPECT_TRUE(has_line(heard, "descriptor 1 /dev/null")) << heard;
  EXPECT_NE(heard.find("descriptor 2 pipe:"), std::string::npos) << heard;
  EXPECT_EQ(heard.find("descriptor", heard.find("descriptor 2") + 1), std::string::npos) << heard;
  EXPECT_TRUE(has_line(heard, "group True")) << heard;
}

TEST_F(ListenerContract, AListenerStartedWithoutStreamsGivesNoneAway) {
  const std::string command = "exec '" + program("talk_server") + "' -t none -b 127.0.0.1 -H '" +
                              witness_ + "' 0 '" + dir_.path().string() + "' <&- 2>&-";
  Process server({"sh", "-c", command});
  ASSERT_TRUE(server.says("\n"));
  const std::string& line = server.out();
  Peer peer(std::stoi(line.substr(line.rfind(':') + 1)));
  ASSERT_TRUE(peer.sees_end());
  for (const char* fd : {"0", "1", "2"})
    EXPECT_TRUE(has_line(peer.received(), "descriptor " + std::string(fd) + " /dev/null"))
        << peer.received();
  EXPECT_TRUE(has_line(peer.received(), "connection True True")) << peer.received();
}

TEST_F(ListenerContract, TheEnvironmentSaysWhoCalledAndWhatIsWanted) {
  std::filesystem::create_directories(dir_ / "files/share");
  Process::Options options;
  options.directory = dir_.path();
  options.environment = {{"MINE", "kept"},       {"TALK_SHARE", "/stale"}, {"TALK_SCREEN", "stale"},
                         {"TALK_SESSION", "77"}, {"TCPREMOTEIP", "stale"}, {"TALK_OTHER", "stale"}};
  Server plain({"-t", "none", "-H", witness_}, "files", options);
  Peer peer(plain.port());
  ASSERT_TRUE(peer.sees_end());
  const std::string heard = peer.received();
  const std::string dir = dir_.path();
  for (const std::string& line :
       {std::string("PROTO=TCP"), std::string("TCPLOCALIP=127.0.0.1"),
        "TCPLOCALPORT=" + std::to_string(plain.port()), std::string("TCPREMOTEIP=127.0.0.1"),
        std::string("TALK_SESSION=1"), "TALK_DIR=" + dir + "/files", std::string("TALK_LINGER=60"),
        "mine kept " + dir})
    EXPECT_TRUE(has_line(heard, line)) << line << "\n" << heard;
  for (const char* unset : {"TALK_SHARE", "TALK_SCREEN", "TALK_OTHER", "TALK_TRANSCRIPTS"})
    EXPECT_EQ(heard.find(unset), std::string::npos) << heard;

  Server full({"-t", "none", "-H", witness_, "--share", "files/share", "--transcripts", ".",
               "--max-file-size", "2K", "--name", "the prof", "--split", "--linger", "0"},
              "files", options);
  const std::string told = hear(full);
  for (const std::string& line :
       {"TALK_SHARE=" + dir + "/files/share", "TALK_TRANSCRIPTS=" + dir,
        std::string("TALK_MAX_FILE_SIZE=2048"), std::string("TALK_NAME=the prof"),
        std::string("TALK_SCREEN=split"), std::string("TALK_LINGER=0")})
    EXPECT_TRUE(has_line(told, line)) << line << "\n" << told;
  EXPECT_TRUE(has_line(hear(full), "TALK_SESSION=2"));
}

TEST_F(ListenerContract, SignalsAreAsIfNobodyHadTouchedThem) {
  // No child is asked to look: while it starts one, a shell blocks signals itself.
  const std::string witness = write_script(dir_ / "signals", R"(#!/bin/sh
while read -r name value; do
  case $name in SigBlk: | SigIgn:) echo "$name $value" ;; esac
done </proc/$$/status >"$TALK_DIR/it"
)");
  Process::Options options;
  options.ignored_signals = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGCHLD, SIGPIPE, SIGUSR1};
  Server server({"-t", "none", "-H", witness}, dir_.path(), options);
  hear(server);
  ASSERT_TRUE(server.logs("session 1 closed exit=0")) << server.log();
  const std::string seen = read_file(dir_ / "it");
  for (const char* mask : {"SigBlk", "SigIgn"})
    EXPECT_TRUE(has_line(seen, std::string(mask) + ": 0000000000000000")) << seen;
}

// The handler and the descriptor are appended to the words of the command.
TEST_F(ListenerContract, AWindowCommandIsRunAsItIsWritten) {
  Server server({"-t", "env MINE='in a window'", "-H", witness_}, dir_.path());
  const std::string heard = hear(server);
  EXPECT_TRUE(has_line(heard, "arguments 1")) << heard;
  EXPECT_NE(heard.find("\nmine in a window "), std::string::npos) << heard;
}

// Everything that a visitor can influence is in that visitor's own process: the kernel's record of
// what the listener does with connections shows no read.
TEST_F(ListenerContract, TheListenerReadsNoByteOfAVisitor) {
  const std::string record = dir_ / "record";
  Process::Options traced;
  traced.environment["ASAN_OPTIONS"] = "detect_leaks=0";  // which needs to trace for itself
  Process server(
      {"strace", "-y", "-o", record, "-e", "trace=read,readv,recvfrom,recvmsg,recvmmsg,accept4",
       program("talk_server"), "-t", "env", "-H", "echo", "-m", "2", "-b", "127.0.0.1", "0",
       dir_.path().string()},
      traced);
  if (!server.says("\n")) GTEST_SKIP() << "nothing may be traced here: " << server.err();
  const int port = std::stoi(server.out().substr(server.out().rfind(':') + 1));
  Peer first(port);
  Peer second(port);
  for (Peer* peer : {&first, &second}) {
    peer->send("words\n");
    ASSERT_TRUE(peer->hears("words\n"));
  }
  Peer gone(port);  // all that can happen to somebody who waits
  gone.send("unheard");
  gone.reset();
  Peer third(port);
  third.send("patience\n");
  third.half_close();
  first.close();
  ASSERT_TRUE(third.hears("patience\n"));
  ::kill(children_of(server.pid()).at(0), SIGTERM);
  ASSERT_EQ(server.exit_code(), 0);

  const std::string text = read_file(record);
  EXPECT_NE(text.find("accept4("), std::string::npos) << text;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool of_a_socket =
        line.find("<TCP") != std::string::npos || line.find("<socket") != std::string::npos;
    EXPECT_TRUE(!of_a_socket || line.starts_with("accept4(")) << line;
  }
}

bool matches(const std::string& text, const std::string& expression) {
  regex_t compiled;
  if (::regcomp(&compiled, expression.c_str(), REG_EXTENDED | REG_NOSUB) != 0) return false;
  const bool found = ::regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  ::regfree(&compiled);
  return found;
}

TEST_F(ListenerContract, TheLogSaysWhoCameAndHowItEnded) {
  write_script(dir_ / "three", "#!/bin/sh\nexit 3\n");
  write_script(dir_ / "kill", "#!/bin/sh\nkill -9 $$\n");
  const std::string time =
      "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}";
  for (const auto& [name, end] : {std::pair("three", "exit=3"), std::pair("kill", "signal=9")}) {
    Server server({"-t", "none", "-H", dir_ / name}, dir_.path());
    hear(server);
    ASSERT_TRUE(server.logs("closed"));
    const std::string opened = time + " session 1 opened peer=127[.]0[.]0[.]1:[0-9]+ pid=[0-9]+\n";
    const std::string closed = time + " session 1 closed " + end + "\n";
    EXPECT_TRUE(matches(server.log(), "^" + opened + closed + "$")) << server.log();
  }
}

TEST_F(ListenerContract, AHandlerThatIsGoneEndsOneSessionAndNotTheServer) {
  for (const std::string terminal : {"none", "env"}) {
    write_script(witness_, kWitness);
    Server server({"-t", terminal, "-H", witness_}, dir_.path());
    std::filesystem::remove(witness_);
    EXPECT_EQ(hear(server), "ERROR: the server cannot start a session\r\n");
    EXPECT_TRUE(server.logs("session 1 failed")) << server.log();
    EXPECT_TRUE(server.logs("witness")) << server.log();
    write_script(witness_, kWitness);
    EXPECT_TRUE(has_line(hear(server), "TALK_SESSION=2"));
  }
}

}  // namespace
}  // namespace talk::test
