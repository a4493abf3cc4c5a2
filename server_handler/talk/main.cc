// server_handler FD: the talk with one visitor, in a window or with nobody at the desk.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "common/desk/own_tmux_pane.h"
#include "common/desk/resumption.h"
#include "common/desk/typing_elsewhere.h"
#include "common/posix/address.h"
#include "common/posix/error.h"
#include "common/posix/log.h"
#include "common/posix/signals.h"
#include "common/posix/user.h"
#include "common/screen/screens.h"
#include "common/session/conversation.h"
#include "common/session/session_loop.h"
#include "common/session/transcript.h"
#include "common/text/display.h"
#include "common/transfer/transfers.h"
#include "server_handler/start/environment.h"
#include "server_handler/start/proxied.h"
#include "server_handler/start/start.h"
#include "server_handler/talk/confined.h"
#include "server_handler/talk/handed_links.h"
#include "server_handler/talk/log_screen.h"
#include "server_handler/talk/registered_screen.h"

namespace talk {
namespace {

constexpr seconds kFinish{2};  // for the last words to reach a slow terminal
constexpr seconds kLinger{60};
// For a visitor whose link is lost.
constexpr seconds kKeepWindow{600};
constexpr seconds kKeepWithout{30};
// As long as clients call again of themselves, however short --keep is: then they come anew.
constexpr seconds kLeastRemembered{60};

const char* const kAbout =
    R"(Talks with one visitor: on a terminal a person does, elsewhere files are taken
and words are answered by a notice. Settings come in the environment: TALK_NAME,
TALK_DIR, TALK_SHARE, TALK_SCREEN, TALK_LINGER, TALK_TRANSCRIPTS,
TALK_MAX_FILE_SIZE, TALK_IDLE, TALK_KEEP, TALK_REGISTER, TALK_CONFINE,
TALK_PROXY.

)";

Transfers::Options transfer_options(const Session& session, const Confined& confined,
                                    seconds keep) {
  Transfers::Options options;
  options.comes_again_within = std::max(keep, kLeastRemembered);
  options.files = confined.files();
  options.even_numbers = true;
  options.take_without_asking = true;
  options.directory = session.dir;
  options.share = environment("TALK_SHARE");
  options.max_file_size = environment_bytes("TALK_MAX_FILE_SIZE", 0);
  return options;
}

Conversation::Options conversation_options(const Session& session, bool attended) {
  Conversation::Options options;
  options.role = Role::handler;
  options.my_name = environment("TALK_NAME", login_name());
  options.pid = ::getpid();
  options.attended = attended;
  options.home = home_directory();
  options.named = [number = session.number](const std::string& name) {
    if (has_log()) log_event("session " + std::to_string(number) + " is name=" + log_text(name));
  };
  return options;
}

// Keeps the transcript, where one is wanted. What goes wrong with it is said on the screen and in
// the log, and the talk goes on without.
class Transcriber {
 public:
  Transcriber(const Confined& confined, const Session& session, Screen& screen)
      : session_(std::to_string(session.number)), screen_(screen) {
    transcript_.emplace([&confined] { return confined.create_transcript(); });
  }

  // The first line says that somebody is there, and waits for the second: whoever is handed on to
  // the talk that they have already leaves no transcript of a talk here.
  void add(const Entry& entry) {
    if (!std::exchange(begun_, true)) {
      first_ = entry;
      return;
    }
    if (first_) keep(*std::exchange(first_, std::nullopt));
    keep(entry);
  }

 private:
  void keep(const Entry& entry) {
    if (!transcript_) return;
    try {
      if (!transcript_->add(entry)) say("the transcript is full: what follows is left out");
    } catch (const std::exception& error) {
      transcript_.reset();
      say(error.what() + std::string("; the talk goes on without a transcript"));
    }
  }
  void say(const std::string& what) {
    screen_.show({Entry::Kind::error, {}, what, std::chrono::system_clock::now()});
    if (at_terminal() && has_log())
      log_event("session " + session_ + " failed text=" + log_text(what));
  }

