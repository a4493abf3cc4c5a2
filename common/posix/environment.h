// What a program finds in its environment.
#pragma once

#include <string>

namespace talk {

// The variable's value, or `otherwise` where it is not set, or empty.
std::string environment(const char* name, const std::string& otherwise = "");

}  // namespace talk
