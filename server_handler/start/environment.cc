#include "server_handler/start/environment.h"

#include <sys/types.h>

#include <cstdlib>
#include <limits>

#include "common/posix/error.h"
#include "common/text/decimal.h"

namespace talk {
namespace {

constexpr std::uint64_t kMostSeconds = std::uint64_t{100} * 366 * 24 * 3600;  // the clock adds them
constexpr std::uint64_t kMostBytes = std::numeric_limits<off_t>::max();

std::uint64_t number(const char* name, std::uint64_t otherwise, std::uint64_t most,
                     const char* what) {
  const char* const text = std::getenv(name);  // one that is empty is no number
  if (text == nullptr) return otherwise;
  const auto value = decimal<std::uint64_t>(text);
  if (!value || *value > most)
    throw ExitError(1, "read " + std::string(name) + " '" + text + "': not " + what);
  return *value;
}

}  // namespace

std::uint64_t environment_number(const char* name, std::uint64_t otherwise) {
  return number(name, otherwise, std::numeric_limits<std::uint64_t>::max(), "a number");
}

seconds environment_seconds(const char* name, seconds otherwise) {
  const auto count = static_cast<std::uint64_t>(otherwise.count());
  return seconds(number(name, count, kMostSeconds, "a number of seconds"));
}

std::uint64_t environment_bytes(const char* name, std::uint64_t otherwise) {
  return number(name, otherwise, kMostBytes, "a number of bytes");
}

}  // namespace talk
