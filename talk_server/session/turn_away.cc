#include "talk_server/session/turn_away.h"

#include <sys/socket.h>

#include "common/posix/io.h"
#include "common/wire/greeting.h"

namespace talk {

void turn_away(int visitor, const std::string& reason) {
  send_some(visitor, std::string(kRefusal) + reason + "\r\n");
  ::shutdown(visitor, SHUT_RDWR);
}

}  // namespace talk
