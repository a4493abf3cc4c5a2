// The environment that a handler of ours has: a list of named variables, whatever secrets the
// person's own holds.
#pragma once

#include <string_view>

namespace talk {

// Of "NAME=value", or "NAME".
bool is_kept_variable(std::string_view variable);

// Takes all others out of this process's environment, and out of its memory.
void keep_named_environment();

}  // namespace talk
