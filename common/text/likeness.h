// How a text looks at a glance, so that two which a person could take for one another are known to
// be alike. Of Unicode's confusable characters (UTS #39) those are known that names are forged
// with: capitals, digits, marks, wide and mathematical letters, and the Greek and Cyrillic ones
// that look Latin. Pure.
#pragma once

#include <string>
#include <string_view>

namespace talk {

// To be compared, never shown. `text` is safe to be shown.
std::string likeness(std::string_view text);

}  // namespace talk
