// Which of this machine's files may be sent to the other side: those that a person would hand out,
// whoever it is that asks for them in their name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace talk {

struct SendRule {
  std::string home = {};                 // empty: nobody sits here
  std::vector<std::string> places = {};  // with all below that is not hidden: DIR, --share
  std::vector<std::string> named = {};   // with all below: what stands on a command line
  bool everywhere = false;               // no rule at all

  // Why the file of that path is not sent; empty where it may be. All paths are absolute and
  // without links.
  std::string refusal(std::string_view path) const;
  // Below which all of these files lie, and others.
  std::vector<std::string> roots() const;
};

// Absolute and without links, as far as there is such a place; else as it is.
std::string real_path(const std::string& path);

}  // namespace talk
