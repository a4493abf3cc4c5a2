// What whoever takes over a session's process can still do: the system calls are made from inside
// of the real handlers, as an ordinary user and as root, and on kernels that can refuse less.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/taken_over.h"
#include "tests/support/temp_dir.h"

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace talk::test {
namespace {

namespace fs = std::filesystem;
using Word = TakenOver::Word;

constexpr char kLandlock[] = "444,445,446";
constexpr char kBoth[] = "444,445,446,317";  // and seccomp(2)

std::string without_calls() { return fs::absolute("tests/tools/without_calls"); }

struct Kernel {
  std::string lacks;  // numbers of system calls
  bool ordinary_user = false;
};

// A server in a place where it has something to lose.
class House {
 public:
  House(const std::string& handler, const Kernel& kernel, const std::string& confine = "auto") {
    fs::permissions(place_.path(), fs::perms::all);
    for (const char* directory : {"dir", "home", "home/.ssh"}) {
      fs::create_directory(place_ / directory);
      fs::permissions(place_ / directory, fs::perms::all);
    }
    write_file(place_ / "home/.ssh/id_rsa", "secret");
    fs::create_symlink(place_ / "home", place_ / "dir/out");
    std::vector<std::string> command;
    if (!kernel.lacks.empty()) command = {without_calls(), kernel.lacks};
    if (kernel.ordinary_user)
      command.insert(command.end(),
                     {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
    command.insert(command.end(),
                   {program("talk_server"), "--bind", "127.0.0.1", "--handler", handler,
                    "--terminal", "none", "--confine", confine, "0", place_ / "dir"});
    Process::Options options;
    options.environment = {{"HOME", place_ / "home"}, {"SECRET_TOKEN", "1234"}};
    process_ = std::make_unique<Process>(command, options);
    if (!process_->says("\n")) throw std::runtime_error("no server: " + process_->err());
    port_ = std::stoi(process_->out().substr(process_->out().rfind(':') + 1));
  }
  ~House() {
    process_->signal(SIGTERM);
    process_->exit_code(seconds(10));
  }

  int port() const { return port_; }
  Process& server() { return *process_; }
  std::string operator/(const std::string& name) const { return place_ / name; }
  pid_t session(int number) {
    const std::string opened = " session " + std::to_string(number) + " opened ";
    if (!process_->complains(opened)) throw std::runtime_error("never logged:" + opened);
    const std::string& log = process_->err();
    return std::stoi(log.substr(log.find(" pid=", log.find(opened)) + 5));
  }

 private:
  TempDir place_;
  std::unique_ptr<Process> process_;
  int port_ = 0;
};

struct Attempt {
  std::string what;
  long result;
};

bool refused(const Attempt& attempt) {
  return attempt.result == -EPERM || attempt.result == -EACCES || attempt.result == -ENOSYS;
}

std::vector<Attempt> at_files(TakenOver& process, const House& house, pid_t neighbour) {
  const auto open = [&](const std::string& path, Word flags) {
    return process.call(SYS_openat, {static_cast<Word>(AT_FDCWD), process.put(path), flags, 0600});
  };
  const auto make = [&](const std::string& path, Word mode) {
    return process.call(SYS_openat, {static_cast<Word>(AT_FDCWD), process.put(path),
                                     O_WRONLY | O_CREAT | O_EXCL, mode});
  };
  return {
      {"write outside", open(house / "stolen", O_WRONLY | O_CREAT)},
      {"write into the home", open(house / "home/.bashrc", O_WRONLY | O_CREAT)},
      {"read a hidden file", open(house / "home/.ssh/id_rsa", O_RDONLY)},
      {"leave DIR by a link", open(house / "dir/out/.ssh/id_rsa", O_RDONLY)},
      {"leave DIR by dots", open(house / "dir/../home/.ssh/id_rsa", O_RDONLY)},
      {"read /etc", open("/etc/passwd", O_RDONLY)},
      {"list the home", open(house / "home", O_RDONLY | O_DIRECTORY)},
      {"reach a neighbour's memory", open("/proc/" + std::to_string(neighbour) + "/mem", O_RDWR)},
      {"read its own environment", open("/proc/self/environ", O_RDONLY)},
      {"make a program", make(house / "dir/tool", 0755)},
      {"make a program with its owner's rights", make(house / "dir/tool", 04600)},
      {"make a directory that gives its group",
       process.call(SYS_mkdirat,
                    {static_cast<Word>(AT_FDCWD), process.put(house / "dir/below"), 02777})},
  };
}

std::vector<Attempt> at_the_system(TakenOver& process, pid_t neighbour, pid_t listener) {
  const Word other = static_cast<Word>(neighbour);
  const Word memory = process.put(std::string(16, '\0'));
  return {
      {"fork", process.call(SYS_fork)},
      {"vfork", process.call(SYS_vfork)},
      {"clone into a user namespace", process.call(SYS_clone, {CLONE_NEWUSER | SIGCHLD})},
      {"clone3", process.call(SYS_clone3, {memory, 88})},
      {"execve", process.call(SYS_execve, {process.put("/bin/true")})},
      {"execveat", process.call(SYS_execveat, {0, memory, 0, 0, 0x1000})},
      {"a TCP socket", process.call(SYS_socket, {AF_INET, SOCK_STREAM})},
      {"a Unix socket, to X", process.call(SYS_socket, {AF_UNIX, SOCK_STREAM})},
      {"a raw socket", process.call(SYS_socket, {AF_NETLINK, SOCK_RAW})},
      {"connect", process.call(SYS_connect, {3, memory, 16})},
      {"bind", process.call(SYS_bind, {3, memory, 16})},
      {"listen", process.call(SYS_listen, {3, 5})},
      {"ptrace a neighbour", process.call(SYS_ptrace, {PTRACE_SEIZE, other})},
      {"read a neighbour", process.call(SYS_process_vm_readv, {other})},
      {"a neighbour's handle", process.call(SYS_pidfd_open, {other})},
      {"signal a neighbour", process.call(SYS_kill, {other, SIGTERM})},
      {"signal a neighbour's thread", process.call(SYS_tgkill, {other, other, SIGTERM})},
      {"signal the listener", process.call(SYS_kill, {static_cast<Word>(listener), SIGTERM})},
      {"signal everybody", process.call(SYS_kill, {~Word{0}, SIGTERM})},
      {"have a neighbour signalled", process.call(SYS_fcntl, {0, F_SETOWN, other})},
      {"limit the listener", process.call(SYS_prlimit64, {static_cast<Word>(listener), 0, memory})},
      {"type into a terminal", process.call(SYS_ioctl, {0, TIOCSTI, memory})},
      {"code of its own", process.call(SYS_mmap, {0, 4096, PROT_READ | PROT_EXEC,
                                                  MAP_PRIVATE | MAP_ANONYMOUS, ~Word{0}})},
      {"memory that is not its own",
       process.call(SYS_mmap,
                    {0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, ~Word{0}})},
      {"change the mode of what it has open", process.call(SYS_fchmod, {0, 0666})},
      {"change the mode of a file",
       process.call(SYS_fchmodat, {static_cast<Word>(AT_FDCWD), memory, 0666})},
      {"a filter of a socket",
       process.call(SYS_setsockopt, {3, SOL_SOCKET, SO_ATTACH_FILTER, memory, 16})},
      {"be another user", process.call(SYS_setuid, {0})},
      {"mount", process.call(SYS_mount, {memory, memory})},
      {"chroot", process.call(SYS_chroot, {process.put("/")})},
      {"io_uring", process.call(SYS_io_uring_setup, {1, memory})},
      {"bpf", process.call(SYS_bpf, {0, memory, 16})},
  };
}

void expect_refused(const std::vector<Attempt>& attempts) {
  for (const Attempt& attempt : attempts)
    EXPECT_TRUE(refused(attempt)) << attempt.what << ": " << attempt.result;
}

struct Served {
  std::string handler;
  std::string asks;     // what a visitor says…
  std::string answers;  // …and hears, also behind all attempts
};

const std::vector<Served> kServed = {{"echo", "hello\n", "hello"},
                                     {"store", "put 1 one\nget 1\n", "one"},
                                     {"fetch", "missing\n", "NO not found"},
                                     {"upload", "", ""},
                                     {"accio", "", ""},
                                     {"talk", "hello\n", ""}};

class Confinement : public testing::TestWithParam<bool> {
 protected:
  // Without Landlock files are as open as they are to the user; only those have none who need none.
  void attack(const Kernel& kernel, const Served& served) {
    SCOPED_TRACE(served.handler);
    if (kernel.ordinary_user && ::geteuid() != 0) GTEST_SKIP() << "not the one to choose a user";
    House house(served.handler, kernel);
    Peer visitor(house.port());
    Peer neighbour(house.port());
    visitor.send(served.asks);
    ASSERT_TRUE(served.answers.empty() || visitor.hears(served.answers)) << house.server().err();
    const pid_t session = house.session(1);
    const pid_t other = house.session(2);
    {
      TakenOver taken(session);
      std::vector<Attempt> attempts = at_the_system(taken, other, house.server().pid());
      if (served.handler == "store") attempts.erase(attempts.begin());  // it forks to compact
      expect_refused(attempts);
      if (kernel.lacks.empty() || served.handler == "echo")
        expect_refused(at_files(taken, house, other));
    }
    visitor.forget();
    visitor.send(served.asks);
    EXPECT_TRUE(served.answers.empty() || visitor.hears(served.answers));
    EXPECT_EQ(kernel.lacks.empty(),
              house.server().err().find("less confined") == std::string::npos);
  }
};

TEST_P(Confinement, NothingIsLeftToOneWhoTakesAHandlerOver) {
  for (const Served& served : kServed) attack({"", GetParam()}, served);
}

TEST_P(Confinement, WithoutLandlockSystemCallsAreStillRefused) {
  for (const Served& served : kServed) attack({kLandlock, GetParam()}, served);
}

TEST_P(Confinement, WithoutBothTheServerRunsAndSaysSo) {
  House house("echo", {kBoth, GetParam()});
  Peer visitor(house.port());
  visitor.send("hello\n");
  EXPECT_TRUE(visitor.hears("hello"));
  EXPECT_TRUE(house.server().complains("less confined")) << house.server().err();
}

INSTANTIATE_TEST_SUITE_P(Users, Confinement, testing::Values(false, true),
                         [](const auto& user) { return user.param ? "Ordinary" : "Own"; });

TEST(ConfinementModes, WhatIsRequiredAndMissingKeepsTheServerFromStarting) {
  const TempDir directory;
  Process server({without_calls(), kLandlock, program("talk_server"), "--bind", "127.0.0.1",
                  "--handler", "echo", "--confine", "require", "0", directory.path()});
  EXPECT_EQ(server.exit_code(), 1);
  EXPECT_TRUE(server.err().starts_with("ERROR: ")) << server.err();
  EXPECT_NE(server.err().find("Landlock"), std::string::npos) << server.err();
}

TEST(ConfinementModes, OffLeavesEverything) {
  House house("fetch", {}, "off");
  Peer visitor(house.port());
  TakenOver taken(house.session(1));
  const std::string path = house / "home/.ssh/id_rsa";
  EXPECT_GE(taken.call(SYS_openat, {static_cast<Word>(AT_FDCWD), taken.put(path), O_RDONLY}), 0);
}

// Root reaches the files of a DIR that is another user's, and has none of its other powers.
TEST(ConfinementModes, OfRootsPowersTheWayToFilesIsLeft) {
  if (::geteuid() != 0) GTEST_SKIP() << "not root";
  for (const Served& served : kServed) {
    SCOPED_TRACE(served.handler);
    House house(served.handler, {});
    const std::string directory = house / "dir";
    ASSERT_EQ(::chown(directory.c_str(), 65534, 65534), 0);
    fs::permissions(directory, fs::perms::owner_all);
    Peer visitor(house.port());
    visitor.send(served.asks);
    ASSERT_TRUE(served.answers.empty() || visitor.hears(served.answers)) << visitor.received();
    const std::string status = "/proc/" + std::to_string(house.session(1)) + "/status";
    const std::string left = served.handler == "echo" ? "0" : "2";  // CAP_DAC_OVERRIDE
    for (const std::string set : {"CapInh", "CapPrm", "CapEff"}) {
      const std::string line = set + ":\t" + std::string(15, '0') + (set == "CapInh" ? "0" : left);
      EXPECT_TRUE(wait_until([&] { return read_file(status).find(line) != std::string::npos; }))
          << read_file(status);
    }
  }
}

TEST(ConfinementModes, AHomeWithinReachIsSaidAtTheStart) {
  const TempDir home;
  Process::Options options;
  options.environment = {{"HOME", home.path()}};
  Server talk({"--terminal", "none"}, home.path(), options);
  EXPECT_TRUE(talk.logs("sessions have a home within reach dir=\"" + home.path().string()))
      << talk.log();
  Server echo({"--handler", "echo"}, home.path(), options);
  Peer visitor(echo.port());
  EXPECT_TRUE(echo.logs("session 1 opened"));
  EXPECT_EQ(echo.log().find("within reach"), std::string::npos) << echo.log();
}

// The monitor does what it is asked by one who may have been taken over, and might be next.
TEST_P(Confinement, NothingIsLeftToOneWhoTakesAMonitorOver) {
  if (GetParam() && ::geteuid() != 0) GTEST_SKIP() << "not the one to choose a user";
  House house("talk", {"", GetParam()});
  Peer visitor(house.port());
  Peer neighbour(house.port());
  const std::string token(32, '0');
  visitor.send("TALK/1 name=alice session=7-" + token + " got=0\r\n");  // so the monitor is asked
  ASSERT_TRUE(house.server().complains("session 1 is name=\"alice\"")) << house.server().err();
  const std::vector<pid_t> monitors = children_of(house.session(1));
  ASSERT_EQ(monitors.size(), 1u);
  TakenOver taken(monitors.front());
  std::vector<Attempt> attempts = at_the_system(taken, house.session(2), house.server().pid());
  std::erase_if(attempts, [](const Attempt& attempt) {  // that is how it hands a call over
    return attempt.what == "connect" || attempt.what == "a Unix socket, to X";
  });
  expect_refused(attempts);
  expect_refused(at_files(taken, house, house.session(2)));
}

// One who had taken an upload over emptied the file that the server logged into.
TEST(ConfinementModes, TheLogIsOutOfReach) {
  const TempDir place;
  const std::string log = place / "log";
  fs::create_directory(place / "dir");
  Process server({"sh", "-c", "exec \"$@\" 2> \"$0\"", log, program("talk_server"), "--bind",
                  "127.0.0.1", "--handler", "upload", "0", place / "dir"});
  ASSERT_TRUE(server.says("\n"));
  Peer visitor(std::stoi(server.out().substr(server.out().rfind(':') + 1)));
  const auto at = [&](const std::string& words) { return read_file(log).find(words); };
  ASSERT_TRUE(wait_until([&] { return at(" pid=") != std::string::npos; }));
  const std::string before = read_file(log);
  {
    TakenOver taken(std::stoi(before.substr(at(" pid=") + 5)));
    EXPECT_LT(taken.call(SYS_ftruncate, {2, 0}), 0);
    EXPECT_LT(taken.call(SYS_lseek, {2, 0, SEEK_SET}), 0);
    EXPECT_LT(taken.call(SYS_fallocate, {2, 3, 0, 20}), 0);  // a hole
    EXPECT_LT(taken.call(SYS_read, {2, taken.put(" "), 1}), 0);
    EXPECT_EQ(taken.call(SYS_write, {2, taken.put("said\n"), 5}), 5);
  }
  EXPECT_TRUE(wait_until([&] { return read_file(log) == before + "said\n"; })) << read_file(log);
  server.signal(SIGTERM);
  EXPECT_EQ(server.exit_code(), 0);
  EXPECT_NE(at("stopping sessions=1"), std::string::npos) << read_file(log);
}

// A person's tokens stood in the environment of every session.
TEST(ConfinementModes, AHandlersEnvironmentIsAListOfNames) {
  for (const Served& served : kServed) {
    SCOPED_TRACE(served.handler);
    House house(served.handler, {});
    Peer visitor(house.port());
    const std::string environment = "/proc/" + std::to_string(house.session(1)) + "/environ";
    std::string variables;  // the kernel shows none while the program begins
    ASSERT_TRUE(wait_until([&] { return !(variables = read_file(environment)).empty(); }));
    EXPECT_EQ(variables.find("SECRET_TOKEN"), std::string::npos);
    EXPECT_NE(variables.find("TALK_SESSION=1"), std::string::npos);
  }
}

}  // namespace
}  // namespace talk::test

#endif
