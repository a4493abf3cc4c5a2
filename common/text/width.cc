#include "common/text/width.h"

#include <locale.h>
#include <wchar.h>

#include <algorithm>

#include "common/text/utf8.h"

namespace talk {
namespace {

constexpr char32_t kJoiner = 0x200D;
constexpr std::string_view kJoinerBytes = "\u200D";

bool is_regional(char32_t code) { return code >= 0x1F1E6 && code <= 0x1F1FF; }

// wcwidth() goes by the locale in force; this one is in force nowhere else.
class Utf8Locale {
 public:
  Utf8Locale() : locale_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {}
  int width(char32_t code) const {
    if (locale_ == nullptr) return code < 0x20 || code == 0x7F ? -1 : 1;
    const locale_t before = ::uselocale(locale_);
    const int width = ::wcwidth(static_cast<wchar_t>(code));
    ::uselocale(before);
    return width;
  }

 private:
  locale_t locale_;  // for the life of the process
};

}  // namespace

void load_widths() { code_point_width(U'\u65e5'); }

int code_point_width(char32_t code) {
  if (code >= 0x20 && code < 0x7F) return 1;
  static const Utf8Locale locale;
  return locale.width(code);
}

Cluster first_cluster(std::string_view text, int most) {
  const Decoded base = decode_utf8(text);
  Cluster cluster{base.size, std::max(code_point_width(base.code), 0)};
  if (base.code < 0x80 && text.size() > 1 && static_cast<unsigned char>(text[1]) < 0x80)
    return cluster;
  bool joined = false;
  bool flag = is_regional(base.code);
  while (cluster.size < text.size()) {
    const Decoded next = decode_utf8(text.substr(cluster.size));
    const bool pair = flag && is_regional(next.code);
    const bool mark = next.code != U' ' && code_point_width(next.code) == 0 && next.valid;
    const int width = std::max(code_point_width(next.code), 0);
    if ((!joined && !pair && !mark) || (width > 0 && cluster.width + width > most)) break;
    cluster.width += width;
    joined = next.code == kJoiner;
    flag = false;
    cluster.size += next.size;
  }
  return cluster;
}

std::size_t cluster_before(std::string_view text, std::size_t end) {
  // From a place that is sure to be a boundary: a character is never that long.
  constexpr std::size_t kLongest = 256;
  std::size_t start = end > kLongest ? end - kLongest : 0;
  while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
  while (true) {
    const std::size_t next = start + first_cluster(text.substr(start, end - start)).size;
    if (next >= end) return start;
    start = next;
  }
}

int text_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Cluster cluster = first_cluster(text);
    width += cluster.width;
    text.remove_prefix(cluster.size);
  }
  return width;
}

std::string_view without_joiner(std::string_view text) {
  if (text.ends_with(kJoinerBytes)) text.remove_suffix(kJoinerBytes.size());
  return text;
}

std::string_view fit_width(std::string_view text, int columns) {
  std::size_t size = 0;
  while (size < text.size()) {
    const Cluster cluster = first_cluster(
        text.substr(size), size == 0 ? std::min(columns, kWidestCluster) : kWidestCluster);
    if (cluster.width > columns) break;
    columns -= cluster.width;
    size += cluster.size;
  }
  return size == text.size() ? text : without_joiner(text.substr(0, size));
}

std::vector<std::string_view> wrap(std::string_view text, int columns) {
  std::vector<std::string_view> rows;
  while (true) {
    std::string_view row = fit_width(text, columns);
    if (row.size() == text.size()) {
      rows.push_back(row);
      return rows;
    }
    if (row.empty()) row = without_joiner(text.substr(0, first_cluster(text, columns).size));
    const std::size_t blank = text[row.size()] == ' ' ? row.size() : row.rfind(' ');
    const bool between_words = blank != std::string_view::npos && blank != 0;
    rows.push_back(between_words ? row.substr(0, blank) : row);
    text.remove_prefix(between_words ? blank + 1 : row.size());
    if (text.starts_with(kJoinerBytes)) text.remove_prefix(kJoinerBytes.size());
    if (text.empty()) return rows;
  }
}

}  // namespace talk
