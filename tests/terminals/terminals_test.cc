// Terminals that are known by name and heavy: what desktops bring along, or a graphics card wants.
// Each stands what those of tests/desktop do.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>

#include "tests/support/peer.h"
#include "tests/support/proc.h"
#include "tests/support/terminal_seat.h"

namespace talk::test {
namespace {

struct Terminal {
  const char* name;
  Bus bus = Bus::none;
};

void PrintTo(const Terminal& terminal, std::ostream* out) { *out << terminal.name; }

class Terminals : public testing::TestWithParam<Terminal> {};

TEST_P(Terminals, StandEverything) { stands_everything(GetParam().name, GetParam().bus); }

constexpr Terminal kTerminals[] = {
    {"alacritty"},
    {"kitty"},
    {"konsole", Bus::session},
    {"xfce4-terminal", Bus::session},
    {"mate-terminal", Bus::session},
    {"sakura"},
    {"mlterm"},
    {"gnome-terminal", Bus::session},
    {"terminator", Bus::session},
    {"tilix", Bus::session},
    {"'kitty' --single-instance -o confirm_os_window_close=0 {}"},
};

std::string letters_of(std::string name) {
  std::erase_if(name, [](unsigned char letter) { return std::isalnum(letter) == 0; });
  return name;
}

INSTANTIATE_TEST_SUITE_P(Heavy, Terminals, testing::ValuesIn(kTerminals),
                         [](const auto& row) { return letters_of(row.param.name); });

// A terminal that lives and shows no window has half a minute; then it is taken away.
TEST(NoWindow, NobodyWaitsForEver) {
  const TempDir dir;
  Server server({"-t", "sh -c 'sleep 1000' {}"}, dir.path());
  Peer visitor(server.port());
  const pid_t relay = server.session_process(1);
  ASSERT_TRUE(wait_until([&] { return !children_of(relay).empty(); }));
  const pid_t terminal = children_of(relay).at(0);
  EXPECT_TRUE(visitor.sees_end(seconds(45)));
  EXPECT_EQ(visitor.received(), "ERROR: the server cannot open a window for you\r\n");
  EXPECT_TRUE(server.logs("no window within 30 s")) << server.log();
  EXPECT_TRUE(wait_until([&] { return is_dead(terminal); }));
}

}  // namespace
}  // namespace talk::test
