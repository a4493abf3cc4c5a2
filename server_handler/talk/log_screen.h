// The screen of a session with nobody at the desk: what the program has to say goes to the log.
#pragma once

#include <string>

#include "common/posix/log.h"
#include "common/screen/screen.h"

namespace talk {

class LogScreen : public Screen {
 public:
  explicit LogScreen(const std::string& session) : log_("session " + session) {}

  void show(const Entry& entry) override;
  void set_status(const Status&) override {}
  void prepare(WaitSet&, bool) override {}
  void turn(const WaitSet&, Time, std::vector<Input>&) override {}
  bool has_room() const override { return true; }
  void finish(Time) override {}

 private:
  LimitedLog log_;
};

}  // namespace talk
