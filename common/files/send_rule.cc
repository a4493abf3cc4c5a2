#include "common/files/send_rule.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace talk {
namespace {

constexpr std::array<std::string_view, 4> kOpenPlaces = {"/tmp", "/media", "/mnt", "/srv"};

bool lies_below(std::string_view path, std::string_view place) {
  if (place == "/") return true;
  return path.starts_with(place) && (path.size() == place.size() || path[place.size()] == '/');
}

}  // namespace

// A home at the root is that of a user who has none.
std::string SendRule::refusal(std::string_view path) const {
  const auto is_above = [path](std::string_view place) { return lies_below(path, place); };
  const auto shows = [path](std::string_view place) {
    return lies_below(path, place) && path.find("/.", place.size()) == std::string_view::npos;
  };
  if (everywhere || std::any_of(named.begin(), named.end(), is_above) ||
      std::any_of(places.begin(), places.end(), shows))
    return {};
  if (home.size() > 1 && lies_below(path, home)) {
    const std::string_view below = path.substr(home.size());
    const std::size_t hidden = below.find("/.");
    if (hidden == std::string_view::npos) return {};
    const std::string_view part = below.substr(hidden + 1);
    return "hidden files of your home are not sent ('" +
           std::string(part.substr(0, part.find('/'))) + "' is hidden)";
  }
  if (home.size() > 1 && std::any_of(kOpenPlaces.begin(), kOpenPlaces.end(), is_above)) return {};
  return home.size() > 1
             ? "it lies outside of what is sent: your home, /tmp, /media, /mnt, /srv and the "
               "directory of this talk"
             : "it lies outside of what is sent with nobody at the desk";
}

std::vector<std::string> SendRule::roots() const {
  if (everywhere) return {"/"};
  std::vector<std::string> roots = places;
  roots.insert(roots.end(), named.begin(), named.end());
  if (home.size() <= 1) return roots;
  roots.push_back(home);
  roots.insert(roots.end(), kOpenPlaces.begin(), kOpenPlaces.end());
  return roots;
}

std::string real_path(const std::string& path) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  return error ? path : real.native();
}

}  // namespace talk
