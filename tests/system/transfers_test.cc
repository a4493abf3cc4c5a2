// Two ends of a session whose frames go straight from one to the other, with real files.
#include "common/session/transfers.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <random>
#include <sstream>

#include "common/wire/frame.h"
#include "common/wire/integers.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

namespace fs = std::filesystem;

class Directory {
 public:
  Directory() {
    std::string name = (fs::temp_directory_path() / "talk-transfers-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
    path_ = name;
  }
  ~Directory() { fs::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;

  fs::path operator/(const std::string& name) const { return path_ / name; }
  std::string text() const { return path_.string(); }

 private:
  fs::path path_;
};

std::string random_bytes(std::size_t count, unsigned seed = 1) {
  std::mt19937_64 random(seed);
  std::string bytes;
  bytes.reserve(count + 8);
  while (bytes.size() < count) put_integer(bytes, static_cast<std::uint64_t>(random()));
  bytes.resize(count);
  return bytes;
}

void write_file(const fs::path& path, const std::string& bytes) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> names_in(const fs::path& path) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(path))
    if (!entry.is_directory()) names.push_back(fs::relative(entry.path(), path).string());
  std::sort(names.begin(), names.end());
  return names;
}

// One chair: its transfers and what it was told.
struct End_ {
  explicit End_(Transfers::Options options) : transfers(std::move(options)) {}

  void note() {
    for (auto& event : transfers.take_events()) {
      failures += event.kind == Transfers::Event::Kind::failure;
      said += event.text + "\n";
    }
  }

  Transfers transfers;
  FrameReader reader;
  std::string said;
  int failures = 0;
  std::uint64_t data_sent = 0;  // bytes of files
};

void deliver(End_& to, std::string_view bytes) {
  to.reader.feed(bytes);
  while (const auto frame = to.reader.next()) {
    if (frame->tag == 'D')
      to.transfers.receive_data(frame->transfer, frame->payload, Clock::now());
    else
      to.transfers.receive(decode(frame->tag, frame->payload), Clock::now());
  }
}

class Link {
 public:
  Link(End_& desk, End_& visitor) : desk_(desk), visitor_(visitor) {}

  // Moves frames until `finished`, or until the link is cut: `cut_after` bytes of file data.
  void run(const std::function<bool()>& finished, std::uint64_t cut_after = UINT64_MAX) {
    const Time deadline = Clock::now() + seconds(30);
    sigset_t mask;
    ::sigprocmask(SIG_SETMASK, nullptr, &mask);
    while (!finished()) {
      ASSERT_LT(Clock::now(), deadline) << desk_.said << visitor_.said;
      bool moved = move(desk_, visitor_, cut_after);
      moved = move(visitor_, desk_, cut_after) || moved;
      if (cut_) return;
      WaitSet wait;
      desk_.transfers.prepare(wait, Clock::now());
      visitor_.transfers.prepare(wait, Clock::now());
      wait.wake_by(Clock::now() + (moved ? milliseconds(0) : milliseconds(100)));
      wait.wait(mask);
      desk_.transfers.turn(wait, Clock::now());
      visitor_.transfers.turn(wait, Clock::now());
      desk_.note();
      visitor_.note();
    }
  }

  void run_until_idle() {
    run([this] { return desk_.transfers.idle() && visitor_.transfers.idle(); });
  }

  std::size_t most = 100'000;

