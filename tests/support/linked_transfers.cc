#include "tests/support/linked_transfers.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <random>
#include <utility>

#include "common/wire/integers.h"
#include "tests/support/wait_until.h"

namespace talk::test {
namespace {

constexpr std::size_t kHeader = 9;     // of a data frame
constexpr std::size_t kPiece = 7'777;  // as if so much came in one receive

sigset_t current_mask() {
  sigset_t mask;
  ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
  return mask;
}

}  // namespace

Role::Role(Transfers::Options options, const std::string& peer_name, bool peer_knows_many)
    : transfers(std::move(options)) {
  transfers.set_peer(peer_name, peer_knows_many, true);
}

void Role::hear(std::string_view bytes) {
  reader.feed(bytes);
  while (const auto frame = reader.next()) {
    if (frame->tag == 'D') {
      transfers.receive_data(frame->transfer, frame->payload, Clock::now());
      continue;
    }
    const Message message = decode(frame->tag, frame->payload);
    if (const auto* ping = std::get_if<Ping>(&message))
      answers += encode(Pong{ping->payload});
    else
      transfers.receive(message, Clock::now());
  }
}

void Role::turn(milliseconds patience) {
  WaitSet wait;
  transfers.prepare(wait, Clock::now());
  wait.wake_by(Clock::now() + patience);
  wait.wait(current_mask());
  transfers.turn();
  note();
}

void Role::note() {
  for (const auto& event : transfers.take_events()) {
    failures += event.kind != Transfers::Event::Kind::info;
    said += event.text + "\n";
  }
}

bool SessionLink::move(Role& from, Role& to) {
  const std::string control = std::exchange(from.answers, {}) + from.transfers.take_control();
  to.hear(control);
  if (!from.transfers.has_data()) return !control.empty();
  std::string_view frame = from.transfers.next_data(most, Clock::now());
  if (frame.empty()) return true;
  const std::uint64_t count = frame.size() - kHeader;
  if (from.data_sent + count >= cut_after) {
    frame.remove_suffix(from.data_sent + count - cut_after);
    cut_ = true;
  }
  from.data_sent += count;
  for (; !frame.empty(); frame.remove_prefix(std::min(frame.size(), kPiece)))
    to.hear(frame.substr(0, kPiece));
  return true;
}

bool SessionLink::move_both() {
  const bool to_other = move(one_, other_);
  return move(other_, one_) || to_other;
}

void SessionLink::run(const std::function<bool()>& finished) {
  const Time deadline = Clock::now() + kPatience;
  while (!cut_) {
    one_.note();
    other_.note();
    if (finished()) return;
    ASSERT_LT(Clock::now(), deadline) << one_.said << other_.said;
    const bool moved = move_both();
    one_.turn(milliseconds(0));
    other_.turn(milliseconds(moved ? 0 : 1));
  }
}

void SessionLink::run_until_idle() {
  run([this] { return one_.transfers.idle() && other_.transfers.idle(); });
  while (!cut_ && move_both()) {
  }
}

std::string noise(std::size_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::string bytes;
  bytes.reserve(count + 8);
  while (bytes.size() < count) put_integer(bytes, static_cast<std::uint64_t>(random()));
  bytes.resize(count);
  return bytes;
}

std::vector<std::string> names_below(const std::string& directory) {
  namespace fs = std::filesystem;
  std::vector<std::string> names;
  std::error_code gone;  // a file may go while it is looked at
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    if (!entry.is_directory(gone))
      names.push_back(entry.path().lexically_relative(directory).string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace talk::test
