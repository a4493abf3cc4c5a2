// Looking for words in a text, whatever their capitals.
#pragma once

#include <optional>
#include <string_view>

namespace talk {

// The first piece of `text` that is `sought`, small letters and capitals being the same as far as
// the locale knows them; nothing where there is none, or where nothing is sought.
std::optional<std::string_view> find_ignoring_case(std::string_view text, std::string_view sought);

}  // namespace talk
