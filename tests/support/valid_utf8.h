// What is asked of every text that was made safe to be shown.
#pragma once

#include <string_view>

#include "common/text/utf8.h"

namespace talk {

inline bool is_valid_utf8(std::string_view text) {
  while (!text.empty()) {
    const Decoded decoded = decode_utf8(text);
    if (!decoded.valid) return false;
    text.remove_prefix(decoded.size);
  }
  return true;
}

}  // namespace talk
