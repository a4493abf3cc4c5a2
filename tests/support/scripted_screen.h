// A screen that writes down what it is shown; what its person does is given to the conversation by
// the test itself.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "common/screen/screen.h"

namespace talk::test {

class ScriptedScreen : public Screen {
 public:
  std::vector<std::string> shown;  // "theirs alice: hi", "info: …"
  Status status;
  bool room = true;

  bool has_shown(const std::string& part) const {
    return std::any_of(shown.begin(), shown.end(), [&](const std::string& line) {
      return line.find(part) != std::string::npos;
    });
  }

  void show(const Entry& entry) override {
    static const char* const kNames[] = {"theirs", "mine", "notice", "info", "error", "bytes"};
    const std::string kind = kNames[static_cast<int>(entry.kind)];
    const bool named = entry.kind == Entry::Kind::theirs || entry.kind == Entry::Kind::mine;
    shown.push_back(kind + (named ? " " + entry.who : "") + ": " + entry.text);
  }
  void set_status(const Status& now) override { status = now; }
  bool command(Verb verb, const std::string&) override { return verb == Verb::clear; }
  void prepare(WaitSet&, bool) override {}
  void turn(const WaitSet&, Time, std::vector<Input>&) override {}
  bool has_room() const override { return room; }
  void finish(Time) override {}
};

}  // namespace talk::test
