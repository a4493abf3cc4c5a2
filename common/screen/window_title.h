// The title of a window and its icon's name, which are one text: what tells windows apart in a
// taskbar. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "common/screen/screen.h"

namespace talk {

// "3 alice (2) — talk": the session's number, so that no two are the same; the name, between
// quotation marks where it could be read as what follows, else the address; the lines that are
// unread; what there is to be known, as "(left)", "waiting" for an answer to an offer, or "45 %".
// A window that outlives its server, whose numbers another one gives again, ends in
// "(server gone)". Safe. The dash is one of ASCII where `utf8` is false.
std::string window_title(const Status& status, const WindowKind& window, std::uint64_t unread,
                         bool utf8);

}  // namespace talk
