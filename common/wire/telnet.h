// Takes the telnet protocol out of a stream (RFC 854), for visitors who came with telnet.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace talk {

class TelnetFilter {
 public:
  // The bytes without negotiation and commands; IAC IAC is the byte 255. State is kept between
  // calls, so a command may come in pieces.
  std::string filter(std::string_view bytes);

  // What the other side asked for and waits for; empty mostly. Only a timing mark is answered (RFC
  // 860: a telnet that was interrupted throws away what comes until then): that nothing else is
  // agreed to needs no words as long as nothing was offered.
  std::string take_answer() { return std::exchange(answer_, {}); }

 private:
  enum class State { data, command, option, subnegotiation, subnegotiation_command };
  State state_ = State::data;
  char command_ = 0;  // of the option that comes
  std::string answer_;
};

// Takes off `bytes` what telnet says before a request begins. For services whose requests may hold
// the byte 255 anywhere but at their beginning: there it is telnet's, behind that it is theirs.
std::string_view skip_telnet(TelnetFilter& filter, std::string_view bytes);

}  // namespace talk
