// What root, or who was given a part of its powers (capabilities(7)), may do beyond others. For
// confine.h only.
#pragma once

#include "common/confine/rights.h"

namespace talk {

// For good, in a process that has given up new privileges. What stays is the way to files of other
// users, where there are files at all: the directory of a server that root runs may be anybody's,
// and which files those are is Landlock's affair. False where it could not be done.
bool drop_capabilities(const Rights& rights);

}  // namespace talk
