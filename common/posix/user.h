// Who runs this program.
#pragma once

#include <string>

namespace talk {

std::string login_name();      // "someone" where the system knows none
std::string home_directory();  // may be empty
// Where this user's programs meet (XDG_RUNTIME_DIR), an absolute path; empty where there is none.
std::string runtime_directory();

}  // namespace talk
