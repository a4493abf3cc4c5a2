// What the two ends of a talk say of each other is so, and neither can be kept from leaving.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/posix/io.h"
#include "tests/support/client.h"
#include "tests/support/desk.h"
#include "tests/support/fake_server.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

// Processor time a process has used; Linux's /proc.
milliseconds cpu_time(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text((std::istreambuf_iterator<char>(file)), {});
  std::istringstream rest(text.substr(text.rfind(')') + 2));
  std::string skipped;
  for (int field = 3; field < 14; ++field) rest >> skipped;
  long user = 0;
  long system = 0;
  rest >> user >> system;
  return milliseconds((user + system) * 1000 / ::sysconf(_SC_CLK_TCK));
}

// A full server: the kernel has taken the call, and nobody has answered it yet.
TEST(TalkTruth, OfAServerThatHasSaidNothingNothingIsClaimed) {
  FakeServer server;
  Process run(client(server.port()));
  EXPECT_TRUE(run.complains("connected; nothing was heard from the server yet"));
  EXPECT_EQ(run.err().find("plain lines"), std::string::npos);
  TalkPeer desk(server.accept());
  EXPECT_TRUE(desk.hears("TALK/1 name=alice\r\n"));
  EXPECT_TRUE(run.complains("connected to <prof>"));
  run.type("at last\n");
  EXPECT_TRUE(desk.hears_frame('T', "at last"));
}

// It asked and never read: the answers filled the queue, and the desk could say nothing more.
TEST(TalkTruth, AVisitorWhoAsksAndNeverReadsCannotKeepTheDeskFromLeaving) {
  FakeServer door;
  TalkPeer visitor(door.port());
  visitor.shrink_receive_buffer();
  const auto desk = open_window(door);
  wait_for_prompt(*desk);
  ASSERT_TRUE(desk->says("<alice> has come in"));
  std::string pings;
  for (int i = 0; i < 1000; ++i) pings += frame('P', std::string(64, 'p'));
  for (int i = 0; i < 200; ++i) visitor.send(pings);
  visitor.send(frame('T', "that was all"));
  ASSERT_TRUE(desk->says("<alice> that was all"));
  desk->type("/bye\r");
  EXPECT_EQ(desk->exit_code(), 0);
}

// talk_client < big: ten seconds after the server had stopped reading the client turned in circles.
TEST(TalkTruth, WaitingForAServerThatDoesNotReadCostsNothing) {
  FakeServer server;
  Process run({"sh", "-c", "exec " + shell_client(server.port()) + " < /dev/zero"});
  const OwnedFd desk = server.accept();
  const std::string greeting = "TALK/1 name=prof\r\n";
  ASSERT_EQ(::write(desk.get(), greeting.data(), greeting.size()),
            static_cast<ssize_t>(greeting.size()));
  ASSERT_TRUE(run.complains("connected to <prof>"));
  const auto at_rest = [&, before = milliseconds(-1)]() mutable {
    return std::exchange(before, cpu_time(run.pid())) == cpu_time(run.pid());
  };
  ASSERT_TRUE(wait_until(at_rest, seconds(10)));
  const milliseconds filled = cpu_time(run.pid());
  EXPECT_FALSE(
      wait_until([&] { return cpu_time(run.pid()) > filled + milliseconds(500); }, seconds(12)));
}

std::ptrdiff_t pings_heard(TalkPeer& desk) {
  const std::vector<WireFrame> frames = desk.frames();
  return std::count_if(frames.begin(), frames.end(),
                       [](const WireFrame& each) { return each.tag == 'P'; });
}

