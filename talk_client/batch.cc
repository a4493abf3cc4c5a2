#include "talk_client/batch.h"

#include <algorithm>
#include <optional>
#include <string>

#include "common/posix/address.h"
#include "common/posix/connect.h"
#include "common/posix/error.h"
#include "common/posix/program.h"
#include "common/posix/user.h"
#include "common/session/conversation.h"
#include "common/session/session_loop.h"
#include "common/session/transfers.h"
#include "talk_client/batch_screen.h"
#include "talk_client/calm_wait.h"
#include "talk_client/dialect.h"

namespace talk {
namespace {

constexpr seconds kGreetingTime{10};
constexpr seconds kFinish{2};
// Between two attempts to call again.
constexpr milliseconds kFirstPause{100};
constexpr milliseconds kLongestPause{5'000};

Transfers::Options transfer_options(const ClientOptions& options) {
  Transfers::Options transfers;
  transfers.directory = options.directory;
  transfers.take_without_asking = options.accept;
  if (!options.accept)
    transfers.refuse_because = "the visitor's program runs without a person to ask";
  return transfers;
}

// Over TALK/1: one set of transfers, and a talk for each connection that it takes.
class Batch {
 public:
  explicit Batch(const ClientOptions& options)
      : options_(options), signals_(SessionLoop::kSignals), transfers_(transfer_options(options)) {
    transfers_.send(options.send, Clock::now());
    transfers_.get(options.get, Clock::now());
  }

  int run() {
    OwnedFd socket = connect_first();
    require_talk1(recognise_dialect(socket.get(), signals_, kGreetingTime));
    Outcome outcome = talk(std::move(socket));
    Time give_up = Clock::now() + options_.retry;
    while (outcome.code == Outcome::kLost && options_.retry > seconds(0)) {
      if (screen_.take_moved()) give_up = Clock::now() + options_.retry;
      screen_.say(outcome.reason + "; trying again for " + std::to_string(options_.retry.count()) +
                  " s");
      socket = connect_again(give_up);
      if (!socket) break;
      transfers_.start_over();
      outcome = talk(std::move(socket));
    }
    if (outcome.code == Outcome::kLost) report_loss(outcome);
    screen_.finish(Clock::now() + kFinish);
    return outcome.code == Outcome::kFine && screen_.failed() ? Outcome::kTransfer : outcome.code;
  }

 private:
  OwnedFd connect_first() {
    try {
      return connect_to(options_.host, options_.port, options_.timeout);
    } catch (const std::exception& error) {
      throw ExitError(Outcome::kRefused, error.what());
    }
  }

  // Other dialects have their own ways (the place to branch off is run()).
  void require_talk1(Dialect dialect) const {
    if (dialect == Dialect::talk1) return;
    if (dialect == Dialect::gone)
      throw ExitError(Outcome::kLost, "the server closed the connection without a word");
    throw ExitError(Outcome::kTransfer,
                    "the server does not speak TALK/1, so nothing was sent; --raw sends a file as "
                    "it is");
  }

  // None at the end of patience.
  OwnedFd connect_again(Time give_up) {
    for (milliseconds pause = kFirstPause; Clock::now() < give_up;
         pause = std::min(pause * 2, kLongestPause)) {
      const auto left = std::chrono::ceil<milliseconds>(give_up - Clock::now());
      calm_pause(std::min(pause, left), signals_);
      try {
        OwnedFd socket = connect_to(options_.host, options_.port,
                                    std::min<milliseconds>(options_.timeout, kLongestPause));
        if (recognise_dialect(socket.get(), signals_, kGreetingTime) == Dialect::talk1)
          return socket;
      } catch (const std::exception&) {
        // Not there yet; the reason that counts is the first one.
      }
    }
    return OwnedFd();
  }

  Outcome talk(OwnedFd socket) {
    Conversation::Options options;
    options.chair = Conversation::Chair::client;
    options.my_name = options_.name.empty() ? login_name() : options_.name;
    options.peer_address = peer_address_text(socket.get());
    options.piped = true;
    options.commands = true;
    options.calls_again = true;
    screen_.restart();
    Conversation conversation(options, screen_, transfers_, Clock::now());
    SessionLoop loop(socket.get(), conversation, screen_, transfers_, signals_);
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
};

}  // namespace

int run_batch(const ClientOptions& options) { return Batch(options).run(); }

}  // namespace talk
