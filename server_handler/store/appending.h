// How records get to the end of the log: whole, or not at all, also where a process is killed in
// the middle of it.
#pragma once

#include <string_view>

#include "server_handler/store/index.h"

namespace talk {

// Both with header.write held, or where no other process has the store open.

// All of `records` at the end of the log, or nothing and the error. Throws std::system_error where
// half a line can neither be ended nor be cut off.
[[nodiscard]] int append_to_log(int log, StoreHeader& header, std::string_view records);

// Cuts off what a process left that died in append_to_log(), where that is all there is: behind it
// a person may have written.
void cut_half_append(int log, const StoreHeader& header);

}  // namespace talk
