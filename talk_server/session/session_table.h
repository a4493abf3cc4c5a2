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
    // Of those without a place, below: an X server takes some 250 windows, and a visitor who calls
    // and hangs up all the time must not use them up.
    std::size_t over = 128;
  };
  struct Entry {
    std::uint64_t number = 0;
    std::string host;  // as host_of() has it
  };

  explicit SessionTable(Limits limits) : limits_(limits) {}

  // Sessions that are admitted and not yet running count too; those whose talk is over, or has lost
  // its link, do not.
  bool full() const {
    return starting_ + running_.size() - over_ >= limits_.sessions || over_ >= limits_.over;
  }
  bool host_full(const std::string& host) const;

  // Numbers count accepted connections from 1.
  std::uint64_t next_number() { return ++last_number_; }
  void admitted(const Entry& entry);
  // What becomes of each that was admitted.
  void began(pid_t pid, Entry entry);
  void failed(const Entry& entry);
  // The talk is over, and the process stays: a window to be read. Or it has no link.
  void talk_over(pid_t pid);
  // It has one again, and counts again, also where others have come meanwhile.
  void talk_again(pid_t pid);
  bool is_over(pid_t pid) const;
  // The session of `pid`, taken out; nothing where the process is no session's.
  std::optional<Entry> ended(pid_t pid);

  // The process of a session that runs.
  std::optional<pid_t> process_of(std::uint64_t number) const;
  std::uint64_t number_of(pid_t pid);
  std::size_t size() const { return running_.size(); }
  std::vector<pid_t> pids() const;

 private:
  struct Running {
    Entry entry;
    bool over = false;
  };

  Running& running(pid_t pid);
  void forget_host(const std::string& host);

  Limits limits_;
  std::uint64_t last_number_ = 0;
  std::size_t starting_ = 0;
  std::map<pid_t, Running> running_;
  std::size_t over_ = 0;  // of those that run
  std::map<std::string, std::size_t> of_host_;
};

}  // namespace talk
