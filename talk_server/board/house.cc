#include "talk_server/board/house.h"

#include <cerrno>
#include <system_error>

#include "common/desk/register.h"

namespace talk {

void House::prepare(WaitSet& wait, Time now) const {
  wait.wake_by(asked_ ? *asked_ + kAskEvery : now);
  const auto listen_to = [&](const Member& member) {
    if (member.client) member.client->prepare(wait);
    if (!member.frozen) wait.wake_by(member.asked + kFrozenAfter);
  };
  if (listener_) listen_to(*listener_);
  for (const auto& [number, member] : sessions_) listen_to(member);
}

void House::turn(const WaitSet& wait, Time now) {
  if (listener_) {
    hear(*listener_, wait, now);
    listener_report_ = listener_->frozen ? std::nullopt : read_listener_report(listener_->answer);
  }
  for (auto& [number, member] : sessions_) hear(member, wait, now);
  if (!asked_ || now >= *asked_ + kAskEvery) ask_all(now);
}

void House::ask_all(Time now) {
  asked_ = now;
  if (!listener_) listener_ = Member{listener_socket(directory_), nullptr};
  if (!ask(*listener_, now)) {
    listener_.reset();
    listener_report_.reset();
  }
  std::map<std::uint64_t, Member> present;
  for (const std::uint64_t number : registered_sessions(directory_)) {
    auto known = sessions_.extract(number);
    Member member =
        known ? std::move(known.mapped()) : Member{session_socket(directory_, number), nullptr};
    if (ask(member, now)) present.emplace(number, std::move(member));
  }
  sessions_ = std::move(present);
}

// False where the process is no more.
bool House::ask(Member& member, Time now) const {
  if (member.client && member.client->asking() && !member.client->ended()) return true;
  try {
    if (!member.client || member.client->ended())
      member.client = std::make_unique<ControlClient>(member.path);
    member.client->ask("status");
    member.asked = now;
    return true;
  } catch (const std::system_error& error) {
    member.client.reset();
    member.frozen = error.code().value() == EAGAIN;
    return member.frozen;
  }
}

void House::hear(Member& member, const WaitSet& wait, Time now) const {
  if (!member.client) return;
  if (auto answer = member.client->turn(wait)) {
    member.answer = std::move(*answer);
    member.frozen = false;
  }
  if (member.client->asking() && now >= member.asked + kFrozenAfter) member.frozen = true;
}

std::vector<SessionRow> House::sessions() const {
  std::vector<SessionRow> rows;
  for (const auto& [number, member] : sessions_) {
    if (!has_settled(member)) continue;
    SessionRow row;
    row.number = number;
    row.report = read_session_report(member.answer);
    row.frozen = member.frozen;
    if (member.client) row.process = member.client->process();
    if (row.report) row.process = static_cast<pid_t>(row.report->pid);
    rows.push_back(std::move(row));
  }
  return rows;
}

bool House::settled() const {
  if (!asked_ || (listener_ && !has_settled(*listener_))) return false;
  for (const auto& [number, member] : sessions_)
    if (!has_settled(member)) return false;
  return true;
}

}  // namespace talk
