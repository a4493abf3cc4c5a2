// The partial files below a directory: those that nobody has come back for are found here, and go.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace talk {

// Removes those that were last written a week before `now` and are not in use; the second names of
// stored files when they are older than `remembered`. Returns the bytes of those that stay.
std::uint64_t sweep_partials(int directory, std::chrono::system_clock::time_point now,
                             std::chrono::seconds remembered);

// Whether the one of that name went: one that is in use does not.
bool remove_partial(int directory, const std::vector<std::string>& place, const std::string& name);

// Removes the second names of stored files that begin with `prefix` and are not in use.
void forget_stored(int directory, std::string_view prefix);

// Makes at least `bytes` of room by giving up parts that nobody uses, the oldest first. Where all
// of them were not enough none is touched, and it returns false.
bool give_up_partials(int directory, std::uint64_t bytes);

}  // namespace talk
