// Whatever the other side sends, and whatever name it gives itself, the terminal is sent nothing
// but our own screens' few sequences and safe text.
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <random>

#include "common/posix/address.h"
#include "common/posix/listen.h"
#include "tests/support/attacks.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tty_grammar.h"
#include "tests/support/wait_until.h"

namespace talk::test {
namespace {

// The grammar must be able to say no.
TEST(TtyGrammar, FindsEveryAttackThatIsSentAsItIs) {
  for (const Attack& attack : terminal_attacks()) {
    const bool only_wide = attack.name.starts_with("wide") || attack.name.starts_with("a ligature");
    const bool plain_controls = attack.name.starts_with("overprinting with carr") ||
                                attack.name.starts_with("a forged notice") ||
                                attack.name.starts_with("private use");
    if (only_wide || plain_controls) continue;  // harmless, or controls that our screens use too
    EXPECT_NE(first_violation(attack.bytes), "") << attack.name;
  }
  EXPECT_EQ(first_violation("\x1b[2;1H\x1b[1mgr\xc3\xbc\xc3\x9f"
                            "e\x1b(B\x1b[m\x1b[K\r\n"),
            "");
}

OwnedFd accepted_from(int listener) {
  pollfd ready{listener, POLLIN, 0};
  ::poll(&ready, 1, 20'000);
  OwnedFd visitor(::accept(listener, nullptr, nullptr));
  if (!visitor) throw std::runtime_error("nobody called");
  return visitor;
}

// A program on a terminal of its own, and the other side in the test's hands.
struct Seat {
  std::unique_ptr<TempDir> directory = std::make_unique<TempDir>();  // of the files that come
  std::unique_ptr<Process> program;
  std::unique_ptr<Peer> peer;
};

std::string percent_encoded(const std::string& text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += {'%', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out;
}

struct Role {
  const char* name;
  bool client;
  const char* screen;
};

void PrintTo(const Role& role, std::ostream* out) { *out << role.name; }

Process::Options on_a_terminal(const Role& role) {
  Process::Options options;
  options.terminal = true;
  options.environment = {
      {"TERM", "xterm-256color"}, {"TALK_SCREEN", role.screen}, {"TALK_LINGER", "0"}};
  return options;
}

Seat sit_down(const Role& role, const std::string& peer_name) {
  Seat seat;
  Process::Options options = on_a_terminal(role);
  options.directory = seat.directory->path();
  if (role.client) {
    const OwnedFd listener = listen_on("127.0.0.1", 0);
    sockaddr_storage raw{};
    socklen_t size = sizeof raw;
    ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&raw), &size);
    seat.program = std::make_unique<Process>(
        std::vector<std::string>{program("talk_client"), std::string("--") + role.screen,
                                 "127.0.0.1", std::to_string(address_of(raw).port)},
        options);
    seat.peer = std::make_unique<Peer>(accepted_from(listener.get()));
  } else {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      throw std::runtime_error("socketpair");
    OwnedFd theirs(ends[1]);
    options.keep_fd = theirs.get();
    seat.program = std::make_unique<Process>(
        std::vector<std::string>{program("server_handler"), std::to_string(theirs.get())}, options);
    seat.peer = std::make_unique<Peer>(OwnedFd(ends[0]));
  }
  seat.peer->send("TALK/1 name=" + percent_encoded(peer_name) + "\r\n");
  return seat;
}

// What was read may end within a sequence whose rest is on its way: a true violation stays one.
std::string violation_behind(Process& program, std::size_t before) {
  std::string found;
  wait_until([&] {
    found = first_violation(program.out().substr(before));
    return found.empty();
  });
  return found;
}

class TerminalSafety : public ::testing::TestWithParam<Role> {};

TEST_P(TerminalSafety, NoMessageReachesTheTerminalAsACommand) {
  Seat seat = sit_down(GetParam(), "mallory");
  int count = 0;
  for (const Attack& attack : terminal_attacks()) {
    const std::string sign = "sign" + std::to_string(++count) + "!";
    const std::size_t before = seat.program->out().size();
    seat.peer->send(frame('T', attack.bytes) + frame('N', attack.bytes));
    const auto number = static_cast<std::uint32_t>(count * 2 + (GetParam().client ? 0 : 1));
    seat.peer->send(frame('O', u32(number) + u64(5) + u64(0) + attack.bytes));
    seat.peer->send(frame('T', sign));
    ASSERT_TRUE(seat.program->says(sign)) << attack.name;
    EXPECT_EQ(violation_behind(*seat.program, before), "") << attack.name;
  }
  EXPECT_EQ(violation_behind(*seat.program, 0), "");
}

TEST_P(TerminalSafety, NoNameReachesTheTerminalAsACommand) {
  for (const Attack& attack : terminal_attacks()) {
    Seat seat = sit_down(GetParam(), attack.bytes.substr(0, 100));
    seat.peer->send(frame('T', "hello there"));
    ASSERT_TRUE(seat.program->says("hello there")) << attack.name;
    seat.peer->send(frame('B', attack.bytes));
    seat.peer->half_close();
    EXPECT_TRUE(seat.program->exit_code()) << attack.name;
    EXPECT_EQ(violation_behind(*seat.program, 0), "") << attack.name;
  }
}

TEST_P(TerminalSafety, RandomBytesReachTheTerminalAsText) {
  Seat seat = sit_down(GetParam(), "mallory");
  std::mt19937 random(7);
  const std::string spice = "\x1b[]P;?\r\n\x9b\xc2\xe2\x80\xae\x07";
  for (int round = 0; round < 30; ++round) {
    std::string bytes;
    for (auto length = random() % 200; length > 0; --length)
      bytes += random() % 2 == 0 ? static_cast<char>(random()) : spice[random() % spice.size()];
    seat.peer->send(frame('T', bytes));
  }
  seat.peer->send(frame('T', "the last one"));
  ASSERT_TRUE(seat.program->says("the last one"));
  EXPECT_EQ(violation_behind(*seat.program, 0), "");
}

// A window whose text somebody holds still, or that is stopped, takes no more output. Written to as
// if it did, the program would wait in the middle of it, answer no ping, and lose the talk.
TEST(StuckTerminal, DoesNotHoldUpTheTalk) {
  for (const Role& role : {Role{"client", true, "split"}, Role{"handler", false, "split"}}) {
    Seat seat = sit_down(role, "alice");
    seat.program->resize(400, 100);
    for (int round = 0; round < 30; ++round) {  // nobody reads what is painted meanwhile
      const std::string ping = "ping " + std::to_string(round);
      for (int line = 0; line < 100; ++line)
        seat.peer->send(frame('T', std::to_string(round) + std::string(390, 'x')));
      seat.peer->send(frame('P', ping));
      ASSERT_TRUE(seat.peer->hears(frame('p', ping), seconds(5))) << role.name << round;
      seat.peer->forget();
    }
  }
}

// The time that a process has worked, in and out of the kernel.
milliseconds worked(pid_t pid) {
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string word;
  for (int field = 1; field < 14; ++field) stat >> word;
  long ticks[2] = {};
  stat >> ticks[0] >> ticks[1];
  return milliseconds((ticks[0] + ticks[1]) * 1000 / ::sysconf(_SC_CLK_TCK));
}

// A bell that was due, and the clock of the status line, asked for a turn at once, again and again,
// while the terminal took nothing to be painted: one processor was busy for nothing.
TEST(StuckTerminal, IsWaitedForAndNotAskedAllTheTime) {
  Seat seat = sit_down({"client", true, "split"}, "alice");
  ASSERT_TRUE(seat.program->says("connected to"));
  seat.program->resize(400, 100);
  seat.program->type("\x1b[O");  // nobody looks: a line rings, but not twice in 5 s
  for (int round = 0; round < 50; ++round) {
    seat.peer->send(frame('T', std::string(4000, 'x')) + frame('P', std::to_string(round)));
    ASSERT_TRUE(seat.peer->hears(frame('p', std::to_string(round)), seconds(5))) << round;
  }
  const Time start = Clock::now();
  const milliseconds before = worked(seat.program->pid());
  for (int round = 100; Clock::now() - start < seconds(9); ++round) {  // lets the 5 s go by
    seat.peer->send(frame('P', std::to_string(round)));
    ASSERT_TRUE(seat.peer->hears(frame('p', std::to_string(round)), seconds(5))) << round;
    ::poll(nullptr, 0, 200);
  }
  EXPECT_LE((worked(seat.program->pid()) - before).count(), 300);
}

INSTANTIATE_TEST_SUITE_P(, TerminalSafety,
                         ::testing::Values(Role{"client_split", true, "split"},
                                           Role{"client_plain", true, "plain"},
                                           Role{"handler_split", false, "split"},
                                           Role{"handler_plain", false, "plain"}),
                         [](const auto& role) { return std::string(role.param.name); });

}  // namespace
}  // namespace talk::test
