#include "talk_server/board/commands.h"

#include <signal.h>
#include <unistd.h>

#include "common/posix/locale.h"
#include "common/posix/program.h"
#include "common/posix/tty.h"
#include "talk_server/board/house.h"
#include "talk_server/board/json.h"
#include "talk_server/board/orders.h"
#include "talk_server/board/raise.h"
#include "talk_server/board/table.h"

namespace talk {
namespace {

// talk_desk's own exit code: no such session, or it does not do it. (5 of talk_client is another.)
constexpr int kNobody = 5;
constexpr milliseconds kForWindow{1000};
constexpr int kWide = 200;  // columns, where no terminal says
using Task = BoardOptions::Task;

sigset_t own_mask() {
  sigset_t mask;
  ::sigprocmask(SIG_SETMASK, nullptr, &mask);
  return mask;
}

std::string list_text(const House& house) {
  const int columns = ::isatty(STDOUT_FILENO) != 0 ? window_size(STDOUT_FILENO).columns : kWide;
  const Table table = lay_out_table(house.sessions(), columns, locale_is_utf8());
  std::string text = table.header + "\n";
  for (const std::string& line : table.lines) text += line + "\n";
  if (house.listener() && house.listener()->waiting.value_or(0) > 0)
    text += std::to_string(*house.listener()->waiting) + " waiting\n";
  return text;
}

int list(const RegisteredServer& server, bool json) {
  House house(server.directory);
  while (!house.settled()) {
    WaitSet wait;
    house.prepare(wait, Clock::now());
    wait.wait(own_mask());
    house.turn(wait, Clock::now());
  }
  print_out(json ? list_json(server.name, house.listener(), house.sessions()) : list_text(house));
  if (!house.listener()) print_error("the server does not answer; who waits is not known");
  return 0;
}

std::string request_of(const BoardOptions& options) {
  if (options.task == Task::say) return "say " + options.text;
  if (options.task == Task::close) return "close " + options.text;
  return "raise";
}

// Of all sessions those are meant that there are, and that can still hear it.
bool matters(const OrderResult& result, const BoardOptions& options) {
  using Kind = OrderResult::Kind;
  return options.session || (result.kind != Kind::left && result.kind != Kind::gone);
}

int order(const RegisteredServer& server, const BoardOptions& options) {
  Orders orders(server.directory);
  const std::vector<std::uint64_t> sessions = options.session
                                                  ? std::vector<std::uint64_t>{*options.session}
                                                  : registered_sessions(server.directory);
  for (const std::uint64_t number : sessions)
    orders.give(number, request_of(options), Clock::now());
  int code = 0;
  while (!orders.idle()) {
    for (const OrderResult& result : orders.take_results()) {
      std::string problem = problem_text(result);
      if (problem.empty() && options.task == Task::raise)
        problem = give_keyboard(result, kForWindow);
      if (problem.empty() || !matters(result, options)) continue;
      print_error(problem);
      code = kNobody;
    }
    if (orders.idle()) break;
    WaitSet wait;
    orders.prepare(wait);
    wait.wait(own_mask());
    orders.turn(wait, Clock::now());
  }
  return code;
}

}  // namespace

int run_command(const RegisteredServer& server, const BoardOptions& options) {
  return options.task == Task::list ? list(server, options.json) : order(server, options);
}

}  // namespace talk
