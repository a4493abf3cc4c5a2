#include "common/files/partial_name.h"

#include <array>
#include <cstdio>
#include <string_view>

#include "common/files/file_name.h"

namespace talk {
namespace {

// FNV-1a, 64 bits. It only tells files apart: that a part belongs is decided by the checksum.
class Fingerprint {
 public:
  void add(std::string_view field) {
    for (const char byte : field) add_byte(static_cast<unsigned char>(byte));
    add_byte(0);  // no field contains it
  }
  std::string text() const {  // eight digits
    std::array<char, 9> digits{};
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

std::string partial_name(const FileIdentity& identity, unsigned count) {
  Fingerprint print;
  print.add(join_parts(identity.parts));
  print.add(std::to_string(identity.size));
  print.add(std::to_string(identity.mtime));
  const std::string number = count == 1 ? "" : "-" + std::to_string(count);
  return partials_of(identity.peer) + print.text() + number + std::string(kPartialSuffix);
}

}  // namespace talk
