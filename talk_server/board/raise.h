// Gives a session's window the keyboard: its handler has asked the terminal to show it, and may do
// no more; talk_desk may.
#pragma once

#include <string>

#include "common/posix/clock.h"
#include "talk_server/board/orders.h"

namespace talk {

// Of a session that was asked to raise its window, and has. What could not be done, else empty.
std::string give_keyboard(const OrderResult& raised, milliseconds patience);

}  // namespace talk
