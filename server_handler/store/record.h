// The text of database.txt: one record a line. Pure.
//
// Our own form begins with kStoreHeader; then come `put KEY VALUE` and `del KEY` in the order in
// which they happened, and a last line without its line feed never happened. A put whose first
// letter is struck out (kStrike) is a del of its key: that takes no room. A file without that first
// line is another program's: one `KEY VALUE` a line, the last perhaps without its end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace talk {

inline constexpr std::string_view kStoreHeader =
    "# talk store 1: put KEY VALUE and del KEY, in order; an unfinished last line does not count\n";

inline constexpr char kStrike = '#';

enum class StoreForm { own, foreign };

struct StoreRecord {
  enum class Kind { put, del, none };  // none: a comment, or nothing that is understood
  Kind kind = Kind::none;
  std::int64_t key = 0;
  std::string_view value;  // into the line
};

// A signed 64-bit decimal integer and nothing else.
std::optional<std::int64_t> parse_store_key(std::string_view text);

// `line` is without its line feed.
StoreRecord parse_store_record(StoreForm form, std::string_view line);

// In our own form, with the line feed.
std::string format_store_put(std::int64_t key, std::string_view value);
std::string format_store_del(std::int64_t key);

}  // namespace talk
