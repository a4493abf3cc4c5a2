// What one server's listener and sessions say of themselves, asked again and again at their control
// sockets. A session that does not answer is known for it within a second, and holds nobody up.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/desk/control_client.h"
#include "common/desk/report.h"
#include "common/posix/clock.h"
#include "common/posix/wait_set.h"

namespace talk {

struct SessionRow {
  std::uint64_t number = 0;
  std::optional<pid_t> process;         // the handler's
  std::optional<SessionReport> report;  // the last one; none where it has never answered
  bool frozen = false;                  // it does not answer now
};

class House {
 public:
  explicit House(std::string directory) : directory_(std::move(directory)) {}

  void prepare(WaitSet& wait, Time now) const;
  void turn(const WaitSet& wait, Time now);

  // By number.
  std::vector<SessionRow> sessions() const;
  // Nothing where the listener does not answer.
  const std::optional<ListenerReport>& listener() const { return listener_report_; }
  // Everybody has answered, or is known not to.
  bool settled() const;

 private:
  // Together less than a second.
  static constexpr milliseconds kAskEvery{200};
  static constexpr milliseconds kFrozenAfter{650};

  struct Member {
    std::string path;
    std::unique_ptr<ControlClient> client;  // none where the process takes nobody
    Time asked{};
    std::string answer = {};  // the last
    bool frozen = false;
  };

  void ask_all(Time now);
  bool ask(Member& member, Time now) const;
  void hear(Member& member, const WaitSet& wait, Time now) const;
  static bool has_settled(const Member& member) { return member.frozen || !member.answer.empty(); }

  std::string directory_;
  std::map<std::uint64_t, Member> sessions_;
  std::optional<Member> listener_;
  std::optional<ListenerReport> listener_report_;
  std::optional<Time> asked_;
};

}  // namespace talk
