// Takes the telnet protocol out of a stream (RFC 854), for visitors who came with telnet.
#pragma once

#include <string>
#include <string_view>

namespace talk {

class TelnetFilter {
 public:
  // The bytes without negotiation and commands; IAC IAC is the byte 255. State is kept between
  // calls, so a command may come in pieces.
  std::string filter(std::string_view bytes);

 private:
  enum class State { data, command, option, subnegotiation, subnegotiation_command };
  State state_ = State::data;
};

}  // namespace talk
