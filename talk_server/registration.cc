#include "talk_server/registration.h"

#include <unistd.h>

#include "common/desk/report.h"
#include "common/posix/tcp_state.h"

namespace talk {

Registration::Registration(const Facts& facts)
    : facts_(facts),
      since_(std::chrono::floor<seconds>(std::chrono::system_clock::now())),
      register_(facts.name) {
  socket_.emplace(listener_socket(directory()),
                  [this](std::string_view request) { return answer(request); });
}

void Registration::stop() {
  socket_.reset();
  register_.release();
}

std::string Registration::answer(std::string_view request) const {
  if (const auto news = read_link_news(request)) {
    if (hear_) hear_(*news);
    return "ok";
  }
  if (request != "status") return kNoSuchRequest;
  return format_report(ListenerReport{::getpid(), waiting(), facts_.limit, since_});
}

// Nobody knows how many wait at a Unix socket.
std::optional<std::uint64_t> Registration::waiting() const {
  std::uint64_t sum = 0;
  for (const int socket : facts_.listening) {
    const std::optional<std::uint64_t> here = backlog_length(socket);
    if (!here) return std::nullopt;
    sum += *here;
  }
  return sum;
}

}  // namespace talk
