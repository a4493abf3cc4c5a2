// One end of a talk with its files, without a socket and without a person: a test types into it and
// carries the bytes, in whatever pieces and as far as it likes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/session/conversation.h"
#include "common/transfer/transfers.h"
#include "tests/support/scripted_screen.h"

namespace talk::test {

// Also keeps the other person's words as they came.
class HearingScreen : public ScriptedScreen {
 public:
  std::vector<std::string> heard;

  void show(const Entry& entry) override {
    if (entry.kind == Entry::Kind::theirs) heard.push_back(entry.text);
    ScriptedScreen::show(entry);
  }
};

class TalkSeat {
 public:
  struct Options {
    Role role = Role::client;
    std::string directory;  // where received files go
    std::string share;      // what the other side may get
    bool asks = false;      // a file is taken only when that is typed
    seconds patience{0};    // for another link, should the first be lost
  };

  TalkSeat(const Options& options, Time now);

  void type(const std::string& line, Time now) { talk.input({Input::Kind::line, line}, now); }
  // Has the disk's thread finish what it was given, or works on it for `patience`.
  void work(milliseconds patience);
  // Takes up to `most` bytes of what is to be sent, with file data among them.
  std::string take(std::size_t most, Time now);

  HearingScreen screen;
  Transfers transfers;
  Conversation talk;
};

}  // namespace talk::test
