// The list of sessions for programs (RFC 8259). Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "talk_server/board/house.h"

namespace talk {

// One object on one line, in ASCII: `server` is the port's number, or else a name. What is not
// known of a session that does not answer is null.
std::string list_json(const std::string& server, const std::optional<ListenerReport>& listener,
                      const std::vector<SessionRow>& rows);

// Any bytes as a string with its quotation marks. Bytes that are no UTF-8 become U+FFFD.
std::string json_string(std::string_view text);

}  // namespace talk
