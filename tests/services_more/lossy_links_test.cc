// Talks between two machines whose packets are lost, late, or all gone for minutes: real TCP, with
// all that it does about that, between this network namespace and another.
//
// The packets go from one tunnel device to the other through a process that loses and delays them,
// as the kernel's netem would where it is built in.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <sstream>

#include "common/text/decimal.h"
#include "tests/support/linked_transfers.h"
#include "tests/support/resume_fixture.h"

namespace talk::test {
namespace {

using Words = std::vector<std::string>;

// A line on standard input, `LOSS DELAY`: how many packets of a hundred are lost, and how many
// milliseconds the others take.
constexpr const char* kWire = R"(#!/usr/bin/env python3
import fcntl, heapq, os, random, select, struct, sys, time
random.seed(1)

def tunnel(name):
    fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    tun, no_information = 1, 0x1000
    fcntl.ioctl(fd, 0x400454ca, struct.pack("16sH", name.encode(), tun | no_information))
    return fd

ends = [tunnel(name) for name in sys.argv[1:3]]
loss, delay, late, count = 0, 0, [], 0
print("ready", flush=True)
while True:
    wait = max(0, late[0][0] - time.monotonic()) if late else None
    ready = select.select(ends + [sys.stdin], [], [], wait)[0]
    if sys.stdin in ready:
        words = sys.stdin.readline().split()
        if not words:
            break
        loss, delay = map(float, words)
        print("set", flush=True)
    for end in ends:
        if end in ready:
            packet = os.read(end, 65536)
            if random.random() * 100 >= loss:
                count += 1
                to = ends[1 - ends.index(end)]
                heapq.heappush(late, (time.monotonic() + delay / 1000, count, to, packet))
    while late and late[0][0] <= time.monotonic():
        try:
            os.write(late[0][2], late[0][3])
        except OSError:
            pass
        heapq.heappop(late)
)";

bool runs(const std::string& command) {
  return Process({"sh", "-c", command}).exit_code() == std::optional(0);
}

// This machine, and another behind a wire that can be made worse.
class Wire {
 public:
  Wire() : process_({write_script(dir_ / "wire", kWire), here_, there_}) {
    made_ = process_.says("ready") &&
            runs("ip netns add " + space_ + " && ip link set " + there_ + " netns " + space_ +
                 " && ip addr add " + address_of(1) + "/24 dev " + here_ + " && ip link set " +
                 here_ + " up && ip -n " + space_ + " addr add " + address_of(2) + "/24 dev " +
                 there_ + " && ip -n " + space_ + " link set " + there_ + " up");
  }
  ~Wire() { runs("ip netns del " + space_); }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  bool made() const { return made_; }
  const std::string& space() const { return space_; }
  static std::string address_of(int machine) {
    return "10.99." + std::to_string(::getpid() % 250) + "." + std::to_string(machine);
  }
  void set(int percent_lost, milliseconds delay) {
    process_.type(std::to_string(percent_lost) + " " + std::to_string(delay.count()) + "\n");
  }

 private:
  const std::string id_ = std::to_string(::getpid());
  const std::string space_ = "talkw" + id_;
  const std::string here_ = "twa" + id_;
  const std::string there_ = "twb" + id_;
  TempDir dir_;
  Process process_;
  bool made_ = false;
};

class LossyLinks : public ResumeFixture {
 protected:
  void SetUp() override {
    if (!wire_.made()) GTEST_SKIP() << "no network may be made here";
    desk_ = std::make_unique<Process>(
        Words{program("talk_server"), "--terminal", "none", "--name", "prof", "--transcripts",
              transcripts.path(), "-b", Wire::address_of(1), "0", files.path()},
        environment());
    ASSERT_TRUE(desk_->says("\n")) << desk_->err();
    const std::string port = desk_->out().substr(desk_->out().rfind(':') + 1);
    visitor_ = std::make_unique<Process>(Words{
        "ip", "netns", "exec", wire_.space(), program("talk_client"), "--name", "alice", "--retry",
        "600", "--commands", Wire::address_of(1), port.substr(0, port.find('\n'))});
    ASSERT_TRUE(visitor_->complains("connected to <prof>")) << visitor_->err();
  }
  void TearDown() override {
    visitor_.reset();
    if (!desk_) return;
    desk_->signal(SIGTERM);
    EXPECT_EQ(desk_->exit_code(), 0);
  }
  // Both sides say the next ones.
  void say_more(int lines) {
    for (int i = 0; i < lines; ++i) {
      const std::string line = "line " + std::to_string(++said_);
      visitor_->type(line + "\n");
      EXPECT_EQ(say("1", line), 0);
    }
  }
  Words heard_by_visitor() {
    Words lines;
    std::istringstream out(visitor_->out());
    for (std::string line; std::getline(out, line);) lines.push_back(line);
    return lines;
  }
  // Each word once, and in order, on both sides.
  void expect_all_heard(milliseconds patience) {
    wait_until([&] { return heard().size() + heard_by_visitor().size() >= 2 * std::size_t{said_}; },
               patience);
    EXPECT_EQ(heard(), numbered(static_cast<int>(said_))) << visitor_->err();
    EXPECT_EQ(heard_by_visitor(), numbered(static_cast<int>(said_))) << visitor_->err();
  }

  Wire wire_;
  std::unique_ptr<Process> desk_;
  std::unique_ptr<Process> visitor_;
  unsigned said_ = 0;
};

TEST_F(LossyLinks, ThirtyOfAHundredPacketsLostAndThreeHundredMilliseconds) {
  const TempDir here;
  const std::string bytes = noise(40'000);
  write_file(here / "file", bytes);
  wire_.set(30, milliseconds(150));  // each way
  visitor_->type("/send " + (here / "file") + "\n");
  visitor_->type("line 1\n");
  ASSERT_TRUE(wait_until([&] { return heard() == numbered(1); }, seconds(90))) << visitor_->err();
  ASSERT_EQ(say("1", "line 1"), 0);
  said_ = 1;
  say_more(15);
  expect_all_heard(seconds(180));
  EXPECT_TRUE(visitor_->complains("stored by", seconds(180))) << visitor_->err();
  EXPECT_EQ(read_file(files / "file"), bytes);
}

// Nothing at all arrives, until both sides have given the link up: TALK_DARK_SECONDS says how long.
TEST_F(LossyLinks, WordsOfTheDarkArriveInTheSameSession) {
  const char* const dark = std::getenv("TALK_DARK_SECONDS");
  say_more(2);
  expect_all_heard(kPatience);
  wire_.set(100, milliseconds(0));
  say_more(3);
  EXPECT_TRUE(visitor_->complains("the link to <prof> is gone", seconds(120))) << visitor_->err();
  EXPECT_TRUE(wait_until([&] { return board_says("\"lost\""); }, seconds(60)));
  say_more(3);
  if (dark != nullptr) ::sleep(decimal<unsigned>(dark).value_or(0));
  wire_.set(0, milliseconds(0));
  expect_all_heard(seconds(60));
  EXPECT_TRUE(visitor_->complains("is there again"));
  visitor_->end_input();
  EXPECT_EQ(visitor_->exit_code(), 0) << visitor_->err();
  EXPECT_TRUE(desk_->complains("session 1 closed exit=0")) << desk_->err();
}

}  // namespace
}  // namespace talk::test
