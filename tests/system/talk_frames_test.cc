// Frames at the handler's door, written by hand: every tag, every boundary length, every split,
// and what no honest program would send. The session ends with a reason or goes on; the listener
// serves the next visitor whatever happened to this one, and no process is left.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <deque>
#include <random>
#include <system_error>

#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

constexpr std::uint32_t kMostText = 64 << 10;
constexpr std::uint32_t kMost = 1 << 20;

class TalkFrames : public testing::Test {
 protected:
  TalkPeer& visitor(std::string_view greeting = "TALK/1 name=alice\r\n") {
    return visitors_.emplace_back(server_.port(), greeting);
  }

  // The session has ended with a word about why that says `reason`.
  static bool ends_with(TalkPeer& visitor, const std::string& reason) {
    return visitor.hears_frame('B', reason) && visitor.sees_end();
  }

  // What must hold whatever the visitors did.
  void TearDown() override {
    EXPECT_TRUE(visitor().is_answered()) << "the next visitor";
    std::vector<pid_t> handlers;
    for (TalkPeer& each : visitors_) handlers.push_back(each.handler_pid());
    visitors_.clear();
    for (const pid_t pid : handlers)
      EXPECT_TRUE(pid > 0 && wait_until([&] { return is_gone(pid); })) << pid;
    EXPECT_EQ(server_.process().err().find(" signal="), std::string::npos)
        << server_.process().err();
  }

  TempDir directory_;
  Server server_{{"--terminal", "none", "--name", "prof"}, directory_.path()};
  std::deque<TalkPeer> visitors_;
};

void send_what_is_taken(Peer& peer, std::string_view bytes) {
  try {
    peer.send(bytes);
  } catch (const std::system_error&) {
    // The other side has ended the session over an earlier part.
  }
}

// It was told nothing, took the end for a lost link, and called again for a minute.
TEST_F(TalkFrames, AStopIsToldToAVisitorWhoseGreetingIsOnItsWay) {
  TalkPeer& early = visitor("");
  const pid_t handler = early.handler_pid();
  ASSERT_GT(handler, 0);
  ::kill(handler, SIGSTOP);
  early.send("TALK/1 name=alice\r\n");
  ::kill(handler, SIGTERM);
  ::kill(handler, SIGCONT);
  EXPECT_TRUE(ends_with(early, "the program was stopped"));
}

// ---- Every tag ----

TEST_F(TalkFrames, TheHandlerSpeaksFirst) {
  TalkPeer& silent = visitor("");
  EXPECT_TRUE(silent.hears("\r\n"));
  const std::string pid = std::to_string(silent.handler_pid());
  EXPECT_TRUE(
      silent.greeting().starts_with("TALK/1 pid=" + pid + " name=prof many=1 ack=1 session="))
      << silent.greeting();
}

// Nobody at the desk: a visitor who writes and writes is told so once, not a hundred times.
TEST_F(TalkFrames, TextIsAnsweredByOneNotice) {
  TalkPeer& alice = visitor();
  alice.send(frame('T', "hello") + frame('T', "are you there?"));
  EXPECT_TRUE(alice.hears_frame('N', "nobody is at the desk of prof"));
  EXPECT_TRUE(alice.is_answered());
  int notices = 0;
  for (const WireFrame& each : alice.frames()) notices += each.tag == 'N';
  EXPECT_EQ(notices, 1);
  EXPECT_TRUE(alice.texts().empty());
}

TEST_F(TalkFrames, APingComesBackAsItWas) {
  TalkPeer& alice = visitor();
  const std::string most(64, '\0');
  alice.send(frame('P', most) + frame('P', ""));
  EXPECT_TRUE(wait_until([&] {
    std::vector<std::string> pongs;
    for (const WireFrame& each : alice.frames())
      if (each.tag == 'p') pongs.push_back(each.payload);
    return pongs == std::vector<std::string>{most, ""};
  }));
}

TEST_F(TalkFrames, ByeIsAnsweredWithByeAndNothingAfterIt) {
  TalkPeer& alice = visitor();
  alice.send(frame('B', "supper") + frame('P', "too late"));
  EXPECT_TRUE(alice.hears_frame('B'));
  EXPECT_TRUE(alice.sees_end());
  EXPECT_EQ(alice.frames().back().tag, 'B');
  EXPECT_EQ(alice.frames().back().payload, "");
  EXPECT_TRUE(server_.logs("<alice> has left: \\\"supper\\\""));
}

