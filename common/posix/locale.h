// What the person's locale says of the characters that their terminal shows.
#pragma once

namespace talk {

// By LC_ALL, LC_CTYPE and LANG, the first that is set (POSIX).
bool locale_is_utf8();

}  // namespace talk
