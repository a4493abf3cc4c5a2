// By which both sides know a transfer, or a request for a list. The client gives odd ones, the
// handler even ones; none is given twice in a talk.
#pragma once

#include <cstdint>

namespace talk {

using TransferNumber = std::uint32_t;

}  // namespace talk
