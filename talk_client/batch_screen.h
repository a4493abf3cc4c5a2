// The screen of a client that only moves files: a progress bar where standard error is a terminal
// (or lines, for whoever hears it), otherwise nothing but what went wrong.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/posix/output_queue.h"
#include "common/screen/announcer.h"
#include "common/screen/screen.h"

namespace talk {

class BatchScreen : public Screen {
 public:
  // `lines`: nothing is painted twice. `place`: the server, as an error names it.
  BatchScreen(bool lines, std::string place);
  ~BatchScreen() override;

  void show(const Entry& entry) override;
  void set_status(const Status& status) override;
  void prepare(WaitSet& wait, bool listening) override;
  void turn(const WaitSet& wait, Time now, std::vector<Input>& inputs) override;
  bool has_room() const override;
  void suspend() override { wipe(); }
  void finish(Time deadline) override;

  // Said whether there is a terminal or not.
  void say(const std::string& text);

  bool failed() const { return failed_; }

 private:
  void put_line(const std::string& line);
  void put(const std::string& bytes);
  void wipe();
  void tell_of_link(const Status& status);
  void paint(const std::string& bar);

  const bool terminal_;
  const std::string place_;
  std::optional<Announcer> announcer_;  // where there are lines
  OutputQueue output_;
  bool painted_ = false;
  bool end_said_ = false;
  bool failed_ = false;
  bool lost_ = false;  // there is no link, and another one is waited for
  Time painted_at_{};
};

}  // namespace talk
