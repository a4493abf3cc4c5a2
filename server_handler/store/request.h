// What a client asks of the store, and whether what has come of it could be all. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace talk {

inline constexpr std::size_t kMaxValue = std::size_t{64} << 10;  // bytes

struct StoreRequest {
  enum class Verb { put, get, del, bye, wrong };
  Verb verb = Verb::wrong;
  std::int64_t key = 0;
  std::string_view value;    // put: into the message
  std::string_view problem;  // wrong: the reply, under 31 bytes
};

// `message` is without its ending and not empty.
StoreRequest parse_store_request(std::string_view message);

// Whether `message` is no request but could be the beginning of one.
bool could_become_store_request(std::string_view message);

}  // namespace talk
