// The upload sink: what a connection brings until its orderly end becomes DIR/N.file, and anything
// else leaves the five bytes ERROR under that name.
#pragma once

#include "server_handler/start/start.h"

namespace talk {

// A whole session; `greets`: as accio. No data for TALK_IDLE_SECONDS, or more of it than
// TALK_MAX_FILE_SIZE, ends it. Returns the exit code; throws what run_handler() is to report.
int take_upload(const Session& session, bool greets);

}  // namespace talk