  std::string session_;
  Screen& screen_;
  std::optional<Transcript> transcript_;
  bool begun_ = false;
  std::optional<Entry> first_;  // not kept yet
};

std::function<void(const Entry&)> transcriber(const Confined& confined, const Session& session,
                                              Screen& screen) {
  if (environment("TALK_TRANSCRIPTS").empty()) return nullptr;
  const auto keeper = std::make_shared<Transcriber>(confined, session, screen);
  return [keeper](const Entry& entry) { keeper->add(entry); };
}

ScreenChoice open_screen(const Session& session, const Confined& confined) {
  if (at_terminal()) {
    // A window of tmux opens behind the one that is typed into.
    const bool elsewhere =
        !own_tmux_pane() && typing_elsewhere(environment("TALK_REGISTER"), session.number);
    return choose_screen(wanted_screen(environment("TALK_SCREEN")), confined.files(),
                         {true, session.number, elsewhere});
  }
  return {std::make_unique<LogScreen>(std::to_string(session.number)), false, false, ""};
}

// The screen as the board sees it, where there is a register.
std::unique_ptr<RegisteredScreen> register_screen(const Session& session, const Confined& confined,
                                                  Screen& screen, bool lingers,
                                                  HandedLinks& links) {
  const std::string directory = environment("TALK_REGISTER");
  if (directory.empty() || session.number == 0) return nullptr;
  try {
    return std::make_unique<RegisteredScreen>(
        screen,
        RegisteredScreen::Options{directory, session.number, lingers, &links,
                                  [&confined] { confined.leave_register(); },
                                  [&confined](const LinkNews& news) { confined.tell(news); }});
  } catch (const std::system_error& error) {
    screen.show({Entry::Kind::error,
                 {},
                 std::string("no board sees this talk: ") + error.what(),
                 std::chrono::system_clock::now()});
    return nullptr;
  }
}

// Nobody's, of one who has already gone.
std::string ip_of_peer(int socket) {
  try {
    return peer_address(socket).ip;
  } catch (const std::system_error&) {
    return "";
  }
}

int serve(const Session& session) {
  const std::string directory = environment("TALK_REGISTER");
  const Confined confined(session, at_terminal());
  HandedLinks links({session.number, make_token()});
  Signals signals(SessionLoop::kSignals);
  const ScreenChoice choice = open_screen(session, confined);
  const auto registered =
      register_screen(session, confined, *choice.screen, choice.interactive, links);
  Screen& screen = registered ? *registered : *choice.screen;
  const seconds keep =
      environment_seconds("TALK_KEEP", choice.interactive ? kKeepWindow : kKeepWithout);
  Transfers transfers(transfer_options(session, confined, keep));
  Conversation::Options options = conversation_options(session, choice.interactive);
  options.answers_from_board = registered != nullptr;
  options.transcript = transcriber(confined, session, screen);
  options.ticket = links.ticket();
  if (registered) options.patience = keep;  // else nobody could find it
  // Whoever calls again has a talk already, which takes the connection: nothing more may be said
  // on it here, and it must not be shut down.
  const auto hand_on = [&](const std::optional<Resumption>& again) {
    if (again && !directory.empty() && confined.hand_over(*again)) std::_Exit(0);
  };
  options.hand_on = [&](const Greeting& greeting, const std::string& read) {
    hand_on(Resumption{*greeting.session, *greeting.got, read, environment("TCPREMOTEIP")});
  };
  confined.confine();
  take_proxy_header(session);
  hand_on(look_for_resumption(session.socket, {environment("TCPREMOTEIP")}, milliseconds(0)));
  options.peer_address = environment("TCPREMOTEIP");
  if (options.peer_address.empty()) options.peer_address = ip_of_peer(session.socket);
  SessionLoop loop(session.socket, std::move(options), screen, transfers, signals);
  loop.limit_silence(session.idle);
  loop.renew_links_by(links);
  links.judged_by([&loop](std::uint64_t got) { return loop.would_take_link(got); });
  const Outcome outcome = loop.run();
  if (!outcome.reason.empty() && has_log()) log_end(session, outcome.reason);
  if (choice.interactive) loop.linger(environment_seconds("TALK_LINGER", kLinger));
  screen.finish(Clock::now() + kFinish);
  return 0;
}

}  // namespace
}  // namespace talk

int main(int argc, char** argv) {
  return talk::run_handler(argc, argv, {"server_handler", talk::kAbout, std::nullopt}, talk::serve);
}
