#include "talk_client/clinic/result.h"

#include <algorithm>
#include <utility>

namespace talk::clinic {

std::string to_text(Weight weight) {
  switch (weight) {
    case Weight::well:
      return "well";
    case Weight::skipped:
      return "skipped";
    case Weight::differs:
      return "differs";
    case Weight::fragile:
      return "fragile";
    case Weight::fails:
      return "fails";
  }
  return "";
}

std::size_t Report::count(Weight weight) const {
  return static_cast<std::size_t>(std::ranges::count(results, weight, &Result::weight));
}

void Report::break_off(const std::string& why) {
  broken_off = why;
  if (!doing) return;
  doing->weight = Weight::skipped;
  doing->what = "not finished: " + why;
  results.push_back(*std::exchange(doing, std::nullopt));
  unfinished = true;
}

Weight Report::worst() const {
  Weight worst = Weight::well;
  for (const Result& result : results) worst = std::max(worst, result.weight);
  return worst;
}

int Report::exit_code() const {
  if (!unreachable.empty()) return 3;
  if (worst() >= Weight::fragile) return 5;
  return broken_off.empty() ? 0 : 1;
}

std::string escaped(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (byte >= 0x20 && byte < 0x7F)
      out += c;
    else
      out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return out + "\"";
}

std::string bytes_in_words(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " byte" : " bytes");
}

}  // namespace talk::clinic
