// Text within XML and HTML. Pure.
#pragma once

#include <string>
#include <string_view>

namespace talk::clinic {

// Whatever it is made of, it stays text there, in elements and in attributes: controls are made
// visible (line feeds stay), and what the language would take for its own is escaped.
std::string markup_text(std::string_view untrusted);

}  // namespace talk::clinic
