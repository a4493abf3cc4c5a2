#include "common/session/session_loop.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "common/posix/io.h"
#include "common/posix/socket_options.h"
#include "common/posix/tcp_gauge.h"

namespace talk {
namespace {

// A flood of chat is taken in small bites, so that a key never waits long behind it.
constexpr std::size_t kChatBite = std::size_t{64} << 10;
constexpr std::size_t kFileBite = std::size_t{256} << 10;
constexpr std::size_t kSendBite = std::size_t{1} << 20;  // a turn
constexpr milliseconds kResetCheck{250};
constexpr seconds kLinkLook{5};
constexpr milliseconds kDeliveryLook{100};
constexpr seconds kFlushTime{2};
constexpr seconds kDrainTime{1};
constexpr milliseconds kFirstWords{200};
constexpr milliseconds kBeforeLastPaint{
    50};  // most peers have ended by then, and the screen is due

}  // namespace

SessionLoop::SessionLoop(int socket, Conversation::Options options, Screen& screen,
                         Transfers& transfers, Signals& signals)
    : socket_(socket),
      screen_(screen),
      transfers_(transfers),
      signals_(signals),
      conversation_(std::move(options), screen, transfers, Clock::now()),
      gate_(socket),
      buffer_(kFileBite) {
  send_promptly(socket);
  probe_idle_peer(socket, Liveness::kGiveUpAfter);
}

// The relatives who hold a copy of a socket are not to keep its peer waiting.
void SessionLoop::leave_link() {
  ::shutdown(socket_, SHUT_RDWR);
  own_link_.reset();
  socket_ = -1;
}

void SessionLoop::take_link(NextLink::Link link, Time now) {
  if (!conversation_.new_link(link.peer, now)) return;
  if (socket_ >= 0) leave_link();
  own_link_ = std::move(link.socket);
  socket_ = own_link_.get();
  send_promptly(socket_);
  probe_idle_peer(socket_, Liveness::kGiveUpAfter);
  gate_ = SendGate(socket_);
  gate_opens_.reset();
  link_watch_ = LinkWatch{Liveness::kGiveUpAfter};
  socket_full_ = more_to_send_ = link_holds_something_ = link_broken_ = false;
  heard_at_ = now;
  if (!link.read.empty()) conversation_.receive(link.read, now);
  send(now);
}

void SessionLoop::renew_link(const WaitSet& wait, Time now) {
  if (conversation_.over()) return;
  if (socket_ >= 0 && !conversation_.has_link()) {
    leave_link();
    if (links_ != nullptr) links_->wanted(now);
  }
  if (links_ == nullptr) return;
  if (conversation_.take_call_now()) links_->call_now(now);
  if (conversation_.take_answered()) links_->answered(now);
  if (auto link = links_->turn(wait, now)) take_link(std::move(*link), now);
  conversation_.set_next_call(links_->next_call());
}

Outcome SessionLoop::run() {
  try {
    send(Clock::now());
    while (!conversation_.over()) turn();
  } catch (...) {
    conversation_.leave("this side's screen broke", Clock::now());
    screen_broke_ = true;
    farewell();
    throw;
  }
  farewell();
  return conversation_.outcome();
}

void SessionLoop::turn() {
  const Time before = Clock::now();
  if (!conversation_.wants_to_read()) not_listening(before);
  WaitSet wait;
  prepare(wait, before);
  wait.wait(signals_.wait_mask());

  const Time now = Clock::now();
  if (take_signals(now)) return;
  std::vector<Input> inputs;
  screen_.turn(wait, now, inputs);
  for (const Input& input : inputs) conversation_.input(input, now);
  if (socket_ >= 0 && wait.can_read(socket_)) receive(now);
  transfers_.turn();
  if (socket_ >= 0 && wait.can_write(socket_)) socket_full_ = false;
  watch_link(now);
  look_at_delivery();
  conversation_.tick(now);
  check_for_reset(now);
  check_silence(now);
  renew_link(wait, now);
  send(now);
}

// Of words to a peer that does not say itself what it has heard.
void SessionLoop::look_at_delivery() {
  if (socket_ < 0 || !conversation_.wants_delivery()) return;
  const std::uint64_t sent = conversation_.sent_bytes();
  conversation_.delivered(sent -
                          std::min<std::uint64_t>(sent, undelivered_bytes(socket_).value_or(0)));
}

void SessionLoop::prepare(WaitSet& wait, Time now) const {
  if (conversation_.wants_to_read()) wait.want_read(socket_);
  if (links_ != nullptr) links_->prepare(wait);
  if (socket_ >= 0 && !conversation_.has_link()) wait.wake_by(now);
  if (socket_full_) wait.want_write(socket_);
  if (more_to_send_) wait.wake_by(now);
  if (socket_ >= 0 && link_holds_something_) wait.wake_by(look_at_link_);
  if (conversation_.wants_delivery()) wait.wake_by(now + kDeliveryLook);
  screen_.prepare(wait, conversation_.wants_input());
  transfers_.prepare(wait, now);
  wait.wake_by(conversation_.deadline(now));
  if (conversation_.peer_may_reset()) wait.wake_by(now + kResetCheck);
  if (socket_ >= 0 && longest_silence_ != seconds(0)) wait.wake_by(heard_at_ + longest_silence_);
  if (conversation_.wants_data_budget() && !socket_full_) wait.wake_by(gate_opens_.value_or(now));
}

// True where the talk is over by it.
bool SessionLoop::take_signals(Time now) {
  if (signals_.take(SIGCONT)) not_listening(now);
  if (signals_.take(SIGWINCH)) screen_.resized();
  if (signals_.take(SIGTSTP)) suspend();
  const std::pair<int, const char*> endings[] = {{SIGHUP, "the window was closed"},
                                                 {SIGTERM, "the program was stopped"},
                                                 {SIGQUIT, "the program was stopped"},
                                                 {SIGINT, ""}};
  for (const auto& [signal, reason] : endings) {
    if (!signals_.take(signal)) continue;
    ended_by_ = signal;
    hear_first_words();
    conversation_.leave(reason, now);
    return true;
  }
  return false;
}

// A stop in a talk's first moment: without the visitor's greeting it would be told nothing, take
// the end for a lost link, and call again.
void SessionLoop::hear_first_words() {
  if (socket_ < 0 || !conversation_.awaits_first_words()) return;
  if (ready_by(socket_, POLLIN, Clock::now() + kFirstWords)) receive(Clock::now());
}

void SessionLoop::suspend() {
  screen_.suspend();
  Signals::stop_by(SIGTSTP);
  screen_.resume();
  not_listening(Clock::now());
}

void SessionLoop::not_listening(Time now) {
  conversation_.not_listening(now, socket_ >= 0 ? unread_bytes(socket_) : 0);
  heard_at_ = now;
}

void SessionLoop::receive(Time now) {
  const std::size_t bite = transfers_.idle() ? kChatBite : kFileBite;
  const IoResult result = receive_some(socket_, std::span(buffer_).first(bite));
  if (result.moved()) {
    heard_at_ = now;
    conversation_.receive({buffer_.data(), result.count}, now);
    // The sender's gate goes by what has arrived: a late word of it would keep the gate closed.
    if (!transfers_.idle()) acknowledge_now(socket_);
  } else if (result.end()) {
    conversation_.receive_end(now);
  } else if (result.failed()) {
    link_broken_ = true;
    conversation_.link_failed(result.error, now);
  }
}

void SessionLoop::send(Time now) {
  if (socket_ < 0 || !conversation_.has_link()) return;
  std::size_t moved = 0;
  while (moved < kSendBite && !socket_full_ && !link_broken_) {
    const std::string_view bytes = conversation_.outgoing(data_budget(now), now);
    if (bytes.empty()) break;
    const IoResult result = send_some(socket_, bytes);
    if (result.moved()) {
      conversation_.sent(result.count);
      moved += result.count;
      link_holds_something_ = true;
    } else if (result.would_block()) {
      socket_full_ = true;
    } else {
      link_broken_ = true;
      take_last_words(now);
      conversation_.link_failed(result.error, now);
    }
  }
  more_to_send_ = moved >= kSendBite;
  if (conversation_.take_half_close()) ::shutdown(socket_, SHUT_WR);
}

// A link that takes nothing more may still hold what the peer said before it broke.
void SessionLoop::take_last_words(Time now) {
  while (!conversation_.over()) {
    const IoResult result = receive_some(socket_, buffer_);
    if (!result.moved()) return;
    conversation_.receive({buffer_.data(), result.count}, now);
  }
}

// How much file data the link bears without making a line of talk wait behind it.
std::size_t SessionLoop::data_budget(Time now) {
  if (!conversation_.wants_data_budget()) return 0;
  const SendGate::Decision decision = gate_.look(now);
  gate_opens_ = decision.look_again;
  return decision.budget;
}

// Looked at while the kernel holds something of ours.
void SessionLoop::watch_link(Time now) {
  if (socket_ < 0 || !link_holds_something_ || now < look_at_link_) return;
  look_at_link_ = now + kLinkLook;
  const std::optional<TcpSigns> signs = read_tcp_signs(socket_);
  link_holds_something_ = signs && signs->outstanding;
  const LinkWatch::Verdict verdict = link_watch_.look(signs, now);
  if (verdict == LinkWatch::Verdict::not_reading) conversation_.peer_not_reading(now);
  if (verdict != LinkWatch::Verdict::dead) return;
  link_broken_ = true;
  conversation_.link_failed(ETIMEDOUT, now);
}

// After a line peer's end of stream the socket is always readable: a reset is asked for.
void SessionLoop::check_for_reset(Time now) {
  if (!conversation_.peer_may_reset()) return;
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error == 0) return;
  link_broken_ = true;
  conversation_.link_failed(error, now);
}

