// A row of the screen as it is to be painted: pieces of safe text, each in a style.
#pragma once

#include <string>
#include <vector>

#include "common/screen/split/terminfo.h"

namespace talk {

struct Piece {
  Style style = Style::plain;
  std::string text;  // safe
  unsigned hue = 0;  // Style::name
  bool operator==(const Piece&) const = default;
};

using Row = std::vector<Piece>;

}  // namespace talk
