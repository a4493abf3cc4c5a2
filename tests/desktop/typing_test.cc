// A person types while windows open and close under them, with real keys under three window
// managers: not one of the keys may reach another visitor than the one they are meant for.
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <memory>
#include <thread>

#include "common/screen/type_ahead.h"
#include "tests/support/desktop.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"

namespace talk::test {
namespace {

class Typing : public testing::TestWithParam<const char*> {
 protected:
  Typing() {
    server_ = std::make_unique<Server>(std::vector<std::string>{}, dir_.path(), desktop_.options());
    friend_ = std::make_unique<TalkPeer>(server_->port(), "TALK/1 name=friend\r\n");
    window_ = desktop_.window_of(server_->session_process(1));
    EXPECT_TRUE(desktop_.shows(window_, "\n>"));
  }

  // Goes on until it is told to stop; the last line is finished.
  void type_all_the_time() {
    desktop_.focus(window_);
    typist_ = std::thread([this] {
      for (; !rest_; ++lines_)
        desktop_.type_blindly("quite private q: hunter2\n", milliseconds(25));
    });
  }
  void rest() {
    rest_ = true;
    if (typist_.joinable()) typist_.join();
  }
  ~Typing() override { rest(); }

  // Its window is there and has been typed past, where it has the focus.
  void has_opened(int session, TalkPeer& visitor) {
    desktop_.window_of(server_->session_process(session));
    EXPECT_NE(visitor.handler_pid(), 0);
    EXPECT_TRUE(visitor.is_answered());
    type_on();
  }
  // For longer than a window is young: a line takes more than half a second.
  void type_on() {
    const int typed = lines_;
    EXPECT_TRUE(wait_until([&] { return lines_ > typed + 4; }));
  }

  Desktop desktop_;
  TempDir dir_;
  const std::unique_ptr<Process> manager_ = desktop_.manage(GetParam());
  std::unique_ptr<Server> server_;
  std::unique_ptr<TalkPeer> friend_;
  Desktop::Window window_;
  std::atomic<bool> rest_ = false;
  std::atomic<int> lines_ = 0;  // that were typed
  std::thread typist_;
};

TEST_P(Typing, WindowsThatOpenGetNoneOfIt) {
  type_all_the_time();
  ASSERT_TRUE(friend_->hears_frame('T', "hunter2"));
  TalkPeer second(server_->port(), "TALK/1 name=second\r\n");
  has_opened(2, second);
  TalkPeer third(server_->port(), "TALK/1 name=third\r\n");
  has_opened(3, third);
  rest();
  for (TalkPeer* const stranger : {&second, &third}) {
    EXPECT_TRUE(stranger->is_answered());
    EXPECT_EQ(stranger->texts(), std::vector<std::string>{});
  }
}

// A pause for thought, and the rest of the sentence went to whoever had come meanwhile.
TEST_P(Typing, WordsThatWereBegunElsewhereAreKeptAfterAnyPause) {
  desktop_.focus(window_);
  desktop_.type_blindly("half a private ", milliseconds(1));
  ASSERT_TRUE(desktop_.shows(window_, "half a private"));
  TalkPeer second(server_->port(), "TALK/1 name=second\r\n");
  const auto other = desktop_.window_of(server_->session_process(2));
  EXPECT_TRUE(second.is_answered());
  for (const char* const part : {"sen", "tence\n"}) {
    const Time before = Clock::now();
    EXPECT_TRUE(wait_until([&] { return Clock::now() > before + kYouth; }));
    desktop_.type_blindly(part, milliseconds(1));
  }
  EXPECT_TRUE(desktop_.shows(other, "this window came up was kept") ||
              friend_->hears_frame('T', "half a private sentence"));
  EXPECT_EQ(second.texts(), std::vector<std::string>{});
}

// Any key closed an ended talk's window, and the one below got the rest.
TEST_P(Typing, AWindowWhoseTalkEndsKeepsItAll) {
  TalkPeer second(server_->port(), "TALK/1 name=second\r\n");
  const auto other = desktop_.window_of(server_->session_process(2));
  ASSERT_TRUE(desktop_.shows(other, "\n>"));
  type_all_the_time();
  ASSERT_TRUE(friend_->hears_frame('T', "hunter2"));
  friend_->send(frame('B', "supper"));
  EXPECT_TRUE(friend_->sees_end());
  type_on();
  rest();
  EXPECT_TRUE(second.is_answered());
  EXPECT_EQ(second.texts(), std::vector<std::string>{});
  EXPECT_TRUE(desktop_.shows(window_, "not sent: "));
  EXPECT_TRUE(desktop_.shows(window_, "q closes"));
  desktop_.press(window_, "q");
  EXPECT_TRUE(wait_until([&] { return is_gone(server_->session_process(1)); }));
}

// Closed by the Enter that was meant as "send", a window gave the keyboard to another visitor's,
// who read the next sentence.
TEST_P(Typing, AWindowThatClosesHandsNothingToTheNext) {
  TalkPeer second(server_->port(), "TALK/1 name=second\r\n");
  const auto other = desktop_.window_of(server_->session_process(2));
  ASSERT_TRUE(desktop_.shows(other, "\n>"));
  desktop_.focus(window_);
  desktop_.type_blindly("half a line", milliseconds(1));
  ASSERT_TRUE(desktop_.shows(window_, "> half a line"));
  friend_->send(frame('B', "supper"));
  EXPECT_TRUE(desktop_.shows(window_, "Enter twice, Esc or q closes"));
  desktop_.press(window_, "Return");
  EXPECT_TRUE(desktop_.shows(window_, "Enter, Esc or q closes"));
  desktop_.press(window_, "Return");
  EXPECT_TRUE(wait_until([&] { return is_gone(server_->session_process(1)); }));
  desktop_.type_blindly("the second is hunter7\n", milliseconds(1));
  EXPECT_TRUE(second.is_answered());
  EXPECT_EQ(second.texts(), std::vector<std::string>{});
}

// The person had gone, the window had the keyboard all the same, and it closed with the words.
TEST_P(Typing, WordsInAWindowThatNobodyTouchesAreUnread) {
  if (std::string("openbox") != GetParam()) GTEST_SKIP() << "the manager has no part in it";
  const auto is_unread = [&](const Desktop::Window& window) {
    return wait_until([&] { return desktop_.title_of(window).find("(1)") != std::string::npos; });
  };
  TalkPeer second(server_->port(), "TALK/1 name=second\r\n");
  const auto other = desktop_.window_of(server_->session_process(2));  // has the keyboard
  second.send(frame('T', "urgent"));
  EXPECT_TRUE(is_unread(other));
  desktop_.type_line(window_, "one moment");
  const Time typed = Clock::now();
  EXPECT_TRUE(wait_until([&] { return Clock::now() > typed + seconds(6); }));
  friend_->send(frame('T', "call 555"));
  EXPECT_TRUE(is_unread(window_));
  desktop_.press(window_, "x");
  EXPECT_TRUE(
      wait_until([&] { return desktop_.title_of(window_).find("(1)") == std::string::npos; }));
}

INSTANTIATE_TEST_SUITE_P(, Typing, testing::Values("openbox", "icewm", "twm"),
                         [](const auto& row) { return std::string(row.param); });

}  // namespace
}  // namespace talk::test
