// The recipes of the manual, run for real: ssh and TLS on the way to a server (--via), HAProxy
// before several (--proxy-protocol). Each program is the test's own, with keys made by it.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/posix/address.h"
#include "common/posix/listen.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using Words = std::vector<std::string>;

void run(const Words& command) {
  Process process(command);
  ASSERT_EQ(process.exit_code(seconds(60)), 0) << command[0] << ": " << process.err();
}

// For programs that cannot be asked which one the system chose.
int free_port() { return local_address(listen_on("127.0.0.1", 0).get()).port; }

bool answers(int port) {
  return wait_until([&] {
    try {
      return Peer(port).fd() >= 0;
    } catch (const std::exception&) {
      return false;
    }
  });
}

class Recipes : public testing::Test {
 protected:
  // A talk and a file through `via`.
  void expect_all_goes(const std::string& via, const std::string& host, int port) {
    write_file(dir_ / "file", std::string(2 << 20, 'x'));
    Process sender({program("talk_client"), "--via", via, "--send", dir_ / "file", host,
                    std::to_string(port)});
    EXPECT_EQ(sender.exit_code(seconds(60)), 0) << sender.err();
    EXPECT_EQ(read_file(files_ / "file"), read_file(dir_ / "file"));
    Process talker({program("talk_client"), "--via", via, host, std::to_string(port)});
    talker.type("hello\n");
    talker.end_input();
    EXPECT_EQ(talker.exit_code(seconds(60)), 0) << talker.err();
    EXPECT_TRUE(server_.logs("is name="));
  }

  void expect_refused(const std::string& via, const std::string& host, int port,
                      const std::string& why) {
    Process talker({program("talk_client"), "--via", via, host, std::to_string(port)});
    EXPECT_EQ(talker.exit_code(seconds(60)), 3);
    EXPECT_NE(talker.err().find(why), std::string::npos) << talker.err();
    EXPECT_EQ(talker.err().substr(0, 7), "ERROR: ");
  }

  TempDir dir_;
  TempDir files_;
  Server server_{{"-t", "none", "-n", "prof"}, files_.path()};
};

TEST_F(Recipes, Ssh) {
  if (::geteuid() == 0) ::mkdir("/run/sshd", 0755);  // which it wants where root starts it
  for (const char* key : {"host", "user", "other"})
    run({"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", dir_ / key});
  const int port = free_port();
  const std::string at = std::to_string(port);
  write_file(dir_ / "config", "Port " + at + "\nListenAddress 127.0.0.1\nHostKey " +
                                  (dir_ / "host") + "\nAuthorizedKeysFile " + (dir_ / "user.pub") +
                                  "\nPidFile none\nStrictModes no\nUsePAM no\n");
  Process sshd({"/usr/sbin/sshd", "-D", "-e", "-f", dir_ / "config"});
  ASSERT_TRUE(answers(port)) << sshd.err();
  write_file(dir_ / "known", "[127.0.0.1]:" + at + " " + read_file(dir_ / "host.pub"));
  write_file(dir_ / "wrong", "[127.0.0.1]:" + at + " " + read_file(dir_ / "other.pub"));
  const auto via = [&](const std::string& key, const std::string& known) {
    return "ssh -F none -o BatchMode=yes -o IdentitiesOnly=yes -o UserKnownHostsFile=" +
           (dir_ / known) + " -i " + (dir_ / key) + " -p " + at + " -W localhost:%p %h";
  };
  expect_all_goes(via("user", "known"), "127.0.0.1", server_.port());
  expect_refused(via("other", "known"), "127.0.0.1", server_.port(), "Permission denied");
  expect_refused(via("user", "wrong"), "127.0.0.1", server_.port(), "verification failed");
}

TEST_F(Recipes, Tls) {
  run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
       "-keyout", dir_ / "key", "-out", dir_ / "cert", "-days", "2", "-subj", "/CN=127.0.0.1",
       "-addext", "subjectAltName=IP:127.0.0.1"});
  const int port = free_port();
  write_file(dir_ / "config",
             "foreground = yes\npid =\n[talk]\naccept = 127.0.0.1:" + std::to_string(port) +
                 "\nconnect = 127.0.0.1:" + std::to_string(server_.port()) +
                 "\ncert = " + (dir_ / "cert") + "\nkey = " + (dir_ / "key") + "\n");
  Process stunnel({"stunnel", dir_ / "config"});
  ASSERT_TRUE(answers(port)) << stunnel.err();
  const std::string via = "openssl s_client -quiet -verify_return_error -connect %h:%p";
  expect_all_goes(via + " -CAfile " + (dir_ / "cert"), "127.0.0.1", port);
  expect_refused(via, "127.0.0.1", port, "openssl ended with exit code 1");
}

// Two desks share an address; one is stopped, and visitors go on.
// By the configuration that the README shows.
TEST(Balancer, HaproxyBeforeTwoServers) {
  const TempDir dir;
  const Words behind = {"-H", "echo", "--proxy-protocol", "--allow", "127.0.0.1"};
  Server first(behind, dir.path());
  Server second(behind, dir.path());
  const int port = free_port();
  std::string config = read_file("tests/examples/haproxy.cfg");
  const std::pair<std::string, int> ports[] = {
      {":1234", port}, {"127.0.0.1:2001", first.port()}, {"127.0.0.1:2002", second.port()}};
  for (const auto& [example, real] : ports) {
    const std::size_t at = config.rfind(example);
    ASSERT_NE(at, std::string::npos) << example;
    config.replace(at, example.size(), "127.0.0.1:" + std::to_string(real));
  }
  write_file(dir / "config", config);
  Process haproxy({"haproxy", "-db", "-f", dir / "config"});
  ASSERT_TRUE(answers(port)) << haproxy.err();
  const auto visit = [&] {
    Peer visitor(port);
    const std::string address = to_text(local_address(visitor.fd()));
    visitor.send("hello\n");
    EXPECT_TRUE(visitor.hears("hello\n"));
    return address;
  };
  const auto served = [](Server& server, const std::string& address) {
    return server.log().find(" is peer=" + address + "\n") != std::string::npos;
  };
  bool by_first = false;
  bool by_second = false;
  for (int i = 0; i < 6; ++i) {
    const std::string address = visit();
    EXPECT_TRUE(wait_until([&] { return served(first, address) || served(second, address); }));
    by_first |= served(first, address);
    by_second |= served(second, address);
  }
  EXPECT_TRUE(by_first && by_second) << first.log() << second.log();
  first.process().signal(SIGTERM);
  EXPECT_EQ(first.process().exit_code(), 0);
  for (int i = 0; i < 6; ++i) {
    const std::string address = visit();
    EXPECT_TRUE(wait_until([&] { return served(second, address); }));
  }
}

}  // namespace
}  // namespace talk::test
