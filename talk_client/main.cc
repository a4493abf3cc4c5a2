// talk_client: the visitor's side of a talk.
#include <csignal>
#include <memory>

#include "common/files/beneath.h"
#include "common/posix/error.h"
#include "common/posix/program.h"
#include "common/posix/signals.h"
#include "common/posix/user.h"
#include "common/screen/screens.h"
#include "common/session/conversation.h"
#include "common/session/session_loop.h"
#include "common/text/display.h"
#include "common/transfer/transfers.h"
#include "talk_client/batch.h"
#include "talk_client/confined_client.h"
#include "talk_client/options.h"
#include "talk_client/redial.h"
#include "talk_client/route.h"

namespace talk {
namespace {

// How long a lost server is called again.
constexpr seconds kRetryPerson{600};
constexpr seconds kRetryPipe{60};
constexpr seconds kFinish{2};  // for the last words to reach a slow terminal or pipe

OwnedFd call(Route& route) {
  try {
    return route.open();
  } catch (const std::exception& error) {
    throw ExitError(Outcome::kRefused, error.what());
  }
}

Transfers::Options transfer_options(const ClientOptions& options, const ConfinedClient& confined,
                                    bool interactive) {
  Transfers::Options transfers;
  transfers.files = confined.files();
  transfers.directory = options.directory;
  transfers.take_without_asking = options.accept;
  if (!interactive && !options.accept && !options.commands)
    transfers.refuse_because = "there is no person to ask (--accept takes files)";
  return transfers;
}

Conversation::Options conversation_options(const ClientOptions& options, bool interactive,
                                           const std::string& peer) {
  Conversation::Options conversation;
  conversation.role = Role::client;
  conversation.my_name = options.name;
  conversation.peer_address = peer;
  conversation.piped = !interactive;
  conversation.commands = options.commands;
  conversation.raw = options.raw;
  conversation.patience = options.retry.value_or(interactive ? kRetryPerson : kRetryPipe);
  conversation.home = home_directory();
  return conversation;
}

// The split screen leaves its last page in the terminal; an error is one of the program's as well.
// The others have shown it, unless there is more to say now.
void say_last(const Outcome& outcome, bool needed) {
  if (!needed || outcome.reason.empty() || outcome.code == Outcome::kFine) return;
  print_error(display_text(outcome.reason));  // the other side's words may be in it
}

// Whoever reads a pipe may be slow, and gets all; a signal, or the reader's end, ends that.
void finish(const ScreenChoice& choice, bool hurry) {
  if (choice.interactive || hurry) return choice.screen->finish(Clock::now() + kFinish);
  reset_inherited_signals();
  choice.screen->finish(Time::max());
}

// A command that led to the server and failed has said why on its standard error, which no screen
// has shown; a plain end of its stream was none of the server's then.
Outcome with_parting(Outcome outcome, Route& route) {
  const std::string parting = route.parting();
  if (parting.empty()) return outcome;
  if (outcome.code == Outcome::kFine) outcome.code = Outcome::kLost;
  outcome.reason += (outcome.reason.empty() ? "" : ": ") + parting;
  return outcome;
}

// A call may still be under way when the talk is over, and then keeps for itself what it needs.
int talk(const ClientOptions& options, const std::shared_ptr<Route>& route,
         const std::shared_ptr<const ConfinedClient>& confined) {
  const OwnedFd socket = call(*route);
  Signals signals(SessionLoop::kSignals);
  const ScreenChoice choice = choose_screen(wanted_screen(options.screen), confined->files());
  if (!choice.remark.empty())
    choice.screen->show({Entry::Kind::info, {}, choice.remark, std::chrono::system_clock::now()});
  Transfers transfers(transfer_options(options, *confined, choice.interactive));
  SessionLoop loop(socket.get(),
                   conversation_options(options, choice.interactive, route->peer(socket.get())),
                   *choice.screen, transfers, signals);
  Redial redial(calls_over(route, confined));
  loop.renew_links_by(redial);
  confined->confine();
  Outcome outcome = loop.run();
  loop.await_quiet_keys();
  finish(choice, loop.ended_by().has_value());
  const std::string shown = outcome.reason;
  if (!loop.ended_by() && !redial.calling()) outcome = with_parting(std::move(outcome), *route);
  say_last(outcome, choice.split || outcome.reason != shown);
  if (loop.ended_by()) Signals::die_by(*loop.ended_by());
  return outcome.code;
}

int run(const std::vector<std::string>& arguments) {
  ClientOptions options = parse_client_options(arguments);
  if (options.answer) {
    print_out(*options.answer);
    return 0;
  }
  if (options.name.empty()) options.name = login_name();
  const auto route = std::make_shared<Route>(options);
  if (options.directory != ".") open_directory(options.directory);  // throws where it cannot be
  const auto confined = std::make_shared<const ConfinedClient>(options, *route);
  return options.batch() ? run_batch(options, route, confined) : talk(options, route, confined);
}

}  // namespace
}  // namespace talk

int main(int argc, char** argv) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file-size limit is an error like a full disk
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return talk::run_program("talk_client", [&] { return talk::run(arguments); });
}
