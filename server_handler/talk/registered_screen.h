// The session's screen with a second pair of eyes: what the screen is told is also what the board
// is told at the session's control socket, and what is asked for there is done as if the person
// before the screen had done it.
#pragma once

#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/desk/control_socket.h"
#include "common/desk/departures.h"
#include "common/desk/link_news.h"
#include "common/desk/report.h"
#include "common/screen/screen.h"
#include "server_handler/talk/handed_links.h"

namespace talk {

class RegisteredScreen : public Screen {
 public:
  struct Options {
    std::string directory;         // of the register
    std::uint64_t number = 0;      // the session's
    bool lingers = false;          // the window stays when the talk has ended; else nothing does
    HandedLinks* links = nullptr;  // takes connections of a visitor who calls again
    std::function<void()> left;    // for what this process may not remove itself
    // Told of each change of the link behind the first; the news lack the session's number.
    std::function<void(const LinkNews& news)> link_changed;
  };

  // Borrows the screen. Throws std::system_error where there can be no socket.
  RegisteredScreen(Screen& screen, const Options& options);
  ~RegisteredScreen() override;

  void show(const Entry& entry) override;
  void set_status(const Status& status) override;
  bool command(Verb verb, const std::string& argument) override {
    return screen_.command(verb, argument);
  }
  void talk_ended() override;
  void prepare(WaitSet& wait, bool listening) override;
  void turn(const WaitSet& wait, Time now, std::vector<Input>& inputs) override;
  bool has_room() const override { return screen_.has_room(); }
  std::optional<std::uint64_t> unread() const override { return screen_.unread(); }
  Attention attention() const override { return screen_.attention(); }
  void another_closed(Time when) override { screen_.another_closed(when); }
  std::vector<std::string> key_help() const override { return screen_.key_help(); }
  bool raise() override { return screen_.raise(); }
  void resized() override { screen_.resized(); }
  void suspend() override { screen_.suspend(); }
  void resume() override { screen_.resume(); }
  void finish(Time deadline) override { screen_.finish(deadline); }

 private:
  void leave();
  void tell_of_link();
  void look_at_register(Time now);
  std::string answer(std::string_view request);
  std::string say(std::string_view text);
  std::string close(std::string_view reason);
  std::string raise_window();
  std::string answer_passed(std::string_view request, OwnedFd passed);
  SessionReport report() const;

  Screen& screen_;
  const Options options_;
  std::chrono::sys_seconds began_;
  Status status_;
  Time heard_;                     // words of the visitor's, or bytes of a file
  std::uint64_t since_input_ = 0;  // lines of the visitor's since the person did something
  bool listening_ = true;
  std::optional<ino_t> own_socket_;  // its file in the register
  Time look_at_register_;
  bool forgotten_ = false;    // that file is not there any more
  LinkNews told_;             // last
  std::vector<Input> asked_;  // for the next turn
  Departures departures_;
  std::optional<ControlSocket> socket_;  // none once nothing is left of the talk
};

}  // namespace talk
