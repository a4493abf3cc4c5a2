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
  if (request != "status") return "no such request";
  return format_report(
      ListenerReport{::getpid(), backlog_length(facts_.listening), facts_.limit, since_});
}

}  // namespace talk
