// A confined program's person still sends what is theirs: whatever was made after the talk began,
// and nothing that a person would not hand out.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/desk.h"
#include "tests/support/fake_server.h"
#include "tests/support/proc.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

namespace fs = std::filesystem;

class ConfinedSending : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* directory : {"home/.ssh", "home/project/.git", "home/in", "got"})
      fs::create_directories(place_ / directory);
    write_file(place_ / "home/.ssh/id_rsa", "secret");
    write_file(place_ / "home/project/.git/config", "secret");
    write_file(place_ / "home/project/main.c", "int main;");
    fs::create_symlink(place_ / "home/.ssh/id_rsa", place_ / "home/link");
  }
  Process::Options at_home() {
    Process::Options options;
    options.environment = {{"HOME", place_ / "home"}};
    options.directory = place_ / "home/in";
    return options;
  }
  bool arrives(const std::string& name, const std::string& content) {
    const std::string path = place_ / "got" + ("/" + name);
    return wait_until([&] { return fs::exists(path); }) && read_file(path) == content;
  }

  TempDir place_;
};

TEST_F(ConfinedSending, AClientSendsWhatIsItsPersons) {
  Server server({"--terminal", "none"}, place_ / "got");
  Process client({program("talk_client"), "--commands", "127.0.0.1", std::to_string(server.port())},
                 at_home());
  ASSERT_TRUE(server.logs("session 1 is name="));
  write_file(place_ / "home/new.txt", "made after the talk began");
  client.type("/send ~/new.txt ~/project\n");
  EXPECT_TRUE(arrives("new.txt", "made after the talk began")) << client.err();
  EXPECT_TRUE(arrives("project/main.c", "int main;")) << client.err();
  EXPECT_FALSE(fs::exists(place_ / "got/project/.git/config"));
  EXPECT_TRUE(client.complains("'.git' is hidden")) << client.err();
  client.type("/send ~/.ssh/id_rsa\n");
  EXPECT_TRUE(client.complains("'.ssh' is hidden")) << client.err();
  client.type("/send ~/link\n/send /etc/passwd\n/send /proc/self/environ\n");
  EXPECT_TRUE(client.complains("cannot send \"/etc/passwd\": it lies outside")) << client.err();
  client.type("/send ~/*.txt\n");
  EXPECT_TRUE(arrives("new-2.txt", "made after the talk began")) << client.err();
  client.end_input();
  EXPECT_EQ(client.exit_code(), 5);
  for (const char* const secret : {"id_rsa", "link", "passwd", "environ"})
    EXPECT_FALSE(fs::exists(place_ / "got" + (std::string("/") + secret))) << secret;
}

// Whoever types a path at a shell knows what they do.
TEST_F(ConfinedSending, WhatStandsOnTheCommandLineIsSent) {
  Server server({"--terminal", "none"}, place_ / "got");
  Process client({program("talk_client"), "--send", place_ / "home/.ssh", "127.0.0.1",
                  std::to_string(server.port())},
                 at_home());
  EXPECT_EQ(client.exit_code(), 5) << client.err();  // a name that begins so is nobody's wish
  EXPECT_NE(client.err().find("begins with a dot"), std::string::npos) << client.err();
  Process file({program("talk_client"), "--send", place_ / "home/.ssh/id_rsa", "127.0.0.1",
                std::to_string(server.port())},
               at_home());
  EXPECT_EQ(file.exit_code(), 0) << file.err();
  EXPECT_TRUE(arrives("id_rsa", "secret"));
}

TEST_F(ConfinedSending, ThePersonAtTheDeskSendsFromHome) {
  FakeServer door;
  TalkPeer visitor(door.port());
  const auto window = open_window(door, {{"HOME", place_ / "home"}, {"TALK_DIR", place_ / "got"}});
  wait_for_prompt(*window);
  write_file(place_ / "home/new.txt", "made after the talk began");
  window->type("/send ~/new.txt\r");
  EXPECT_TRUE(visitor.hears_frame('O', "new.txt")) << window->out();
  window->type("/send ~/.ssh/id_rsa\r");
  EXPECT_TRUE(window->says("is hidden")) << window->out();
}

// Whatever way the program ends, nothing of it is left.
TEST_F(ConfinedSending, TheMonitorsEndWithTheirProcess) {
  FakeServer door;
  Process client({program("talk_client"), "127.0.0.1", std::to_string(door.port())}, at_home());
  TalkPeer desk(door.accept());
  ASSERT_TRUE(wait_until([&] { return children_of(client.pid()).size() == 2; }));
  const std::vector<pid_t> monitors = children_of(client.pid());
  client.signal(SIGKILL);
  for (const pid_t monitor : monitors) EXPECT_TRUE(wait_until([&] { return is_dead(monitor); }));
}

}  // namespace
}  // namespace talk::test
