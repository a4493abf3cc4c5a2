#include "talk_client/clinic/visitor.h"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

#include "common/posix/io.h"
#include "common/posix/socket_options.h"

namespace talk::clinic {
namespace {

constexpr milliseconds kSlice{50};           // how soon an end of all waiting is noticed
constexpr milliseconds kNothingMoves{500};   // then a peer that is not read has filled the pipe
constexpr milliseconds kFull{1000};          // likewise, on a busy machine
constexpr milliseconds kNear{1};             // a round trip
constexpr milliseconds kUnknown{3'600'000};  // it is larger before the first one
constexpr milliseconds kToBeRead{200};       // what has just been delivered
constexpr milliseconds kLongest{60'000};     // for one answer, however slowly it comes
constexpr std::size_t kDrip = 100;           // bytes; fewer do not prolong the patience
constexpr int kNarrow = 16 << 10;            // a receive buffer
constexpr int kWide = 1 << 20;
constexpr int kPatienceForNetwork = 4;  // times the answer's time, for what was not delivered

bool is_far(const TcpReading& tcp) { return tcp.min_rtt > kNear && tcp.min_rtt < kUnknown; }

}  // namespace

void Record::add(int visitor, Said::By by, std::string_view bytes) {
  std::size_t& received = received_[static_cast<std::size_t>(visitor) % received_.size()];
  const std::size_t begin = received;
  if (by == Said::By::program) received += bytes.size(), in_all_ += bytes.size();
  if (!said_.empty() && by != Said::By::event) {
    Said& last = said_.back();
    if (last.visitor == visitor && last.by == by && by == Said::By::program) {
      last.bytes += bytes.substr(0, kKeptBytes - std::min(kKeptBytes, last.bytes.size()));
      last.total += bytes.size();
      return;
    }
  }
  if (said_.size() >= kMost) {
    said_.erase(said_.begin() + 2);
    begins_.erase(begins_.begin() + 2);
  }
  said_.push_back({visitor, by, std::string(bytes.substr(0, kKeptBytes)), bytes.size()});
  begins_.push_back(begin);
}

void Record::mark(int visitor, std::size_t offset) {
  for (std::size_t i = said_.size(); i-- > 0;) {
    Said& said = said_[i];
    if (said.visitor != visitor || said.by != Said::By::program || begins_[i] > offset) continue;
    const std::size_t at = offset - begins_[i];
    if (at <= said.bytes.size()) {
      said.mark = at;
      return;
    }
    return add(visitor, Said::By::event, "it went wrong at byte " + std::to_string(offset));
  }
}

Visitor::Visitor(OwnedFd socket, int number, Patience& patience, Record& record)
    : socket_(std::move(socket)), number_(number), patience_(patience), record_(record) {
  send_promptly(socket_.get());
}

void Visitor::check_time() const {
  if (patience_.stop != nullptr && *patience_.stop) throw BrokenOff{"interrupted"};
  if (Clock::now() > patience_.end_of_run) throw BrokenOff{"the time for one run is over"};
}

void Visitor::set_receive_buffer(int bytes) const {
  ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

bool Visitor::poll_for(short events, milliseconds time) const {
  pollfd ready{socket_.get(), events, 0};
  const int count = ::poll(&ready, 1, static_cast<int>(time.count()));
  read_link();
  return count > 0;
}

bool Visitor::is_reset() const {
  pollfd state{socket_.get(), 0, 0};
  return ::poll(&state, 1, 0) > 0 && (state.revents & POLLERR) != 0;
}

bool Visitor::collect() {
  if (ended_ || !socket_) return false;
  if (narrow_) set_receive_buffer(kWide);
  narrow_ = false;
  std::array<char, 65536> room;
  bool moved = false;
  for (;;) {
    const IoResult result = receive_some(socket_.get(), room);
    if (result.would_block()) return moved;
    if (!result.moved()) {
      ended_ = true;
      reset_ = result.failed();
      record_.add(number_, Said::By::event,
                  reset_ ? "reset by the program" : "ended by the program");
      return true;
    }
    received_.append(room.data(), result.count);
    record_.add(number_, Said::By::program, std::string_view(room.data(), result.count));
    if (record_.in_all() > kMostBytes) throw TooMuch{};
    moved = true;
  }
}

Visitor::Sent Visitor::send(std::string_view bytes, std::size_t piece) {
  has_spoken_ = true;
  record_.add(number_, Said::By::clinic, bytes);
  if (piece != 0 && bytes.size() > piece)
    record_.add(number_, Said::By::event, "in pieces of " + bytes_in_words(piece));
  Time moved_at = Clock::now();
  bool first = true;
  while (!bytes.empty()) {
    check_time();
    const IoResult result =
        send_some(socket_.get(), bytes.substr(0, piece == 0 ? bytes.size() : piece));
    if (result.failed()) {
      collect();
      return Sent::ended;
    }
    if (result.moved()) {
      bytes.remove_prefix(result.count);
      moved_at = Clock::now();
      if (piece != 0 && !bytes.empty()) {
        if (std::exchange(first, false)) let_first_arrive();
        wait_patiently(patience_.delay, patience_);
      }
      collect();
      continue;
    }
    poll_for(POLLOUT | (ended_ ? 0 : POLLIN), kSlice);
    if (collect()) moved_at = Clock::now();
    if (Clock::now() - moved_at > patience_.answer) return Sent::stuck;
  }
  return Sent::all;
}

std::size_t Visitor::flood(std::string_view bytes) {
  has_spoken_ = true;
  record_.add(number_, Said::By::clinic, bytes);
  record_.add(number_, Said::By::event, "sent without reading what comes");
  set_receive_buffer(kNarrow);  // so that the systems hold less than is sent
  narrow_ = true;
  std::size_t sent = 0;
  Time moved_at = Clock::now();
  while (sent < bytes.size() && Clock::now() - moved_at < kNothingMoves) {
    check_time();
    const IoResult result = send_some(socket_.get(), bytes.substr(sent));
    if (result.failed()) break;
    if (result.moved()) {
      sent += result.count;
      moved_at = Clock::now();
    } else {
      poll_for(POLLOUT, kSlice);
    }
  }
  return sent;
}

void Visitor::wait_until_full() const {
  const Time latest = Clock::now() + patience_.answer * kPatienceForNetwork;
  Time moved_at = Clock::now();
  std::size_t unread = 0, undelivered = 0;
  for (;;) {
    const std::size_t unread_now = unread_bytes(socket_.get());
    const std::size_t undelivered_now = undelivered_bytes(socket_.get()).value_or(0);
    const Time now = Clock::now();
    if (unread_now != unread || undelivered_now != undelivered) moved_at = now;
    unread = unread_now, undelivered = undelivered_now;
    // One that has said nothing yet may not have got to it.
    const milliseconds enough = unread == 0 ? patience_.answer : kFull;
    if (now - moved_at > enough || now > latest || is_reset()) return;
    wait_patiently(kSlice, patience_);
  }
}

// Learns from what it returns.
std::optional<TcpReading> Visitor::read_link() const {
  const auto tcp = read_tcp(socket_.get());
  queued_ = tcp ? tcp->queued : 0;
  if (!tcp) return tcp;
  // A segment was sent again that did not merely wait for a busy machine: a loopback's trips are
  // shorter.
  if (tcp->sent_again > 0 && is_far(*tcp)) patience_.link_loses = true;
  const Time now = Clock::now();
  // What waits because the program does not read is not kept by the link.
  const auto signs = tcp->queued == 0 ? std::nullopt : read_tcp_signs(socket_.get());
  if (tcp->queued == 0 || tcp->acknowledged != acknowledged_ || (signs && signs->window_closed))
    acknowledged_at_ = now;
  acknowledged_ = tcp->acknowledged;
  patience_.kept =
      std::max(patience_.kept, std::chrono::floor<milliseconds>(now - acknowledged_at_));
  return tcp;
}

bool Visitor::wait(const std::function<bool()>& enough, milliseconds patience) {
  const Time latest = Clock::now() + patience * kPatienceForNetwork;
  const Time last = Clock::now() + std::max(kLongest, patience);
  Time since = Clock::now();
  collect();
  std::size_t before = received_.size();
  while (!enough()) {
    check_time();
    const Time now = Clock::now();
    // An answer that a link lost comes again after seconds, and again after twice as many.
    const Time deadline = since + patience * (patience_.link_loses ? kPatienceForNetwork : 1);
    if (now >= deadline || now >= last) return false;
    poll_for(ended_ ? 0 : POLLIN,
             std::min(kSlice, std::chrono::ceil<milliseconds>(deadline - now)));
    // What the network still has of what was said the program cannot have heard.
    const bool on_its_way = queued_ > 0 && now < latest;
    if ((collect() && (ended_ || received_.size() - before >= kDrip)) || on_its_way) {
      since = Clock::now();
      before = received_.size();
    }
  }
  return true;
}

bool Visitor::wait_for_more(milliseconds time) {
  const Time deadline = Clock::now() + time;
  if (!ended_) read_link();
  if (collect()) return true;
  while (!ended_ && Clock::now() < deadline) {
    check_time();
    poll_for(POLLIN, std::min(kSlice, std::chrono::ceil<milliseconds>(deadline - Clock::now())));
    if (collect()) return true;
  }
  return false;
}

void Visitor::read_late(milliseconds patience, milliseconds late) {
  if (ended_) return;
  // What a link has lost may come when TCP has lost its patience several times.
  const auto tcp = read_link();
  const Time deadline = Clock::now() + (tcp && is_far(*tcp) ? kLongest : patience);
  while (!poll_for(POLLIN, kSlice) && Clock::now() < deadline) check_time();
  wait_patiently(late, patience_);
  collect();
}

void Visitor::half_close() {
  record_.add(number_, Said::By::event, "half-closed: no more will be sent");
  ::shutdown(socket_.get(), SHUT_WR);
}

void Visitor::wait_until_delivered() const {
  const Time deadline = Clock::now() + patience_.answer * kPatienceForNetwork;
  bool late = false;
  while (undelivered_bytes(socket_.get()).value_or(0) > 0 && Clock::now() < deadline) {
    late = true;
    wait_patiently(kSlice, patience_);
    read_link();
  }
  if (late) wait_patiently(kToBeRead, patience_);
}

void Visitor::let_first_arrive() const {
  if (const auto tcp = read_link(); tcp && is_far(*tcp)) wait_until_delivered();
}

void Visitor::reset() {
  record_.add(number_, Said::By::event, "closed with a reset");
  reset_on_close(socket_.get(), true);
  socket_.reset();
}

void Visitor::close() {
  collect();  // the system would reset a connection of which something was not read
  record_.add(number_, Said::By::event, "closed");
  socket_.reset();
}

void wait_patiently(milliseconds time, const Patience& patience) {
  const Time deadline = Clock::now() + time;
  for (Time now = Clock::now(); now < deadline; now = Clock::now()) {
    if (patience.stop != nullptr && *patience.stop) throw BrokenOff{"interrupted"};
    if (now > patience.end_of_run) throw BrokenOff{"the time for one run is over"};
    std::this_thread::sleep_for(std::min<Clock::duration>(kSlice, deadline - now));
  }
}

}  // namespace talk::clinic
