// Judges what a program wrote to its terminal: nothing but safe text and the few sequences that
// our own screens use. It reads bytes by itself, so that a mistake of the product's decoder is not
// repeated here.
#pragma once

#include <string>
#include <string_view>

namespace talk::test {

// The first thing that a terminal must not be sent, in words; empty where all is well.
std::string first_violation(std::string_view terminal_output);

}  // namespace talk::test
