#include "talk_server/handlers.h"

#include <algorithm>
#include <array>

namespace talk {
namespace {

constexpr std::array kHandlers = {
    HandlerKind{.name = "talk",
                .program = "server_handler",
                .best_way = "talk_client HOST",
                .other_way = "nc HOST",
                .wants_window = true,
                .has_files = true,
                .writes = true},
    HandlerKind{.name = "echo", .program = "echo_handler"},
    HandlerKind{.name = "store", .program = "store_handler", .has_files = true, .writes = true},
    HandlerKind{.name = "fetch",
                .program = "fetch_handler",
                .best_way = "talk_client --get NAME HOST",
                .has_files = true},
    HandlerKind{.name = "accio",
                .program = "accio_handler",
                .best_way = "talk_client --send FILE HOST",
                .has_files = true,
                .writes = true,
                .serves_hung_up = true},
    HandlerKind{.name = "upload",
                .program = "upload_handler",
                .best_way = "talk_client --raw --send FILE HOST",
                .other_way = "nc -N HOST <FILE",
                .has_files = true,
                .writes = true,
                .serves_hung_up = true},
};
constexpr HandlerKind kOwnersOwn{};

}  // namespace

const HandlerKind& handler_kind(const std::string& name) {
  const auto found = std::find_if(kHandlers.begin(), kHandlers.end(),
                                  [&](const HandlerKind& kind) { return name == kind.name; });
  return found == kHandlers.end() ? kOwnersOwn : *found;
}

}  // namespace talk
