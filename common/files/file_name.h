// Which names a peer may wish for, and what a second file of the same name is called. Pure: it
// knows no file system.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace talk {

struct NameCheck {
  std::vector<std::string> parts;  // the path below the receiver's directory
  std::string refusal;             // why the name is refused; then there are no parts
  bool ok() const { return refusal.empty(); }
};

// Relative, '/' between parts, UTF-8, nothing hidden, nothing that leads elsewhere.
NameCheck check_name(std::string_view wish);

// The name of the `count`th file (2 and up) that wants to be called `name`: "notes-2.pdf",
// "x-2.tar.gz". At most 255 bytes: the end of the stem goes, at a character's boundary.
std::string numbered_name(std::string_view name, unsigned count);

std::string join_parts(const std::vector<std::string>& parts);

// A partial file is called so; no peer may bring one.
inline constexpr std::string_view kPartialPrefix = ".talk-";
inline constexpr std::string_view kPartialSuffix = ".part";
bool is_partial_name(std::string_view name);

}  // namespace talk
