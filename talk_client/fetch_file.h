// One file from a file fetcher: asked for by its name, stored when all of it has come.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/files/inbox.h"
#include "talk_client/batch_screen.h"
#include "talk_client/download.h"
#include "talk_client/fetch_reply.h"
#include "talk_client/file_progress.h"
#include "talk_client/plain_link.h"

namespace talk {

class FetchFile {
 public:
  // `lines`: the name is sent as a line. Throws ExitError where it is a name that no file here may
  // have, and std::system_error where there is no such directory.
  FetchFile(const std::string& name, bool lines, const std::string& directory, BatchScreen& screen);

  // Throws ExitError and std::system_error; then nothing is left of the file.
  void run(PlainLink& link);

 private:
  void receive(PlainLink& link);
  void take(const std::string& bytes);
  void say_process_id();

  std::string name_;
  bool lines_;
  BatchScreen& screen_;
  std::vector<std::string> parts_;
  std::shared_ptr<Inbox> inbox_;
  FetchReply reply_;
  FileProgress progress_;
  std::optional<Download> download_;
};

}  // namespace talk