TEST_F(TalkFrames, NoticesPongsAndListsNeedNoAnswer) {
  TalkPeer& alice = visitor();
  alice.send(frame('N', "a notice") + frame('p', "not a pong of yours") + frame('p', ""));
  alice.send(frame('p', std::string(8, '\xff')));  // as long as one, from the far future
  alice.send(frame('L', u32(1)));
  EXPECT_TRUE(alice.hears_frame('Z', u32(1)));
  EXPECT_TRUE(alice.is_answered());
}

// A frame about a transfer that nobody has heard of: skipped or refused, with a reason where the
// session ends by it.
TEST_F(TalkFrames, EveryTransferFrameOutOfTheBlueIsSurvived) {
  const std::string file = u64(5) + u64(0);
  const std::pair<char, std::string> frames[] = {
      {'O', u32(1) + file + "notes.txt"},
      {'O', u32(2) + file + "wrong parity"},
      {'O', u32(1) + file},
      {'O', u32(3) + u64(~0ull) + u64(~0ull) + "endless"},
      {'A', u32(7) + u64(0) + u64(9)},
      {'A', u32(2) + u64(~0ull) + u64(0)},
      {'W', u32(7) + u64(1)},
      {'D', u32(7) + "bytes"},
      {'D', u32(7)},
      {'E', u32(7) + u32(0)},
      {'S', u32(7) + "notes.txt"},
      {'R', u32(7) + "no"},
      {'X', u32(7) + "no"},
      {'G', u32(1) + "../../etc/passwd"},
      {'G', u32(2) + "wrong parity"},
      {'I', u32(1) + file + "unasked"},
      {'Z', u32(1)},
      {'L', u32(0)}};
  for (const auto& [tag, payload] : frames) visitor().send(frame(tag, payload) + frame('P', "?"));
  for (std::size_t i = 0; i < std::size(frames); ++i) {
    TalkPeer& each = visitors_[i];
    EXPECT_TRUE(wait_until([&] { return each.hears_frame('p', "?", {}) || each.sees_end({}); }));
    if (each.sees_end(milliseconds(0))) {
      EXPECT_TRUE(each.hears_frame('B', "protocol error: ", {})) << i << " " << frames[i].first;
    }
  }
}

// ---- Every boundary ----

TEST_F(TalkFrames, PayloadsUpToTheLimitAreTaken) {
  TalkPeer& alice = visitor();
  for (const std::uint32_t size : {0u, 1u, kMostText - 1, kMostText})
    for (const char tag : {'T', 'N'}) alice.send(frame(tag, std::string(size, 'x')));
  for (const std::uint32_t size : {0u, 1u, kMostText + 1, kMost})
    alice.send(frame('q', std::string(size, 'x')));
  EXPECT_TRUE(alice.is_answered());
}

// The length alone decides, before anything is reserved or waited for: no payload is ever sent.
TEST_F(TalkFrames, ALengthOverTheLimitEndsTheSessionWithAReason) {
  std::vector<std::pair<char, std::uint32_t>> headers = {
      {'T', kMostText + 1}, {'N', kMostText + 1}, {'B', kMostText + 1}, {'P', 65}, {'p', 65}};
  for (const char tag : std::string("TNBPpOMAWDESRXGLIZq"))
    for (const std::uint32_t length : {kMost + 1, 0x7fffffffu, 0xffffffffu})
      headers.emplace_back(tag, length);
  for (const auto& [tag, length] : headers) visitor().send(frame_header(tag, length));
  for (std::size_t i = 0; i < headers.size(); ++i)
    EXPECT_TRUE(ends_with(visitors_[i], "over the limit"))
        << headers[i].first << " " << headers[i].second;
}

TEST_F(TalkFrames, APayloadShorterThanItsFieldsEndsTheSession) {
  const std::pair<char, std::size_t> fields[] = {
      {'O', 20}, {'M', 16}, {'A', 20}, {'W', 12}, {'D', 4},  {'E', 8}, {'S', 4},
      {'R', 4},  {'X', 4},  {'G', 4},  {'L', 4},  {'I', 20}, {'Z', 4}};
  for (const auto& [tag, size] : fields)
    for (const std::size_t shorter : {std::size_t{0}, size - 1})
      visitor().send(frame(tag, std::string(shorter, '\1')));
  for (TalkPeer& each : visitors_) EXPECT_TRUE(ends_with(each, "protocol error: "));
}

