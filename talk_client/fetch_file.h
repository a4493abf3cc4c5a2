// One file from a file fetcher: asked for by its name, stored when all of it has come.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/files/inbox.h"
#include "talk_client/batch_screen.h"
#include "talk_client/caller.h"
#include "talk_client/download.h"
#include "talk_client/fetch_reply.h"
#include "talk_client/file_progress.h"
#include "talk_client/plain_link.h"

namespace talk {

// Thrown where a server that was asked with a line greets with TALK/1: it was only full.
struct GreetedAfterAll {};

// Thrown where the link broke before the file was whole, and the name was sent as a line: another
// call loses nothing.
struct BrokeOff {
  std::string reason;
};

class FetchFile {
 public:
  // `lines`: the name is sent as a line. Throws ExitError where it is a name that no file here may
  // have, and std::system_error where there is no such directory.
  FetchFile(const std::string& name, bool lines, const std::string& directory, const Caller& caller,
            BatchScreen& screen);

  // Throws ExitError, std::system_error, GreetedAfterAll and BrokeOff; then nothing is left of
  // the file.
  void run(PlainLink& link);

 private:
  void ask_and_receive(PlainLink& link);
  void receive(PlainLink& link);
  void await_answer(PlainLink& link, bool greeted);
  void take(const std::string& bytes);
  void say_process_id();

  std::string name_;
  bool lines_;
  const Caller& caller_;
  BatchScreen& screen_;
  std::vector<std::string> parts_;
  Inbox inbox_;
  FetchReply reply_;
  FileProgress progress_;
  std::optional<Download> download_;
};

}  // namespace talk
