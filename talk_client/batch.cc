#include "talk_client/batch.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/files/beneath.h"
#include "common/posix/error.h"
#include "common/posix/terminal_kind.h"
#include "common/screen/screens.h"
#include "common/session/conversation.h"
#include "common/session/session_loop.h"
#include "common/text/display.h"
#include "common/transfer/transfers.h"
#include "talk_client/batch_screen.h"
#include "talk_client/caller.h"
#include "talk_client/download.h"
#include "talk_client/interruptible_wait.h"
#include "talk_client/plain_batch.h"
#include "talk_client/plain_link.h"
#include "talk_client/redial.h"

namespace talk {
namespace {

constexpr seconds kFinish{2};

Transfers::Options transfer_options(const ClientOptions& options, const ConfinedClient& confined) {
  Transfers::Options transfers;
  transfers.files = confined.files();
  transfers.directory = options.directory;
  transfers.take_without_asking = options.accept;
  if (!options.accept)
    transfers.refuse_because = "there is no person to ask (--accept takes files)";
  return transfers;
}

std::string listed(const std::vector<std::string>& names) {
  const std::string more = " and " + std::to_string(names.size() - 1) + " more";
  return display_text(names.front()) + (names.size() > 1 ? more : "");
}

// Branches off by what the server speaks. Over TALK/1: one set of transfers, and a talk for each
// connection that it takes.
class Batch {
 public:
  Batch(const ClientOptions& options, std::shared_ptr<Route> route,
        std::shared_ptr<const ConfinedClient> confined)
      : options_(options),
        route_(std::move(route)),
        confined_(std::move(confined)),
        signals_(SessionLoop::kSignals),
        transfers_(transfer_options(options, *confined_)) {}

  int run() {
    confined_->confine();
    if (!options_.get.empty()) sweep_downloads(open_directory(options_.directory).get());
    if (options_.raw) return raw();
    const bool only_get = options_.send.empty();
    Caller::Answer answer = call(only_get ? Caller::Silence::return_soon : Caller::Silence::wait);
    const Dialect dialect = answer.dialect;
    if (dialect == Dialect::accio && options_.get.empty())
      return plain_.send_accio(std::move(answer.socket));
    if (only_get && (dialect == Dialect::silent || dialect == Dialect::other))
      return get_plainly(std::move(answer));
    return talk1(require_talk1(std::move(answer)), options_.get);
  }

 private:
  int raw() {
    OwnedFd socket = connect();
    const int sent =
        options_.send.empty() ? Outcome::kFine : plain_.send_raw(std::exchange(socket, OwnedFd()));
    if (options_.get.empty()) return sent;
    const int got = plain_.get(socket ? std::move(socket) : connect(), options_.get, false).code;
    return sent != Outcome::kFine ? sent : got;
  }

  // By lines; in frames as soon as a server turns out to speak TALK/1.
  int get_plainly(Caller::Answer answer) {
    std::vector<std::string> names = options_.get;
    int code = Outcome::kFine;
    Time give_up{};
    int in_vain = 0;
    while (answer.dialect == Dialect::silent || answer.dialect == Dialect::other) {
      const PlainBatch::Ended ended = plain_.get(std::move(answer.socket), names, true);
      if (ended.code != Outcome::kFine) code = ended.code;
      if (ended.left.empty()) return code;
      const bool further = give_up == Time{} || ended.left.size() < names.size();
      if (further) give_up = Clock::now() + caller_.retry();
      in_vain = further ? 0 : in_vain + 1;
      names = ended.left;
      answer = ended.broke.empty() ? call_for_frames() : call_again(ended.broke, give_up, in_vain);
    }
    const int framed = talk1(require_talk1(std::move(answer)), names);
    return framed != Outcome::kFine ? framed : code;
  }

  Caller::Answer call_for_frames() const {
    Caller::Answer answer{caller_.call_talk1_again(Clock::now() + caller_.patience()),
                          Dialect::talk1};
    if (answer.socket) return answer;
    throw ExitError(Outcome::kLost,
                    doing() + ": the server greeted, and was not there when it was called again");
  }