// TALK/1 grows by letters; anything else means that the two sides have lost each other.
TEST_F(TalkFrames, AnUnknownLetterIsSkippedAnythingElseIsAnError) {
  TalkPeer& newer = visitor();
  newer.send(frame('Q', "from the future") + frame('z', "") + frame('k', std::string(99999, 'k')));
  EXPECT_TRUE(newer.is_answered());
  const std::string tags("\0\n 0@[`{\x7f\x80\xff", 11);
  const std::size_t first = visitors_.size();
  for (const char tag : tags) visitor().send(frame(tag, "x"));
  for (std::size_t i = 0; i < tags.size(); ++i)
    EXPECT_TRUE(ends_with(visitors_[first + i], "no letter")) << i;
}

// ---- Every split ----

TEST_F(TalkFrames, EverySplitMeansTheSame) {
  const std::string said = "TALK/1 name=alice\r\n" + frame('Q', "skip") + frame('T', "hi") +
                           frame('q', "") + frame('P', "?");
  // By the time the last of some has been started, the first have taken what they were given; of
  // more than these the first would be taken for silent.
  constexpr std::size_t kTogether = 12;
  for (std::size_t first = 1; first < said.size(); first += kTogether) {
    const std::size_t end = std::min(first + kTogether, said.size());
    for (std::size_t cut = first; cut < end; ++cut) visitor("").send(said.substr(0, cut));
    for (std::size_t cut = first; cut < end; ++cut) {
      TalkPeer& each = visitors_[cut - 1];
      each.send(said.substr(cut));
      ASSERT_TRUE(each.hears_frame('N', "nobody is at the desk")) << cut;
      ASSERT_TRUE(each.hears_frame('p', "?")) << cut;
    }
  }
}

// File data is handed on in the pieces in which it comes, so its splits are a story of their own.
TEST_F(TalkFrames, EverySplitOfAFileMeansTheSame) {
  const std::string file = "123456789";
  const std::uint32_t checksum = 0xE3069283;  // CRC-32C, the published check value
  const std::string rest = frame('D', u32(1) + file) + frame('E', u32(1) + u32(checksum));
  for (std::size_t cut = 1; cut < rest.size(); ++cut)
    visitor().send(frame('O', u32(1) + u64(file.size()) + u64(0) + std::to_string(cut)));
  for (std::size_t cut = 1; cut < rest.size(); ++cut) {
    ASSERT_TRUE(visitors_[cut - 1].hears_frame('A', u32(1)));
    visitors_[cut - 1].send(rest.substr(0, cut));
  }
  for (std::size_t cut = 1; cut < rest.size(); ++cut) {
    visitors_[cut - 1].send(rest.substr(cut));
    EXPECT_TRUE(visitors_[cut - 1].hears_frame('S', u32(1) + std::to_string(cut)));
    EXPECT_EQ(read_file(directory_ / std::to_string(cut)), file);
  }
}

TEST_F(TalkFrames, OneByteAtATimeMeansTheSame) {
  TalkPeer& slow = visitor("");
  const std::string said = "TALK/1 name=slow\r\n" + frame('Q', "skip") + frame('T', "hi");
  for (const char byte : said) slow.send(std::string(1, byte));
  EXPECT_TRUE(slow.hears_frame('N', "nobody is at the desk"));
  for (const char byte : frame('P', "?")) slow.send(std::string(1, byte));
  EXPECT_TRUE(slow.hears_frame('p', "?"));
}

// ---- Ends in the wrong place ----

TEST_F(TalkFrames, AFrameCutInTheMiddleIsALostLink) {
  const std::string whole = frame('T', "the rest never comes");
  for (const std::size_t size : {std::size_t{1}, std::size_t{4}, std::size_t{5}, std::size_t{9}}) {
    TalkPeer& each = visitor();
    each.send(frame('P', "?") + whole.substr(0, size));
    EXPECT_TRUE(each.hears_frame('p', "?"));
    each.half_close();
    EXPECT_TRUE(each.sees_end());
  }
  EXPECT_TRUE(server_.logs("the connection to <alice> was lost in the middle of a message"));
}