// A terminal under ^S, a pager at its first page: who reads nothing for a minute was taken for
// dead.
TEST(TalkTruth, AReaderWhoPausesSaysThatItLives) {
  FakeServer server;
  const Process run({"sh", "-c", shell_client(server.port()) + " | sleep 60"});
  TalkPeer desk(server.accept());
  ASSERT_TRUE(desk.hears_frame('P'));
  // Page after page until it reads no more: what waits for it then is little, and grows with each
  // ping. A kernel whose buffer is full would speak for it instead.
  const std::string page = frame('T', std::string(10'000, 'x'));
  int asked = 0;
  const auto reads = [&](milliseconds patience) {
    const std::string question = "read " + std::to_string(++asked);
    desk.send(frame('P', question));
    return desk.hears_frame('p', question, patience);
  };
  while (reads(seconds(1))) desk.send(page);
  const std::ptrdiff_t before = pings_heard(desk);
  EXPECT_TRUE(wait_until(
      [&] {
        if (reads(milliseconds(500))) desk.send(page);  // it was only slow
        return pings_heard(desk) > before;
      },
      seconds(40)));
}

// The desk had said a lot and left; the rest of it waited for a pager. The ping of the one who did
// not read met a closed socket, and the reset threw away all that was still on its way.
TEST(TalkTruth, AReaderWhoPausesSendsNothingToOneWhoMayHaveLeft) {
  FakeServer server;
  const Process run({"sh", "-c", shell_client(server.port()) + " | sleep 60"});
  TalkPeer desk(server.accept());
  ASSERT_TRUE(desk.hears_frame('P'));
  const std::string page = frame('T', std::string(50'000, 'x'));
  std::string rest;
  const auto send_more = [&] {
    if (rest.empty()) rest = page;
    const IoResult sent = send_some(desk.fd(), rest);
    rest.erase(0, sent.count);
    return sent.moved();
  };
  while (wait_until(send_more, milliseconds(500))) continue;
  EXPECT_FALSE(wait_until([&] { return pings_heard(desk) > 1; }, seconds(22)));
}

// Somebody closed nc; the desk was told that its words might still be read.
TEST(TalkTruth, AnNcThatWasClosedIsSaidToBeGoneAtTheFirstWord) {
  FakeServer door;
  Peer visitor(door.port());
  visitor.send("hello\n");
  const auto desk = open_window(door);
  wait_for_prompt(*desk);
  ASSERT_TRUE(desk->says("hello"));
  EXPECT_TRUE(visitor.hears("\r\n"));
  visitor.close();
  ASSERT_TRUE(desk->says("the visitor has nothing more to say"));
  desk->type("are you there?\r");
  EXPECT_TRUE(desk->says("-- the visitor has gone"));
  EXPECT_EQ(desk->exit_code(), 0);
}

// The desk closes its window while a file is on its way to it.
TEST(TalkTruth, AFileThatTheDeskDidNotWaitForIsAFailure) {
  const TempDir directory;
  std::ofstream(directory / "slides.pdf") << std::string(1 << 20, 's');
  FakeServer server;
  Process run(client(server.port(), {"--commands"}));
  TalkPeer desk(server.accept());
  run.type("/send " + (directory / "slides.pdf") + "\n");
  ASSERT_TRUE(desk.hears_frame('O', "slides.pdf"));
  desk.send(frame('B', "the window was closed"));
  desk.close();
  EXPECT_EQ(run.exit_code(), 5);
  EXPECT_TRUE(run.complains("<prof> has left: \"the window was closed\""));
  EXPECT_TRUE(run.complains("slides.pdf"));
}

// Every visitor was reset when the directory for transcripts had been moved away.
TEST(TalkTruth, WithoutAPlaceForTranscriptsTheTalkGoesOn) {
  const TempDir directory;
  const std::string transcripts = directory / "transcripts";
  std::filesystem::create_directory(transcripts);
  Server server({"--terminal", "none", "--transcripts", transcripts}, directory.path());
  std::filesystem::remove(transcripts);
  TalkPeer visitor(server.port());
  EXPECT_TRUE(visitor.is_answered());
  EXPECT_TRUE(server.logs("the talk goes on without a transcript"));
}

// Two servers with one directory for transcripts, each with its first visitor at the same moment.
TEST(TalkTruth, TwoServersKeepTheirTalksApart) {
  const TempDir directory;
  const std::vector<std::string> options = {"--terminal", "none", "--transcripts",
                                            directory.path()};
  Server one(options);
  Server other(options);
  std::vector<TalkPeer> visitors;
  for (const Server* server : {&one, &other}) visitors.emplace_back(server->port());
  for (TalkPeer& each : visitors) each.send(frame('T', "to desk " + each.greeting()));
  for (TalkPeer& each : visitors) EXPECT_TRUE(each.is_answered());
  const std::filesystem::directory_iterator files(directory.path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 2);
}

}  // namespace
}  // namespace talk::test
