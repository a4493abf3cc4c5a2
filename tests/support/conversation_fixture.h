// A conversation without a descriptor and without a clock: what it is given comes from the test.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "common/session/conversation.h"
#include "common/wire/limits.h"
#include "tests/support/scripted_screen.h"

namespace talk::test {

class ConversationTest : public ::testing::Test {
 protected:
  static Conversation::Options at(Role role) {
    Conversation::Options options;
    options.role = role;
    options.my_name = role == Role::handler ? "prof" : "alice";
    options.peer_address = "10.0.0.7";
    return options;
  }

  void start(Conversation::Options options) {
    screen_ = ScriptedScreen();
    transfers_.emplace(Transfers::Options{});
    conversation_.emplace(std::move(options), screen_, *transfers_, now_);
  }
  // A client that has been greeted, or a handler that has been answered.
  void start_framed(Conversation::Options options) {
    const bool handler = options.role == Role::handler;
    start(std::move(options));
    conversation_->receive(handler ? "TALK/1 name=alice\r\n" : "TALK/1 pid=7 name=prof\r\n", now_);
    take_sent();
  }

  std::string take_sent() {
    std::string all;
    for (std::string_view bytes; !(bytes = conversation_->outgoing(65536, now_)).empty();) {
      all.append(bytes);
      conversation_->sent(bytes.size());
    }
    return all;
  }
  void type(const std::string& line) { conversation_->input({Input::Kind::line, line}, now_); }
  void end_input() { conversation_->input({Input::Kind::end, {}}, now_); }
  void pass(milliseconds time) {
    now_ += time;
    conversation_->tick(now_);
  }
  void receive(const Message& message) { conversation_->receive(encode(message), now_); }

  Time now_ = Time{} + seconds(1000);
  ScriptedScreen screen_;
  std::optional<Transfers> transfers_;
  std::optional<Conversation> conversation_;
};

}  // namespace talk::test
