#include "server_handler/store/record.h"
#include "common/text/decimal.h"

namespace talk {
namespace {

constexpr std::string_view kStruckPut = "#ut ";  // begins with kStrike

// `KEY VALUE`; a key alone has an empty value.
StoreRecord parse_pair(std::string_view text) {
  const std::size_t blank = text.find(' ');
  const auto key = parse_store_key(text.substr(0, blank));
  if (!key) return {};
  const std::string_view value = blank == text.npos ? "" : text.substr(blank + 1);
  return {StoreRecord::Kind::put, *key, value};
}

}  // namespace

std::optional<std::int64_t> parse_store_key(std::string_view text) {
  return decimal<std::int64_t>(text);
}

StoreRecord parse_store_record(StoreForm form, std::string_view line) {
  if (form == StoreForm::foreign) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return parse_pair(line);
  }
  if (line.starts_with("put ")) return parse_pair(line.substr(4));
  if (line.starts_with(kStruckPut)) {
    if (const StoreRecord put = parse_pair(line.substr(4)); put.kind == StoreRecord::Kind::put)
      return {StoreRecord::Kind::del, put.key, {}};
  }
  if (line.starts_with("del ")) {
    if (const auto key = parse_store_key(line.substr(4))) return {StoreRecord::Kind::del, *key, {}};
  }
  return {};
}

std::string format_store_put(std::int64_t key, std::string_view value) {
  std::string line = "put " + std::to_string(key) + " ";
  return line.append(value).append("\n");
}

std::string format_store_del(std::int64_t key) { return "del " + std::to_string(key) + "\n"; }

}  // namespace talk
