#include "common/posix/terminal_kind.h"

#include "common/posix/environment.h"

namespace talk {

bool terminal_is_dumb() { return environment("TERM", "dumb") == "dumb"; }

bool colour_is_wanted() { return environment("NO_COLOR").empty(); }

}  // namespace talk
