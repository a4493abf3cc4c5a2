// The files of the person at this end, as they are named when they are to be sent. A confined
// process has no way to most of them: its monitor opens them for it, by the rule of send_rule.h.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/confine/monitor.h"
#include "common/files/send_rule.h"
#include "common/posix/owned_fd.h"

namespace talk {

// Opening throws std::system_error or std::runtime_error with the reason, which names no file. All
// may be called in any thread.
class OwnFiles {
 public:
  virtual ~OwnFiles() = default;
  // A regular file or a directory, for reading; links are followed.
  virtual OwnedFd open(const std::string& path) = 0;
  // What is called so in a directory that was opened here; no link is followed.
  virtual OwnedFd open_in(int directory, const std::string& name) = 0;
  // named_paths.h
  virtual std::vector<std::string> named(const std::vector<std::string>& words,
                                         const std::string& text) = 0;
  // The names in a directory, those of directories ending in '/'; none where it cannot be read.
  virtual std::vector<std::string> list(const std::string& directory) = 0;
};

// In this process, where it may.
std::shared_ptr<OwnFiles> direct_files(SendRule rule = {.everywhere = true});

// The same through a monitor, which outlives it and has these deeds.
std::shared_ptr<OwnFiles> monitored_files(Monitor& monitor);
Monitor::Deeds file_deeds(const SendRule& rule);

}  // namespace talk
