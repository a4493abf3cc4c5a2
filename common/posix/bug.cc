#include "common/posix/bug.h"

#include <cstdio>
#include <cstdlib>

namespace talk {

void bug(const char* what) {
  std::fprintf(stderr, "ERROR: a bug in this program: %s\n", what);
  std::abort();
}

}  // namespace talk
