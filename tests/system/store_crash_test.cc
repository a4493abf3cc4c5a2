// The store's promise: what was answered OK is there, whoever was killed.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

// Clients that put and delete without end, come back after every loss, and know what was promised.
class Load {
 public:
  Load(int clients, std::atomic<int>& port) : port_(port) {
    for (int i = 0; i < clients; ++i) threads_.emplace_back([this, i] { run(i); });
  }
  ~Load() { stop(); }
  void stop() {
    stopping_ = true;
    for (std::thread& thread : threads_)
      if (thread.joinable()) thread.join();
  }
  long answered() const { return answered_; }
  const std::set<long>& kept() const { return kept_; }        // put answered OK, never deleted
  const std::set<long>& deleted() const { return deleted_; }  // del answered OK

 private:
  void run(int client) {
    long next = client * 10'000'000L;
    while (!stopping_) {
      try {
        Peer peer(port_);
        while (!stopping_) next = batch(peer, next);
      } catch (const std::exception&) {
        std::this_thread::yield();
      }
      next += kBatch;  // nobody knows what became of these
    }
  }

  // Puts a few keys and deletes every other one. Throws where the connection is lost.
  long batch(Peer& peer, long first) {
    std::string requests;
    for (long key = first; key < first + kBatch; ++key)
      requests += "put " + std::to_string(key) + " v" + std::to_string(key) + "\n";
    for (long key = first; key < first + kBatch; key += 2)
      requests += "del " + std::to_string(key) + "\n";
    peer.forget();
    peer.send(requests);
    constexpr std::size_t kReplies = 3 * (kBatch + kBatch / 2);
    wait_until(
        [&] { return peer.received().size() >= kReplies || peer.sees_end(milliseconds(0)); });
    const std::lock_guard guard(mutex_);
    long ok = static_cast<long>(peer.received().size()) / 3;
    for (long key = first; key < first + kBatch && ok > 0; ++key, --ok) {
      ++answered_;
      if ((key - first) % 2 == 1) kept_.insert(key);
    }
    for (long key = first; key < first + kBatch && ok > 0; key += 2, --ok) deleted_.insert(key);
    if (peer.received().size() < kReplies) throw std::runtime_error("lost");
    return first + kBatch;
  }

  static constexpr long kBatch = 20;
  std::atomic<int>& port_;
  std::atomic<bool> stopping_{false};
  std::atomic<long> answered_{0};
  std::mutex mutex_;
  std::set<long> kept_;
  std::set<long> deleted_;
  std::vector<std::thread> threads_;
};

// The processes of the sessions that the log calls open.
std::vector<pid_t> sessions(const std::string& log) {
  std::map<std::string, pid_t> open;
  for (std::size_t at = log.find(" session "); at != log.npos; at = log.find(" session ", at + 1)) {
    const std::string line = log.substr(at, log.find('\n', at) - at);
    const std::string number = line.substr(9, line.find(' ', 9) - 9);
    const std::size_t pid = line.find("pid=");
    if (pid != line.npos)
      open[number] = static_cast<pid_t>(std::atoi(line.c_str() + pid + 4));
    else
      open.erase(number);
  }
  std::vector<pid_t> pids;
  for (const auto& [number, pid] : open)
    if (pid > 1) pids.push_back(pid);
  return pids;
}

void expect_valid(const std::string& text) {
  EXPECT_TRUE(text.starts_with("# talk store 1"));
  std::size_t start = text.find('\n') + 1;
  for (std::size_t end; (end = text.find('\n', start)) != text.npos; start = end + 1) {
    const std::string line = text.substr(start, end - start);
    const std::size_t blank = line.rfind(' ');
    const bool put =
        line.starts_with("put ") && line.substr(blank + 1) == "v" + line.substr(4, blank - 4);
    EXPECT_TRUE(put || line.starts_with("del ")) << line;
  }
}

TEST(StoreCrash, AHundredKillsLoseNothingThatWasAnsweredOk) {
  const TempDir directory;
  const std::vector<std::string> options = {"--handler", "store"};
  auto server = std::make_unique<Server>(options, directory.path());
  std::atomic<int> port{server->port()};
  Load load(4, port);
  std::mt19937 random(7);
  for (int kill = 0; kill < 100; ++kill) {
    const long before = load.answered();
    const long some = 1 + static_cast<long>(random() % 2000);
    ASSERT_TRUE(wait_until([&] { return load.answered() >= before + some; })) << kill;
    const std::vector<pid_t> pids = sessions(server->process().err());
    if (kill % 10 == 9) {
      server->process().signal(SIGKILL);  // its sessions go on, beside those of the next one
      server->process().exit_code();
      server = std::make_unique<Server>(options, directory.path());
      port = server->port();
      for (const pid_t pid : pids) ::kill(pid, SIGKILL);
    } else if (!pids.empty()) {
      const pid_t pid = pids[random() % pids.size()];
      ::kill(kill % 2 == 0 ? pid : -pid, SIGKILL);  // with its compaction, if it has one
    }
  }
  load.stop();
  Peer peer(port);
  std::string requests, replies;
  for (const long key : load.kept()) {
    requests += "get " + std::to_string(key) + "\n";
    replies += "v" + std::to_string(key) + "\n";
  }
  for (const long key : load.deleted()) {
    requests += "get " + std::to_string(key) + "\n";
    replies += "Key not found\n";
  }
  std::thread asking([&] { peer.send(requests); });
  EXPECT_TRUE(wait_until([&] { return peer.received().size() >= replies.size(); }));
  asking.join();
  EXPECT_TRUE(peer.received() == replies);
  server.reset();
  expect_valid(read_file(directory / "database.txt"));
}

}  // namespace
}  // namespace talk::test
