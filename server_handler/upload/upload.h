// The upload sink: what a connection brings until its orderly end becomes DIR/N.file, and anything
// else leaves the five bytes ERROR under that name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "common/posix/owned_fd.h"
#include "server_handler/start/start.h"

namespace talk {

// DIR/N.file while it grows under a hidden name. The name appears in one step, complete.
class UploadFile {
 public:
  // Throws std::system_error, as do all others.
  UploadFile(const std::string& dir, std::uint64_t number);
  ~UploadFile();  // removes what was never published
  UploadFile(const UploadFile&) = delete;
  UploadFile& operator=(const UploadFile&) = delete;

  void append(std::string_view bytes);
  void publish();  // replaces a file of that name
  void publish_error();

 private:
  OwnedFd dir_;
  std::string name_;
  std::string partial_;
  OwnedFd file_;
  bool published_ = false;
};

// A whole session; `greets`: as accio. No data for TALK_IDLE_SECONDS ends it. Returns the exit
// code; throws what run_handler() is to report.
int take_upload(const Session& session, bool greets);

}  // namespace talk
