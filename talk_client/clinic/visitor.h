// One connection to the program that is examined: says what it is told to, keeps what comes, and
// writes down both.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/posix/clock.h"
#include "common/posix/owned_fd.h"
#include "common/posix/tcp_gauge.h"
#include "talk_client/clinic/result.h"

namespace talk::clinic {

// What went over all connections of a case, in its order, within bounds.
class Record {
 public:
  void add(int visitor, Said::By by, std::string_view bytes);
  // Byte `offset` of all that `visitor` has received is where it went wrong.
  void mark(int visitor, std::size_t offset);
  std::vector<Said> take() { return std::move(said_); }
  std::size_t in_all() const { return in_all_; }  // bytes received, by all visitors

 private:
  static constexpr std::size_t kMost = 60;  // those before the last ones are left out

  std::vector<Said> said_;
  std::vector<std::size_t> begins_;  // of each: its place among what its visitor received
  std::size_t in_all_ = 0;
  std::vector<std::size_t> received_ = std::vector<std::size_t>(1000);
};

// How long one waits, and what ends all waiting.
struct Patience {
  milliseconds answer{5000};
  milliseconds delay{20};   // between pieces
  bool link_loses = false;  // learnt: answers may be on their way for long
  milliseconds kept{0};     // learnt: the longest that the link kept something said in a case
  Time end_of_run = Time::max();
  const std::atomic<bool>* stop = nullptr;
};

// Thrown where the run's time is up or the person has had enough.
struct BrokenOff {
  std::string why;
};

// A bound of what one case may cost was reached.
struct TooMuch {};

class Visitor {
 public:
  // `patience` learns what the link does.
  Visitor(OwnedFd socket, int number, Patience& patience, Record& record);

  // How a send went: all was taken; the peer took nothing more for the patience; it has ended.
  enum class Sent { all, stuck, ended };
  // Reads what comes meanwhile. `piece` 0: all at once.
  Sent send(std::string_view bytes, std::size_t piece = 0);
  // Reads nothing. Returns how many bytes were taken until nothing moved for half a second.
  std::size_t flood(std::string_view bytes);

  // Reads nothing, until what comes fills the systems on both sides and nothing moves any more.
  void wait_until_full() const;

  // Reads until `enough` says so or `patience` is over; the time counts from when the peer's
  // system has what was sent. Whether it was enough.
  bool wait(const std::function<bool()>& enough, milliseconds patience);
  // Waits for more bytes, or the end, or `time`. Whether anything changed.
  bool wait_for_more(milliseconds time);

  // Waits for more, or the end, and reads what has come `late` after that, as a client on a busy
  // machine does: what is sent back to back has then come together.
  void read_late(milliseconds patience, milliseconds late);

  std::string_view unjudged() const { return std::string_view(received_).substr(judged_); }
  std::string_view all() const { return received_; }
  void judged(std::size_t count) { judged_ += count; }
  std::size_t judged() const { return judged_; }
  bool ended() const { return ended_; }
  bool was_reset() const { return reset_; }
  bool is_reset() const;  // now, whatever came before
  bool open() const { return static_cast<bool>(socket_); }
  int number() const { return number_; }
  bool has_spoken() const { return has_spoken_; }

  void half_close();
  // Until the peer has what was said, and a moment to read it.
  void wait_until_delivered() const;
  // A first piece comes alone over any link, where it is waited for: one that loses it would
  // deliver it together with the next.
  void let_first_arrive() const;
  void reset();
  void close();

 private:
  void check_time() const;
  bool collect();
  void set_receive_buffer(int bytes) const;
  bool poll_for(short events, milliseconds time) const;
  std::optional<TcpReading> read_link() const;

  OwnedFd socket_;
  int number_;
  Patience& patience_;
  Record& record_;
  std::string received_;
  std::size_t judged_ = 0;
  bool ended_ = false;
  bool reset_ = false;
  bool has_spoken_ = false;
  bool narrow_ = false;  // its receive buffer was made small
  // As the link was read last.
  mutable std::size_t queued_ = 0;
  mutable std::uint64_t acknowledged_ = 0;
  mutable Time acknowledged_at_ = Clock::now();  // or nothing was on its way
};

// Waits, looking up now and then whether it is to end. Throws BrokenOff.
void wait_patiently(milliseconds time, const Patience& patience);

// Somebody may have to type what an examined client is to say.
inline constexpr milliseconds kPersonTypes{60'000};

inline constexpr std::size_t kMostBytes = std::size_t{10} << 20;  // a case, either way

}  // namespace talk::clinic
