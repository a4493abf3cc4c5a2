#include "talk_server/window/x_authority.h"

#include <fstream>
#include <iterator>
#include <optional>

#include "common/posix/environment.h"
#include "common/posix/user.h"

namespace talk {
namespace {

// What X servers and display managers know for a user who is not asked anything.
constexpr std::string_view kCookie = "MIT-MAGIC-COOKIE-1";

// A number of two bytes, the higher one first.
std::optional<std::size_t> take_number(std::string_view& bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const auto byte = [&](std::size_t at) {
    return std::size_t{static_cast<unsigned char>(bytes[at])};
  };
  const std::size_t number = byte(0) << 8 | byte(1);
  bytes.remove_prefix(2);
  return number;
}

// Behind its length.
std::optional<std::string_view> take_field(std::string_view& bytes) {
  const auto size = take_number(bytes);
  if (!size || *size > bytes.size()) return std::nullopt;
  const std::string_view field = bytes.substr(0, *size);
  bytes.remove_prefix(*size);
  return field;
}

}  // namespace

XAuthority find_x_authority(std::string_view content, std::string_view display) {
  while (take_number(content)) {  // the family of the address
    const auto address = take_field(content);
    const auto number = take_field(content);
    const auto name = take_field(content);
    const auto data = take_field(content);
    if (!address || !number || !name || !data) break;
    if (*name == kCookie && (number->empty() || *number == display))
      return {std::string(*name), std::string(*data)};
  }
  return {};
}

XAuthority x_authority(const std::string& display) {
  std::ifstream file(environment("XAUTHORITY", home_directory() + "/.Xauthority"),
                     std::ios::binary);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  return find_x_authority(content, display);
}

}  // namespace talk
