// The store with a fault at each of its system calls in turn: a kill, a full disk, a broken one.
// What was answered OK is there, what was refused is not, a person's words are kept, and whoever
// was there or comes next can go on.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/process.h"
#include "tests/support/small_disk.h"
#include "tests/support/store_client.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOurs =
    "# talk store 1: put KEY VALUE and del KEY, in order; an unfinished last line does not count\n";
constexpr const char* kAbsent = "Key not found";

struct Scenario {
  std::string name;
  std::string database;
  bool full = false;  // the disk, once it is open
  std::string words;  // a person's, that must not be lost
};

std::string numbered(const char* verb, int from, int to, const std::string& value) {
  std::string lines;
  for (int key = from; key < to; ++key) lines += verb + (" " + std::to_string(key)) + value + "\n";
  return lines;
}

std::vector<Scenario> scenarios() {
  const std::string two = "put 1 a\nput 2 b\n";
  const std::string large = " " + std::string(60'000, 'v');
  const std::string small = " " + std::string(600, 'v');
  return {
      {"half a line at its end", kOurs + two + "put 50 half", false, "put 50 half"},
      {"another program's", "1 a\n2 b\na note\n", false, "a note"},
      {"compacted by a process of its own",
       kOurs + two + "a note\n" + numbered("put", 100, 130, large) + numbered("del", 100, 130, ""),
       false, "a note"},
      {"room is made on a full disk",
       kOurs + numbered("put", 100, 600, small) + numbered("del", 100, 590, "") + two, true, ""},
  };
}

// One database, one session that meets the fault, and what may be in it afterwards.
class Ordeal {
 public:
  Ordeal(const Scenario& scenario, const std::string& call, const std::string& fault, bool watched)
      : full_(scenario.full),
        broken_sync_(call.find("sync") != call.npos && fault.starts_with("error")),
        words_(scenario.words) {
    write_file(disk_ / "database.txt", scenario.database);
    if (watched || full_) open();
    if (full_) fill_disk();
    if (!watched) watcher_.reset(), sound_.reset();
    meet(call, fault);
    if (!watched) open();
    expect_possible("by who was there");
    expect_goes_on();
    forget_index();
    open();
    expect_possible("by the log alone");
    expect_goes_on();
    const std::string kept = text("") + text(".unread") + text(".original");
    EXPECT_NE(kept.find(words_), kept.npos) << kept.substr(0, 500);
  }

  bool met() const { return met_; }

 private:
  void open() {
    watcher_.reset();
    sound_ = std::make_unique<Server>(std::vector<std::string>{"--handler", "store"}, disk_.path());
    watcher_.emplace(sound_->port());
    EXPECT_NE(watcher_->ask("get 1"), "");
  }

  void fill_disk() {
    std::string balloon(std::size_t{8} << 20, 'x');
    try {
      write_file(disk_ / "balloon", balloon);
    } catch (const std::exception&) {
    }
  }

  void meet(const std::string& call, const std::string& fault) {
    const std::string trace = scripts_ / "trace";
    Server faulty(
        {"--handler", write_script(scripts_ / "handler",
                                   "#!/bin/sh\nexec strace -f -o " + trace + " -e trace=" + call +
                                       " -e inject=" + call + ":" + fault + " " +
                                       program("store_handler") + " \"$1\"\n")},
        disk_.path());
    {
      StoreClient unlucky(faulty.port());
      for (const char* request : {"put 3 c", "del 1", "get 2", "put 4 d", "del 4"})
        if (!take(request, unlucky.ask(request))) break;
    }
    EXPECT_TRUE(faulty.logs("session 1 closed"));
    const std::string calls = fs::exists(trace) ? read_file(trace) : "";
    met_ = calls.find("INJECTED") != calls.npos || calls.find("SIGKILL") != calls.npos;
  }

  // False: there is nothing more to come.
  bool take(const std::string& request, const std::string& reply) {
    const int key = request[4] - '0';
    const std::set<std::string> before = possible_[key];
    const std::string after = request[0] == 'p' ? request.substr(6) : kAbsent;
    if (request[0] == 'g') {
      EXPECT_TRUE(reply.empty() || reply.starts_with("Cannot") || before.contains(reply)) << reply;
    } else if (reply == "OK") {
      possible_[key] = {after};
    } else if (reply.empty()) {
      possible_[key].insert(after);
    } else {
      EXPECT_TRUE(reply.starts_with("Cannot") || (key == 4 && reply == kAbsent)) << reply;
    }
    return !reply.empty() && !reply.starts_with("Cannot open");
  }

  void expect_possible(const char* how) {
    for (auto& [key, values] : possible_) {
      const std::string found = watcher_->ask("get " + std::to_string(key));
      EXPECT_TRUE(values.contains(found)) << how << ": " << key << " is " << found;
      values = {found};
    }
  }

  // A log that could not be synced is written anew, for which a full disk has no room.
  void expect_goes_on() {
    if (full_) {
      const std::string reply = watcher_->ask("del 2");
      EXPECT_TRUE(reply == "OK" || (broken_sync_ && reply == "Cannot store: disk full")) << reply;
      if (reply == "OK") possible_[2] = {kAbsent};
      fs::remove(disk_ / "balloon");
      full_ = false;
    }
    EXPECT_EQ(watcher_->ask("put 9 i"), "OK");
    EXPECT_EQ(watcher_->ask("del 9"), "OK");
  }

  // As a power cut does.
  void forget_index() {
    watcher_.reset();
    sound_.reset();
    for (const auto& entry : fs::directory_iterator(disk_.path()))
      if (entry.path().filename().string().starts_with(".database")) fs::remove(entry.path());
  }

  std::string text(const std::string& suffix) {
    const std::string path = disk_ / "database.txt" + suffix;
    return fs::exists(path) ? read_file(path) : "";
  }

  SmallDisk disk_{"size=6m"};
  TempDir scripts_;
  std::unique_ptr<Server> sound_;
  std::optional<StoreClient> watcher_;
  std::map<int, std::set<std::string>> possible_{
      {1, {"a"}}, {2, {"b"}}, {3, {kAbsent}}, {4, {kAbsent}}};
  bool full_;
  const bool broken_sync_;
  const std::string words_;
  bool met_ = false;
};

class StorePoints : public testing::TestWithParam<std::string> {};

TEST_P(StorePoints, AFaultLosesNothingAndLocksNobodyOut) {
  if (!SmallDisk("size=1m").mounted()) GTEST_SKIP() << kNoMount;
  int points = 0;
  for (const Scenario& scenario : scenarios()) {
    for (const std::string fault : {"signal=KILL", "error=EIO", "error=ENOSPC"}) {
      for (const bool watched : {true, false}) {
        if (!watched && fault != "signal=KILL") continue;  // it differs in who finds what is left
        bool met = true;
        for (int when = 1; met; ++when) {
          const std::string how = fault + ":when=" + std::to_string(when);
          SCOPED_TRACE(scenario.name + ", " + GetParam() + ":" + how +
                       (watched ? ", watched" : ""));
          met = Ordeal(scenario, GetParam(), how, watched).met();
          points += met ? 1 : 0;
          if (HasFatalFailure() || when > 60) break;
        }
      }
    }
  }
  EXPECT_GT(points, 0);
}

INSTANTIATE_TEST_SUITE_P(Calls, StorePoints,
                         testing::Values("pwrite64", "write", "ftruncate", "fdatasync", "fsync",
                                         "renameat", "unlinkat", "fallocate", "linkat"));

}  // namespace
}  // namespace talk::test
