// Keeps the screen up to date while one file moves outside of TALK/1.
#pragma once

#include <cstdint>
#include <string>

#include "common/files/progress.h"
#include "common/screen/screen.h"
#include "talk_client/batch_screen.h"

namespace talk {

class FileProgress {
 public:
  // `total` in bytes, 0 where it is not known.
  FileProgress(BatchScreen& screen, const std::string& name, bool outgoing, std::uint64_t total);
  ~FileProgress() { screen_.set_status({}); }
  FileProgress(const FileProgress&) = delete;
  FileProgress& operator=(const FileProgress&) = delete;

  void moved(std::uint64_t count);  // bytes

 private:
  BatchScreen& screen_;
  TransferView view_;
  RateMeter meter_;
};

}  // namespace talk
