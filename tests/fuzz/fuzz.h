// What the fuzz entries share. Each entry is one function, LLVMFuzzerTestOneInput, that gives bytes
// to one parser and aborts (posix/bug.h) where something is wrong with what it made of them.
//
// `make fuzz` links each with libFuzzer; in `make test` they are functions fuzz_NAME of one
// program, which runs the corpus (corpus_test.cc).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/posix/bug.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace talk::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// Calls `take` with all of `bytes` in pieces of `size`.
template <typename Take>
void in_pieces(std::string_view bytes, std::size_t size, const Take& take) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size())))
    take(bytes.substr(0, size));
}

}  // namespace talk::fuzz
