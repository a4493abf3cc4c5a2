// Which sessions run, and whether another may begin. Pure: processes are numbers here.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace talk {

class SessionTable {
 public:
  struct Limits {
    std::size_t sessions = 1000;
    std::size_t per_host = 0;  // 0: no limit
  };
  struct Entry {
    std::uint64_t number = 0;
    std::string host;  // as host_of() has it
  };

  explicit SessionTable(Limits limits) : limits_(limits) {}

  // Sessions that are admitted and not yet running count too; those whose talk is over do not, up
  // to kMostOver of them: an X server takes some 250 windows, and a visitor who calls and hangs up
  // all the time must not use them up.
  static constexpr std::size_t kMostOver = 128;
  bool full() const {
    return starting_ + running_.size() - over_ >= limits_.sessions || over_ >= kMostOver;
  }
  bool host_full(const std::string& host) const;

  // Numbers count accepted connections from 1.
  std::uint64_t next_number() { return ++last_number_; }
  void admitted(const Entry& entry);
  // What becomes of each that was admitted.
  void began(pid_t pid, Entry entry);
  void failed(const Entry& entry);
  // The talk is over, and the process stays: a window to be read. Said at most once of a process.
  void talk_over(pid_t pid);
  bool is_over(pid_t pid) const;
  // The session of `pid`, taken out; nothing where the process is no session's.
  std::optional<Entry> ended(pid_t pid);

  std::uint64_t number_of(pid_t pid) const;
  std::size_t size() const { return running_.size(); }
  std::vector<pid_t> pids() const;

 private:
  struct Running {
    Entry entry;
    bool over = false;
  };

  void forget_host(const std::string& host);

  Limits limits_;
  std::uint64_t last_number_ = 0;
  std::size_t starting_ = 0;
  std::map<pid_t, Running> running_;
  std::size_t over_ = 0;  // of those that run
  std::map<std::string, std::size_t> of_host_;
};

}  // namespace talk
