// The plain screen where a program sits at one end: stdout carries only what the other person
// said, one line a line, and stdin is a stream of lines. What the program itself has to say goes
// to stderr. No escape codes, no prompt.
#pragma once

#include <string>
#include <vector>

#include "common/posix/output_queue.h"
#include "common/screen/screen.h"

namespace talk {

class PipeScreen : public Screen {
 public:
  PipeScreen();
  ~PipeScreen() override;

  void show(const Entry& entry) override;
  void set_status(const Status&) override {}
  void prepare(WaitSet& wait, bool listening) override;
  // Throws std::system_error where stdin cannot be read or stdout not be written.
  void turn(const WaitSet& wait, Time now, std::vector<Input>& inputs) override;
  bool has_room() const override;
  void finish(Time deadline) override;

 private:
  void read_input(std::vector<Input>& inputs);

  std::string partial_;  // of an input line
  bool input_ended_ = false;
  OutputQueue output_;   // standard output: their words
  OutputQueue remarks_;  // standard error: ours
};

}  // namespace talk
