#include "common/files/partial_name.h"

#include <array>
#include <cstddef>
#include <cstdio>

#include "common/files/file_name.h"
#include "common/text/decimal.h"

namespace talk {
namespace {

constexpr std::size_t kDigits = 8;  // of a fingerprint

// FNV-1a, 64 bits. It only tells files apart: that a part belongs is decided by the checksum.
class Fingerprint {
 public:
  void add(std::string_view field) {
    for (const char byte : field) add_byte(static_cast<unsigned char>(byte));
    add_byte(0);  // no field contains it
  }
  std::string text() const {
    std::array<char, kDigits + 1> digits{};
    std::snprintf(digits.data(), digits.size(), "%08llx",
                  static_cast<unsigned long long>(hash_ & 0xffffffff));
    return digits.data();
  }

 private:
  void add_byte(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001b3; }
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace

std::string partials_of(const std::string& peer) {
  Fingerprint print;
  print.add(peer);
  return std::string(kPartialPrefix) + print.text();
}

std::string partial_stem(const FileIdentity& identity) {
  Fingerprint print;
  print.add(join_parts(identity.parts));
  print.add(std::to_string(identity.size));
  print.add(std::to_string(identity.mtime));
  return partials_of(identity.peer) + print.text();
}

std::string partial_name(const std::string& stem, unsigned number) {
  const std::string behind = number == 1 ? "" : "-" + std::to_string(number);
  return stem + behind + std::string(kPartialSuffix);
}

std::optional<PartialName> parse_partial_name(std::string_view name) {
  constexpr std::size_t kStem = kPartialPrefix.size() + 2 * kDigits;
  if (!is_partial_name(name) || name.size() < kStem + kPartialSuffix.size()) return std::nullopt;
  const std::string_view stem = name.substr(0, kStem);
  if (stem.find_first_not_of("0123456789abcdef", kPartialPrefix.size()) != stem.npos)
    return std::nullopt;
  std::string_view rest = name.substr(kStem);
  rest.remove_suffix(kPartialSuffix.size());
  if (rest.empty()) return PartialName{std::string(stem), 1};
  if (!rest.starts_with('-')) return std::nullopt;
  const auto number = decimal<unsigned>(rest.substr(1));
  if (!number || *number < 2) return std::nullopt;
  return PartialName{std::string(stem), *number};
}

}  // namespace talk
