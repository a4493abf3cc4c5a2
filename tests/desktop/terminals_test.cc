// Terminals that are known by name and soon installed; tests/terminals has the others.
#include <gtest/gtest.h>

#include "tests/support/terminal_seat.h"

namespace talk::test {
namespace {

class Terminals : public testing::TestWithParam<const char*> {};

TEST_P(Terminals, StandEverything) { stands_everything(GetParam(), Bus::none); }

// The last has all of a display's windows in one process.
INSTANTIATE_TEST_SUITE_P(Light, Terminals, testing::Values("xterm", "urxvt", "st", "lxterminal"),
                         [](const auto& row) { return std::string(row.param); });

}  // namespace
}  // namespace talk::test
