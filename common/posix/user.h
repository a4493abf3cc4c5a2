// Who runs this program.
#pragma once

#include <string>

namespace talk {

std::string login_name();      // "someone" where the system knows none
std::string home_directory();  // may be empty

}  // namespace talk
