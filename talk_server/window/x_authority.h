// By what a program proves to an X server that it is of the same user: a line of the file that
// XAUTHORITY names, else ~/.Xauthority (Xsecurity(7)).
#pragma once

#include <string>
#include <string_view>

namespace talk {

struct XAuthority {
  std::string name = {};  // of the way; empty: there is nothing to prove
  std::string data = {};
};

// Of the display with that number, on whatever machine: where a file holds several such, the first.
XAuthority x_authority(const std::string& display);

// The same of a file's content. Pure.
XAuthority find_x_authority(std::string_view content, std::string_view display);

}  // namespace talk
