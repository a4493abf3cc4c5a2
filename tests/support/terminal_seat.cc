#include "tests/support/terminal_seat.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <stdexcept>

#include "tests/support/proc.h"

namespace talk::test {
namespace {

// In a window that takes a connection over there is a program of ours between.
pid_t terminal_of(pid_t handler) {
  const pid_t parent = parent_of(handler);
  return command_of(parent).find("talk_window --window") == std::string::npos ? parent
                                                                              : parent_of(parent);
}

}  // namespace

TerminalSeat::TerminalSeat(const std::string& terminal, Bus bus) {
  if (bus == Bus::session) {
    bus_ = std::make_unique<Process>(
        std::vector<std::string>{"dbus-daemon", "--session", "--nofork", "--print-address=1"},
        options());
    if (!bus_->says("\n")) throw std::runtime_error("no session bus: " + bus_->err());
    bus_address_ = bus_->out().substr(0, bus_->out().find('\n'));
  }
  manager_ = desktop_.manage("openbox", options());
  server_ = std::make_unique<Server>(std::vector<std::string>{"-t", terminal, "--linger", "0"},
                                     dir_.path(), options());
}

// Nothing of the home of the person who runs the tests; OpenGL without a graphics card.
Process::Options TerminalSeat::options() {
  Process::Options options = desktop_.options();
  options.environment.merge(std::map<std::string, std::string>{
      {"HOME", dir_.path()},
      {"XDG_RUNTIME_DIR", dir_.path()},
      {"DBUS_SESSION_BUS_ADDRESS", bus_address_},
      {"LC_ALL", "C.UTF-8"},
      {"LIBGL_ALWAYS_SOFTWARE", "1"},
      {"NO_AT_BRIDGE", "1"},
  });
  options.unset.insert(options.unset.end(),
                       {"WAYLAND_DISPLAY", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS"});
  return options;
}

std::unique_ptr<TerminalSeat::Session> TerminalSeat::opens() {
  const std::set<Desktop::Window> before = desktop_.windows();
  auto session = std::make_unique<Session>(server_->port());
  if (!session->visitor.hears(" name="))
    throw std::runtime_error("no greeting: " + session->visitor.received() + server_->log());
  session->handler = std::stoi(session->visitor.received().substr(sizeof "TALK/1 pid=" - 1));
  session->terminal = terminal_of(session->handler);
  const bool came = wait_until([&] {
    for (const Desktop::Window& window : desktop_.windows())
      if (before.count(window) == 0) session->window = window;
    return !session->window.empty();
  });
  if (!came) throw std::runtime_error("no window: " + server_->log());
  return session;
}

bool TerminalSeat::says(Session& session, const std::string& words) {
  return wait_until([&] {
    desktop_.type_line(session.window, words);
    return session.visitor.hears(words, seconds(2));
  });
}

void TerminalSeat::closes(const Session& session) { desktop_.press(session.window, "alt+F4"); }

bool TerminalSeat::shows_window(const Session& session) {
  return desktop_.windows().count(session.window) != 0;
}

void stands_everything(const std::string& terminal, Bus bus) {
  TerminalSeat seat(terminal, bus);
  const auto first = seat.opens();
  const auto second = seat.opens();
  EXPECT_TRUE(seat.says(*first, "to the first"));
  EXPECT_TRUE(seat.says(*second, "to the second"));
  EXPECT_EQ(first->visitor.received().find("second"), std::string::npos);
  EXPECT_EQ(second->visitor.received().find("first"), std::string::npos);

  seat.closes(*first);
  EXPECT_TRUE(first->visitor.sees_end());
  EXPECT_TRUE(wait_until([&] { return is_dead(first->handler) && !seat.shows_window(*first); }));
  EXPECT_TRUE(seat.server().logs("session 1 closed")) << seat.server().log();
  EXPECT_TRUE(seat.says(*second, "still here"));

  ::kill(second->terminal, SIGKILL);
  EXPECT_TRUE(second->visitor.sees_end());
  EXPECT_TRUE(wait_until([&] { return is_dead(second->handler) && !seat.shows_window(*second); }));
  EXPECT_TRUE(seat.server().logs("session 2 closed")) << seat.server().log();

  const auto gone = seat.opens();
  gone->visitor.reset();
  EXPECT_TRUE(wait_until([&] { return is_dead(gone->handler) && !seat.shows_window(*gone); }));
  EXPECT_TRUE(wait_until([&] { return is_dead(gone->terminal); }));  // it was the last window

  const auto last = seat.opens();
  last->visitor.send("one who hears notices\n");
  EXPECT_TRUE(seat.says(*last, "to the last"));
  seat.server().process().signal(SIGTERM);
  EXPECT_EQ(seat.server().process().exit_code(), 0);
  EXPECT_TRUE(last->visitor.hears("the program was stopped")) << last->visitor.received();
  EXPECT_TRUE(last->visitor.sees_end());
  EXPECT_TRUE(wait_until([&] { return is_dead(last->handler) && !seat.shows_window(*last); }));
}

}  // namespace talk::test
