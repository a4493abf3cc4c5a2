// Any bytes as one word of a line of text: what is not plain becomes %XX (RFC 3986). Pure.
#pragma once

#include <string>
#include <string_view>

namespace talk {

// Letters, digits and - _ . ~ @ stay.
std::string percent_encode(std::string_view bytes);
// Where a percent sign is not followed by two hexadecimal digits it stands for itself.
std::string percent_decode(std::string_view text);

}  // namespace talk