 private:
  bool move(End_& from, End_& to, std::uint64_t cut_after) {
    const std::string control = from.transfers.take_control();
    deliver(to, control);
    if (!from.transfers.has_data()) return !control.empty();
    std::string_view frame = from.transfers.next_data(most, Clock::now());
    if (frame.empty()) return true;
    const std::uint64_t count = frame.size() - 9;
    if (from.data_sent + count >= cut_after) {
      frame.remove_suffix(from.data_sent + count - cut_after);
      cut_ = true;
    }
    from.data_sent += count;
    for (; !frame.empty(); frame.remove_prefix(std::min<std::size_t>(frame.size(), 7'777)))
      deliver(to, frame.substr(0, 7'777));
    return true;
  }

  End_& desk_;
  End_& visitor_;
  bool cut_ = false;
};

class TransfersTest : public ::testing::Test {
 protected:
  Transfers::Options desk_options() {
    Transfers::Options options;
    options.even_numbers = true;
    options.take_without_asking = true;
    options.directory = desk_directory.text();
    return options;
  }
  Transfers::Options visitor_options() {
    Transfers::Options options;
    options.directory = visitor_directory.text();
    return options;
  }
  void connect() { connect(desk_options(), visitor_options()); }
  void connect(Transfers::Options for_desk, Transfers::Options for_visitor) {
    desk = std::make_unique<End_>(std::move(for_desk));
    visitor = std::make_unique<End_>(std::move(for_visitor));
    desk->transfers.set_peer("alice");
    visitor->transfers.set_peer("prof");
    link = std::make_unique<Link>(*desk, *visitor);
  }
  void send(const std::string& path) { visitor->transfers.send({path}, Clock::now()); }

  Directory desk_directory;
  Directory visitor_directory;
  Directory files;
  std::unique_ptr<End_> desk;
  std::unique_ptr<End_> visitor;
  std::unique_ptr<Link> link;
};

TEST_F(TransfersTest, AFileArrivesUnderItsNameAndBothAreTold) {
  const std::string bytes = random_bytes(5'000'001);
  write_file(files / "notes.pdf", bytes);
  connect();
  send(files / "notes.pdf");
  link->run_until_idle();
  EXPECT_EQ(names_in(desk_directory.text()), std::vector<std::string>{"notes.pdf"});
  EXPECT_EQ(read_file(desk_directory / "notes.pdf"), bytes);
  EXPECT_NE(visitor->said.find("prof has stored notes.pdf (4.8 MiB)\n"), std::string::npos)
      << visitor->said;
  EXPECT_NE(desk->said.find("notes.pdf (4.8 MiB) from alice is stored as"), std::string::npos)
      << desk->said;
  EXPECT_EQ(visitor->failures + desk->failures, 0);
}

TEST_F(TransfersTest, NothingIsOverwritten) {
  write_file(files / "x.tar.gz", "new");
  write_file(desk_directory / "x.tar.gz", "old");
  connect();
  send(files / "x.tar.gz");
  send(files / "x.tar.gz");
  link->run_until_idle();
  EXPECT_EQ(names_in(desk_directory.text()),
            (std::vector<std::string>{"x-2.tar.gz", "x-3.tar.gz", "x.tar.gz"}));
  EXPECT_EQ(read_file(desk_directory / "x.tar.gz"), "old");
}

TEST_F(TransfersTest, AVisitorIsAskedFirst) {
  write_file(files / "notes.pdf", random_bytes(100));
  connect();
  desk->transfers.send({files / "notes.pdf"}, Clock::now());
  link->run([&] { return visitor->said.find("/accept 2 or /refuse 2") != std::string::npos; });
  EXPECT_TRUE(names_in(visitor_directory.text()).empty());
  visitor->transfers.accept(std::nullopt, Clock::now());
  link->run_until_idle();
  EXPECT_EQ(names_in(visitor_directory.text()), std::vector<std::string>{"notes.pdf"});
}

TEST_F(TransfersTest, ACutLinkIsResumedWhereItStopped) {
  const std::string bytes = random_bytes(6'000'000);
  write_file(files / "big", bytes);
  std::uint64_t sent = 0;
  for (const std::uint64_t cut : {1ull, 1'000'000ull, 2'500'000ull}) {
    connect();
    send(files / "big");
    link->run([] { return false; }, cut);
    desk->transfers.end(true);
    EXPECT_TRUE(names_in(desk_directory.text()).empty() ||
                names_in(desk_directory.text())[0].starts_with(".talk-"));
    sent += visitor->data_sent;
  }
  connect();
  send(files / "big");
  link->run_until_idle();
  sent += visitor->data_sent;
  EXPECT_EQ(names_in(desk_directory.text()), std::vector<std::string>{"big"});
  EXPECT_EQ(read_file(desk_directory / "big"), bytes);
  EXPECT_LE(sent, bytes.size() + 3 * (1 << 20));
}

}  // namespace
}  // namespace talk
