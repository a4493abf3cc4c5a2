#include "talk_client/clinic/markup.h"

#include "common/text/display.h"

namespace talk::clinic {
namespace {

std::string escaped_line(std::string_view line) {
  std::string out;
  for (const char c : display_text(line)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string markup_text(std::string_view untrusted) {
  std::string out;
  for (;;) {
    const std::size_t end = untrusted.find('\n');
    out += escaped_line(untrusted.substr(0, end));
    if (end == std::string_view::npos) return out;
    out += '\n';
    untrusted.remove_prefix(end + 1);
  }
}

}  // namespace talk::clinic
