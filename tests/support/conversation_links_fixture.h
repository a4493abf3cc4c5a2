// A talk whose links come and go, seen from either side.
#pragma once

#include <string>

#include "tests/support/conversation_fixture.h"

namespace talk::test {

inline const std::string kToken = "0123456789abcdef0123456789abcdef";
inline const std::string kTicket = "session=3-" + kToken;

class ConversationLinksTest : public ConversationTest {
 protected:
  void start_client(seconds patience = seconds(60)) {
    Conversation::Options options = at(Role::client);
    options.patience = patience;
    start(std::move(options));
    conversation_->receive("TALK/1 pid=7 name=prof ack=1 " + kTicket + "\r\n", now_);
    greeting_ = take_sent();
  }
  void start_handler() {
    Conversation::Options options = at(Role::handler);
    options.ticket = TalkTicket{3, kToken};
    options.patience = seconds(600);
    start(std::move(options));
    conversation_->receive("TALK/1 name=alice ack=1 again=60\r\n", now_);
    take_sent();
  }
  void nudge() { conversation_->input({Input::Kind::nudge, {}}, now_); }
  void lose() { conversation_->link_failed(ECONNRESET, now_); }
  // As a client: another link, and the server's answer to it.
  void call_again(const std::string& answer) {
    ASSERT_TRUE(conversation_->new_link("10.0.0.9", now_));
    call_ = take_sent();
    conversation_->receive(answer, now_);
  }
  std::string resumed(int got) const {
    return "TALK/1 pid=7 name=prof ack=1 " + kTicket + " got=" + std::to_string(got) + "\r\n";
  }
  static std::string text(const std::string& words) { return encode(Text{words}); }

  std::string greeting_;
  std::string call_;
};

}  // namespace talk::test
