#include "talk_client/batch.h"

#include <string>
#include <utility>

#include "common/posix/address.h"
#include "common/posix/error.h"
#include "common/posix/user.h"
#include "common/session/conversation.h"
#include "common/session/session_loop.h"
#include "common/transfer/transfers.h"
#include "talk_client/batch_screen.h"
#include "talk_client/caller.h"
#include "talk_client/plain_batch.h"

namespace talk {
namespace {

constexpr seconds kGreetingTime{10};
constexpr seconds kGetPatience{3};  // a fetcher is silent until it is asked, and is asked then
constexpr seconds kFinish{2};

Transfers::Options transfer_options(const ClientOptions& options) {
  Transfers::Options transfers;
  transfers.directory = options.directory;
  transfers.take_without_asking = options.accept;
  if (!options.accept)
    transfers.refuse_because = "there is no person to ask (--accept takes files)";
  return transfers;
}

// Branches off by what the server speaks. Over TALK/1: one set of transfers, and a talk for each
// connection that it takes.
class Batch {
 public:
  explicit Batch(const ClientOptions& options)
      : options_(options), signals_(SessionLoop::kSignals), transfers_(transfer_options(options)) {}

  int run() {
    if (options_.raw) return raw();
    const bool only_get = options_.send.empty();
    Caller::Answer answer = caller_.call(only_get ? kGetPatience : kGreetingTime);
    const Dialect dialect = answer.dialect;
    if (dialect == Dialect::accio && options_.get.empty())
      return plain_.send_accio(std::move(answer.socket));
    if (only_get && (dialect == Dialect::silent || dialect == Dialect::other))
      return plain_.get(std::move(answer.socket), true);
    require_talk1(dialect);
    return talk1(std::move(answer.socket));
  }

 private:
  int raw() {
    OwnedFd socket = caller_.connect();
    const int sent = options_.send.empty() ? Outcome::kFine : plain_.send_raw(std::move(socket));
    if (options_.get.empty()) return sent;
    const int got = plain_.get(socket ? std::move(socket) : caller_.connect(), false);
    return sent != Outcome::kFine ? sent : got;
  }

  int talk1(OwnedFd socket) {
    transfers_.send(options_.send);
    transfers_.get(options_.get);
    Outcome outcome = talk(std::move(socket));
    Time give_up = Clock::now() + options_.retry;
    while (outcome.code == Outcome::kLost && options_.retry > seconds(0)) {
      if (screen_.take_moved()) give_up = Clock::now() + options_.retry;
      screen_.say(outcome.reason + "; trying again for " + std::to_string(options_.retry.count()) +
                  " s");
      socket = caller_.call_again(give_up);
      if (!socket) break;
      transfers_.start_over();
      outcome = talk(std::move(socket));
    }
    if (outcome.code == Outcome::kLost) report_loss(outcome);
    screen_.finish(Clock::now() + kFinish);
    return outcome.code == Outcome::kFine && screen_.failed() ? Outcome::kTransfer : outcome.code;
  }

  void require_talk1(Dialect dialect) const {
    if (dialect == Dialect::talk1) return;
    if (dialect == Dialect::gone)
      throw ExitError(Outcome::kLost, "the server closed the connection without a word");
    throw ExitError(Outcome::kTransfer,
                    "the server does not speak TALK/1, so nothing was sent; --raw sends a file as "
                    "it is");
  }

  Outcome talk(OwnedFd socket) {
    Conversation::Options options;
    options.role = Role::client;
    options.my_name = options_.name.empty() ? login_name() : options_.name;
    options.peer_address = peer_address_text(socket.get());
    options.piped = true;
    options.commands = true;
    options.calls_again = true;
    screen_.restart();
    SessionLoop loop(socket.get(), options, screen_, transfers_, signals_);
    const Outcome outcome = loop.run();
    if (loop.ended_by()) {
      screen_.finish(Clock::now() + kFinish);
      Signals::die_by(*loop.ended_by());
    }
    return outcome;
  }

  std::string peer_address_text(int socket) const {
    try {
      return peer_address(socket).ip;
    } catch (const std::system_error&) {
      return options_.host;  // it is gone already; the talk will notice
    }
  }

  void report_loss(const Outcome& outcome) {
    transfers_.end(true);
    for (const Transfers::Event& event : transfers_.take_events())
      screen_.show({Entry::Kind::error, {}, event.text, {}});
    screen_.show({Entry::Kind::error, {}, outcome.reason, {}});
  }

  const ClientOptions& options_;
  BatchScreen screen_;
  Signals signals_;
  Transfers transfers_;
  Caller caller_{options_, signals_};
  PlainBatch plain_{options_, signals_, screen_, [this] { return caller_.connect(); }};
};

}  // namespace

int run_batch(const ClientOptions& options) { return Batch(options).run(); }

}  // namespace talk