TEST_F(TalkFrames, AnEndWithoutByeIsALostLinkAndAResetToo) {
  TalkPeer& leaves = visitor();
  EXPECT_TRUE(leaves.is_answered());
  leaves.half_close();
  EXPECT_TRUE(leaves.sees_end());
  EXPECT_TRUE(server_.logs("session 1 failed text=\"the connection to <alice> was lost\""));
  TalkPeer& breaks = visitor();
  EXPECT_TRUE(breaks.is_answered());
  breaks.reset();
  EXPECT_TRUE(server_.logs("session 2 failed text=\"the connection to <alice> was lost: "));
}

// ---- Nonsense ----

std::string random_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes;
  while (bytes.size() < size) bytes += static_cast<char>(random() & 0xff);
  return bytes;
}

// Frames that look right from outside: known tags, true lengths, nonsense within.
std::string random_frames(std::mt19937& random) {
  const std::string tags = "TNPpOMAWDESRXGLIZqv";
  std::string bytes;
  for (int i = 0; i < 30; ++i)
    bytes += frame(tags[random() % tags.size()], random_bytes(random, random() % 40));
  return bytes;
}

TEST_F(TalkFrames, RandomBytesEndASessionOrAreSurvived) {
  std::mt19937 random(20261121);
  for (int i = 0; i < 12; ++i) {
    send_what_is_taken(visitor(), random_bytes(random, 3000));
    send_what_is_taken(visitor(""), random_bytes(random, 3000));
    send_what_is_taken(visitor(), random_frames(random));
  }
  for (TalkPeer& each : visitors_) each.half_close();
  for (TalkPeer& each : visitors_) EXPECT_TRUE(each.sees_end());
}

// ---- Greetings ----

std::string long_greeting(std::size_t size) {
  std::string line = "TALK/1 name=alice filler=";
  return line.append(size - line.size() - 1, 'x') + "\n";
}

TEST_F(TalkFrames, GreetingsInAllTheirForms) {
  const std::pair<std::string, std::string> greetings[] = {
      {"TALK/1 name=alice\r\n", "\"<alice> has come in\""},
      {"TALK/1 name=alice\n", "\"<alice> has come in\""},
      {"TALK/1\r\n", "\"127.0.0.1 has come in\""},
      {"TALK/1\n", "\"127.0.0.1 has come in\""},
      {"TALK/1 \n", "\"127.0.0.1 has come in\""},
      {"TALK/1 name=\r\n", "\"127.0.0.1 has come in\""},
      {"TALK/1 colour=red name=alice verbose  =\n", "\"<alice> has come in\""},
      {"TALK/1 name=Ann%20Lee pid=abc\n", "\"<Ann Lee> has come in\""},
      {"TALK/1 name=50%zz%4\n", "\"<50%zz%4> has come in\""},
      {"TALK/1 name=%C3%A9\n", "\"<\\xc3\\xa9> has come in\""},
      {long_greeting(511), "\"<alice> has come in\""},
      {long_greeting(512), "\"<alice> has come in\""}};
  for (const auto& [greeting, log] : greetings) visitor(greeting);
  std::size_t session = 0;
  for (const auto& [greeting, log] : greetings) {
    EXPECT_TRUE(visitors_[session].is_answered()) << greeting;
    EXPECT_TRUE(server_.logs("session " + std::to_string(++session) + " note text=" + log));
  }
}

// What is no greeting is somebody's words, and is answered in plain lines.
TEST_F(TalkFrames, WhatIsNoGreetingIsALine) {
  const std::string lines[] = {"TALK/1x\n", "TALK/10\n",        "TALK/2 name=alice\n",
                               "talk/1\n",  long_greeting(513), "TALK/1\rx\n",
                               " TALK/1\n", "hello\n",          "TALK/1"};
  for (const std::string& line : lines) visitor(line);  // the last: given up after a second
  std::size_t session = 0;
  for (const std::string& line : lines) {
    TalkPeer& each = visitors_[session++];
    EXPECT_TRUE(each.hears("\r\nnobody is at the desk of prof")) << line;
    EXPECT_TRUE(server_.logs("session " + std::to_string(session) +
                             " note text=\"the visitor's program speaks plain lines\""));
  }
}

}  // namespace
}  // namespace talk::test
