#include "server_handler/talk/registered_screen.h"

#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "common/desk/own_tmux_pane.h"
#include "common/desk/register.h"
#include "common/desk/resumption.h"
#include "common/desk/typing_elsewhere.h"
#include "common/posix/environment.h"
#include "common/text/decimal.h"

namespace talk {
namespace {

constexpr seconds kRegisterLook{5};

// Nothing where there is no such file.
std::optional<ino_t> file_id(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return std::nullopt;
  return status.st_ino;
}

std::uint64_t bytes_moved(const Status& status) {
  std::uint64_t bytes = 0;
  for (const TransferView& transfer : status.transfers) bytes += transfer.done;
  return bytes;
}

TalkLink link_of(const Status& status) {
  if (status.ended) return TalkLink::left;
  return status.lost_for ? TalkLink::lost : TalkLink::here;
}

}  // namespace

RegisteredScreen::RegisteredScreen(Screen& screen, const Options& options)
    : screen_(screen),
      options_(options),
      began_(std::chrono::floor<seconds>(std::chrono::system_clock::now())),
      heard_(Clock::now()),
      look_at_register_(Clock::now() + kRegisterLook),
      departures_(options.directory) {
  socket_.emplace(
      session_socket(options_.directory, options_.number),
      [this](std::string_view request) { return answer(request); },
      [this](std::string_view request, OwnedFd passed) {
        return answer_passed(request, std::move(passed));
      });
  own_socket_ = file_id(session_socket(options_.directory, options_.number));
}

RegisteredScreen::~RegisteredScreen() { leave(); }

void RegisteredScreen::leave() {
  if (!socket_) return;
  socket_.reset();
  leave_register(options_.directory);
  if (options_.left) options_.left();
}

// ---- What the board is told ----

void RegisteredScreen::show(const Entry& entry) {
  if (entry.kind == Entry::Kind::theirs) {
    ++since_input_;
    heard_ = Clock::now();
  }
  screen_.show(entry);
}

void RegisteredScreen::set_status(const Status& status) {
  if (bytes_moved(status) != bytes_moved(status_)) heard_ = Clock::now();
  status_ = status;
  status_.server_gone = forgotten_;
  tell_of_link();
  if (status.ended && !options_.lingers) leave();
  screen_.set_status(status_);
}

void RegisteredScreen::talk_ended() {
  status_.ended = true;
  tell_of_link();
  screen_.talk_ended();
}

// A talk that had one link all the time ends with its connection, which the listener sees.
void RegisteredScreen::tell_of_link() {
  const TalkLink link = link_of(status_);
  if (link == told_.link || (link == TalkLink::left && told_.change == 0)) return;
  told_ = {0, told_.change + 1, link};
  if (options_.link_changed) options_.link_changed(told_);
}

SessionReport RegisteredScreen::report() const {
  SessionReport report;
  report.number = options_.number;
  report.pid = ::getpid();
  report.link = link_of(status_);
  report.silent = status_.silent_for;
  report.unread = screen_.unread().value_or(since_input_);
  const Attention attention = screen_.attention();
  report.typing =
      (attention.half_typed && !status_.ended) || attention.typed_at > Clock::now() - kTypedLately;
  report.idle = std::chrono::duration_cast<seconds>(Clock::now() - heard_);
  report.since = began_;
  report.name = status_.peer_name;
  report.address = status_.peer_address;
  for (const TransferView& transfer : status_.transfers)
    report.transfers.push_back({transfer.name, transfer.outgoing, transfer.done, transfer.total,
                                static_cast<std::uint64_t>(transfer.rate)});
  for (const OfferView& offer : status_.unanswered)
    report.offers.push_back({offer.name, offer.bytes});
  return report;
}

// ---- What is asked for ----

void RegisteredScreen::prepare(WaitSet& wait, bool listening) {
  listening_ = listening;
  screen_.prepare(wait, listening);
  if (!socket_) return;
  socket_->prepare(wait, Clock::now());
  if (!forgotten_) wait.wake_by(look_at_register_);
}

void RegisteredScreen::turn(const WaitSet& wait, Time now, std::vector<Input>& inputs) {
  const std::size_t before = inputs.size();
  if (const auto left = departures_.look()) screen_.another_closed(*left);
  screen_.turn(wait, now, inputs);
  if (socket_) socket_->turn(wait, now);
  if (socket_ && !forgotten_ && now >= look_at_register_) look_at_register(now);
  inputs.insert(inputs.end(), asked_.begin(), asked_.end());
  asked_.clear();
  if (inputs.size() > before) since_input_ = 0;
}

// A server that came after ours has the directory now, and has emptied it: no board knows this talk
// any more, and another one has its number.
void RegisteredScreen::look_at_register(Time now) {
  look_at_register_ = now + kRegisterLook;
  if (file_id(session_socket(options_.directory, options_.number)) == own_socket_) return;
  forgotten_ = true;
  status_.server_gone = true;
  screen_.set_status(status_);
}

std::string RegisteredScreen::answer(std::string_view request) {
  const ControlLine line = split_control_line(request);
  if (line.word == "status") return format_report(report());
  if (line.word == "say") return say(line.text);
  if (line.word == "close") return close(line.text);
  if (line.word == "raise") return raise_window();
  return kNoSuchRequest;
}

std::string RegisteredScreen::answer_passed(std::string_view request, OwnedFd passed) {
  const ControlLine line = split_control_line(request);
  if (line.word != "resume" || options_.links == nullptr) return kNoSuchRequest;
  if (status_.ended) return "left";
  const auto resumption = read_resumption(line.text);
  if (!resumption) return kNoSuchRequest;
  return options_.links->offer(*resumption, std::move(passed)) ? "ok" : "no it is another's";
}

std::string RegisteredScreen::say(std::string_view text) {
  if (status_.ended) return "left";
  if (text.empty()) return "no there are no words";
  if (!listening_) return "no what was said before still waits to be sent";
  asked_.push_back({Input::Kind::line, line_that_says(text)});  // words, whatever they begin with
  return "ok";
}

// A talk that has ended is no more than its window.
std::string RegisteredScreen::close(std::string_view reason) {
  asked_.push_back({Input::Kind::quit,
                    reason.empty() ? "the person at the desk closed it" : std::string(reason)});
  return "ok";
}

std::string RegisteredScreen::raise_window() {
  if (const auto window = own_tmux_pane()) return format_tmux_answer(*window);
  if (!raise()) return "no it has no window";
  const auto window = decimal<std::uint32_t>(environment("WINDOWID"));  // said by terminals of X
  return window ? format_window_answer(*window) : "ok";
}

}  // namespace talk
