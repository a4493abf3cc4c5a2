// How the sessions of a server are confined, and what that does not hold: said once, at the start.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "talk_server/options.h"

namespace talk {

// The setting for the handlers; none for a program of the owner's own, which is the owner's own
// affair. Throws what --confine require does not get.
std::vector<std::string> confinement_settings(const ServerOptions& options);

// Logs a DIR whose files are more than visitors should have within reach.
void warn_of_home(const ServerOptions& options);

// Whether a home is, or lies in, the directory; both absolute. Pure.
bool holds_home(std::string_view directory, std::string_view home);

}  // namespace talk
