// Inputs that are nearly right: those that were given, changed here and there. The same seed makes
// the same ones.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <vector>

namespace talk::test {

class Mutator {
 public:
  Mutator(std::vector<std::string> seeds, unsigned seed)
      : seeds_(std::move(seeds)), random_(seed) {}

  // One of the seeds with up to a handful of changes: bytes flipped, set, taken out, doubled, or a
  // part of another seed put in.
  std::string next() { return mutate(pick(seeds_)); }
  std::string mutate(std::string bytes);

  // From 0 to `most`.
  std::size_t up_to(std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most)(random_);
  }
  bool one_in(std::size_t n) { return up_to(n - 1) == 0; }
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[up_to(from.size() - 1)];
  }

 private:
  void change(std::string& bytes);

  std::vector<std::string> seeds_;
  std::mt19937_64 random_;
};

}  // namespace talk::test
