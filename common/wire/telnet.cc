#include "common/wire/telnet.h"

namespace talk {
namespace {

constexpr char kIac = '\xff';
constexpr char kWill = '\xfb';  // … WONT, DO, DONT: each followed by an option
constexpr char kDo = '\xfd';
constexpr char kDont = '\xfe';
constexpr char kTimingMark = '\x06';
constexpr char kSubnegotiation = '\xfa';
constexpr char kSubnegotiationEnd = '\xf0';

bool takes_option(char command) {
  const auto code = static_cast<unsigned char>(command);
  return code >= static_cast<unsigned char>(kWill) && code <= static_cast<unsigned char>(kDont);
}

}  // namespace

std::string TelnetFilter::filter(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (const char c : bytes) {
    switch (state_) {
      case State::data:
        if (c == kIac)
          state_ = State::command;
        else
          out.push_back(c);
        break;
      case State::command:
        if (c == kIac) out.push_back(c);
        command_ = c;
        if (takes_option(c))
          state_ = State::option;
        else
          state_ = c == kSubnegotiation ? State::subnegotiation : State::data;
        break;
      case State::option:
        if (command_ == kDo && c == kTimingMark) answer_ += {kIac, kWill, kTimingMark};
        state_ = State::data;
        break;
      case State::subnegotiation:
        if (c == kIac) state_ = State::subnegotiation_command;
        break;
      case State::subnegotiation_command:
        state_ = c == kSubnegotiationEnd ? State::data : State::subnegotiation;
        break;
    }
  }
  return out;
}

std::string_view skip_telnet(TelnetFilter& filter, std::string_view bytes) {
  while (!bytes.empty() && filter.filter(bytes.substr(0, 1)).empty()) bytes.remove_prefix(1);
  return bytes;
}

}  // namespace talk