  Caller::Answer call_again(const std::string& broke, Time give_up, int in_vain) {
    Caller::Answer answer;
    if (Clock::now() < give_up) {
      screen_.say(trying_again(broke, caller_.retry()));
      answer = caller_.call_again(Caller::Silence::return_soon, give_up, in_vain);
    }
    if (!answer.socket) throw ExitError(Outcome::kLost, doing() + ": " + broke);
    return answer;
  }

  int talk1(OwnedFd socket, const std::vector<std::string>& names) {
    transfers_.send(options_.send);
    transfers_.get(names);
    const Outcome outcome = talk(std::move(socket));
    screen_.finish(Clock::now() + kFinish);
    const bool failed = screen_.failed() || transfers_.any_failed();
    return failed && outcome.code == Outcome::kFine ? Outcome::kTransfer : outcome.code;
  }

  OwnedFd connect() const {
    return named([&] { return caller_.connect(); });
  }
  Caller::Answer call(Caller::Silence silence) const {
    return named([&] { return caller_.call(silence); });
  }

  OwnedFd require_talk1(Caller::Answer answer) {
    if (answer.dialect == Dialect::talk1) return std::move(answer.socket);
    const bool silent = answer.dialect == Dialect::silent;
    PlainLink(std::move(answer.socket), signals_).leave();
    const std::string waited = std::to_string(caller_.patience().count()) + " s";
    const std::string reason =
        silent ? "nothing was heard from the server for " + waited + "; it may be full"
               : "the server does not speak TALK/1";
    throw ExitError(Outcome::kTransfer, doing() + ": " + reason + "; --raw moves a file as it is");
  }

  // What this program is for: "cannot send a and 2 more to desk port 1234".
  std::string doing() const {
    std::string text;
    if (!options_.send.empty())
      text = "cannot send " + listed(options_.send) + " to " + caller_.place();
    if (!options_.get.empty())
      text += (text.empty() ? "cannot get " : ", cannot get ") + listed(options_.get) + " from " +
              caller_.place();
    return text;
  }

  // Runs `step`; its failure is told with what it was for.
  template <typename Step>
  auto named(const Step& step) const -> decltype(step()) {
    try {
      return step();
    } catch (const ExitError& error) {
      throw ExitError(error.code, doing() + ": " + error.what());
    }
  }

  // Over as many links as it takes: the talk outlives them, and what is left to be moved goes on in
  // another one where the server knows nothing of it any more.
  Outcome talk(OwnedFd socket) {
    Redial redial(calls_over(route_, confined_));
    SessionLoop loop(socket.get(), conversation_options(socket.get()), screen_, transfers_,
                     signals_);
    loop.renew_links_by(redial);
    const Outcome outcome = loop.run();
    if (loop.ended_by()) throw Interrupted{*loop.ended_by()};
    const std::string parting = redial.calling() ? "" : route_->parting();
    if (outcome.code == Outcome::kLost && !parting.empty())
      screen_.show({Entry::Kind::error, {}, parting, {}});
    return outcome;
  }

  Conversation::Options conversation_options(int socket) const {
    Conversation::Options options;
    options.role = Role::client;
    options.my_name = options_.name;
    options.peer_address = route_->peer(socket);
    options.piped = true;
    options.commands = true;
    options.patience = caller_.retry();
    options.any_talk_will_do = true;
    return options;
  }

  const ClientOptions& options_;
  std::shared_ptr<Route> route_;
  std::shared_ptr<const ConfinedClient> confined_;
  BatchScreen screen_{terminal_is_dumb() || wanted_screen(options_.screen) == WantedScreen::lines,
                      route_->place()};
  Signals signals_;
  Transfers transfers_;
  Caller caller_{options_, *route_, signals_, screen_};
  PlainBatch plain_{options_, *confined_->files(), signals_, screen_, caller_};
};

}  // namespace

int run_batch(const ClientOptions& options, const std::shared_ptr<Route>& route,
              const std::shared_ptr<const ConfinedClient>& confined) {
  try {
    return Batch(options, route, confined).run();
  } catch (const Interrupted& interrupted) {
    Signals::die_by(interrupted.signal);
  }
}

}  // namespace talk
