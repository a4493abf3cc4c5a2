// How a talk stands with its visitor, by the words in which it is told at the control sockets.
// Pure.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace talk {

// lost: the link is gone, and the visitor may call again; left: the talk has ended.
enum class TalkLink { here, lost, left };

inline constexpr std::array<std::string_view, 3> kTalkLinks = {"here", "lost", "left"};

inline std::string_view word_of(TalkLink link) {
  return kTalkLinks[static_cast<std::size_t>(link)];
}

inline std::optional<TalkLink> read_talk_link(std::string_view word) {
  const auto* const found = std::find(kTalkLinks.begin(), kTalkLinks.end(), word);
  if (found == kTalkLinks.end()) return std::nullopt;
  return static_cast<TalkLink>(found - kTalkLinks.begin());
}

}  // namespace talk
