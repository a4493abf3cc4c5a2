// What the process of a session tells its listener, which reads nothing of a visitor: that the
// session's link is lost, is there again, or that the talk has ended and only a window is left. Who
// has no link takes no place from others, and has it back when the link is.
//
//   session NUMBER CHANGE here|lost|left
//
// CHANGE counts from 1, so that what is overtaken on the way is known to be old.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/desk/talk_link.h"

namespace talk {

struct LinkNews {
  std::uint64_t session = 0;
  std::uint64_t change = 0;
  TalkLink link = TalkLink::here;

  bool operator==(const LinkNews&) const = default;
};
std::string format_link_news(const LinkNews& news);
std::optional<LinkNews> read_link_news(std::string_view text);

// Tells the listener that has this directory in the register, and waits for no answer; where
// nobody listens nothing is told.
void tell_listener(const std::string& register_directory, const LinkNews& news);

}  // namespace talk