void SessionLoop::check_silence(Time now) {
  if (socket_ < 0 || longest_silence_ == seconds(0) || now < heard_at_ + longest_silence_) return;
  conversation_.leave("nothing came for " + std::to_string(longest_silence_.count()) + " s", now);
}

// What is queued still goes out; then the peer's end is waited for, because closing on unread
// bytes would reset the connection and take our last words with it. The shutdown is for the
// relatives who hold a copy of the socket.
void SessionLoop::farewell() {
  if (socket_ < 0) return;
  flush(Clock::now() + kFlushTime);
  ::shutdown(socket_, SHUT_WR);
  const Time end_by = Clock::now() + kDrainTime;
  const Time paint_at = Clock::now() + kBeforeLastPaint;
  bool painted = screen_broke_;
  while (!link_broken_ && Clock::now() < end_by) {
    WaitSet wait;
    wait.want_read(socket_);
    wait.wake_by(painted ? end_by : paint_at);
    wait.wait(signals_.wait_mask());
    if (wait.can_read(socket_) && !discard()) break;
    if (!painted && Clock::now() >= paint_at) painted = paint_last(wait);
  }
  ::shutdown(socket_, SHUT_RDWR);
}

// The talk's last lines are not kept back by its farewell. No key was waited for, and none is read:
// it is for what comes after.
bool SessionLoop::paint_last(const WaitSet& wait) {
  std::vector<Input> none;
  screen_.turn(wait, Clock::now(), none);
  return true;
}

// Reads meanwhile: a peer that is writing may take nothing before that.
void SessionLoop::flush(Time end_by) {
  bool peer_ended = false;
  while (!link_broken_ && Clock::now() < end_by) {
    const std::string_view bytes = conversation_.outgoing(0, Clock::now());
    if (bytes.empty()) return;
    WaitSet wait;
    wait.want_write(socket_);
    if (!peer_ended) wait.want_read(socket_);
    wait.wake_by(end_by);
    wait.wait(signals_.wait_mask());
    if (wait.can_read(socket_)) peer_ended = !discard();
    if (!wait.can_write(socket_)) continue;
    const IoResult result = send_some(socket_, bytes);
    if (result.moved()) conversation_.sent(result.count);
    if (result.failed()) link_broken_ = true;
  }
}

// Throws away what has come. False at its end.
bool SessionLoop::discard() {
  const IoResult result = receive_some(socket_, buffer_);
  if (result.failed()) link_broken_ = true;
  return !result.failed() && !result.end();
}

}  // namespace talk
