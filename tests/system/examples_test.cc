// The examples that the documents show: services of one's own, and a client in Python that was
// written from talk(7).
#include <gtest/gtest.h>

#include "tests/support/desk.h"
#include "tests/support/peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

std::string example(const std::string& name) {
  return std::filesystem::absolute("tests/examples/" + name);
}

void greet(const std::string& handler) {
  Server server({"--handler", handler});
  Peer first(server.port());
  ASSERT_TRUE(first.hears("hello 127.0.0.1, you are visitor 1\n")) << server.process().err();
  first.send("what?\n");
  EXPECT_TRUE(first.hears("WHAT?\n"));
  Peer second(server.port());
  EXPECT_TRUE(second.hears("you are visitor 2\n"));
  first.half_close();
  EXPECT_TRUE(first.sees_end());
}

TEST(Examples, AServiceInPython) { greet(example("greeter.py")); }

TEST(Examples, AServiceInBash) { greet(example("greeter.sh")); }

TEST(Examples, AServiceInC) {
  const TempDir directory;
  Process compiler({"gcc", "-Wall", "-Werror", "-o", directory / "greeter", example("greeter.c")});
  ASSERT_EQ(compiler.exit_code(), 0) << compiler.err();
  greet(directory / "greeter");
}

class PythonClient : public testing::Test {
 protected:
  // At the desk somebody sits; the client works in a directory of its own.
  void call(std::vector<std::string> files) {
    std::vector<std::string> command = {example("talk.py"), "127.0.0.1",
                                        std::to_string(door_.port())};
    command.insert(command.end(), files.begin(), files.end());
    Process::Options options;
    options.directory = here_.path();
    client_ = std::make_unique<Process>(command, options);
    desk_ = open_window(door_, {{"TALK_DIR", there_.path()}, {"HOME", home_.path()}});
    wait_for_prompt(*desk_);
  }

  FakeServer door_;
  TempDir here_;
  TempDir there_;
  TempDir home_;
  std::unique_ptr<Process> client_;
  std::unique_ptr<Process> desk_;
};

TEST_F(PythonClient, Talks) {
  call({});
  client_->type("good morning\n");
  EXPECT_TRUE(desk_->says("<python> good morning"));
  desk_->type("good evening\r");
  EXPECT_TRUE(client_->says("good evening\n"));
  client_->end_input();
  EXPECT_EQ(client_->exit_code(), 0) << client_->err();
  EXPECT_TRUE(desk_->says("<python> has left"));
}

TEST_F(PythonClient, SendsAFile) {
  const std::string content = std::string(10'000, 'x') + "the end";
  write_file(here_ / "report.txt", content);
  call({"report.txt"});
  EXPECT_TRUE(client_->says("S report.txt")) << client_->err();
  EXPECT_EQ(read_file(there_ / "report.txt"), content);
}

TEST_F(PythonClient, TakesAFile) {
  const std::string content = std::string(100'000, 'y') + "the end";
  write_file(home_ / "slides.pdf", content);
  call({});
  client_->type("have you the slides?\n");
  EXPECT_TRUE(desk_->says("<python> have you the slides?"));
  desk_->type("/send ~/slides.pdf\r");
  EXPECT_TRUE(desk_->says("sent \"slides.pdf\""));
  EXPECT_EQ(read_file(here_ / "slides.pdf"), content);
}

}  // namespace
}  // namespace talk::test
