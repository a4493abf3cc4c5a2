// Talk where something is missing that most machines have.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <memory>

#include "tests/support/client.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

// Programs that see an empty /proc, as in a bare chroot.
class WithoutProc : public testing::Test {
 protected:
  void SetUp() override {
    Process empty(hiding({"test", "!", "-e", "/proc/self"}));
    if (empty.exit_code() != 0) GTEST_SKIP() << "no mount of one's own: " << empty.err();
  }

  static std::vector<std::string> hiding(const std::vector<std::string>& command) {
    std::vector<std::string> words = {"unshare", "--map-root-user",
                                      "--mount", "sh",
                                      "-c",      "mount -t tmpfs none /proc && exec \"$@\"",
                                      "sh"};
    words.insert(words.end(), command.begin(), command.end());
    return words;
  }
  // Leaks are looked for by way of /proc.
  static Process::Options without_leaks() {
    Process::Options options;
    options.environment["ASAN_OPTIONS"] = "detect_leaks=0";
    return options;
  }
  // By its bare name, as a person starts it.
  void serve(const std::string& handler) {
    Process::Options options = without_leaks();
    const std::string bin = std::filesystem::path(program("talk_server")).parent_path();
    options.environment["PATH"] = bin + ":" + ::getenv("PATH");
    server_ = std::make_unique<Process>(hiding({"talk_server", "--terminal", "none", "--handler",
                                                handler, "-b", "127.0.0.1", "0", there_.path()}),
                                        options);
    ASSERT_TRUE(server_->says("\n")) << server_->err();
    port_ = std::stoi(server_->out().substr(server_->out().rfind(':') + 1));
  }

  TempDir there_;
  std::unique_ptr<Process> server_;
  int port_ = 0;
};

TEST_F(WithoutProc, AServerFindsItsHandlersAndStops) {
  serve("echo");
  Peer visitor(port_);
  visitor.send("hello\n");
  EXPECT_TRUE(visitor.hears("hello\n")) << server_->err();
  server_->signal(SIGTERM);
  EXPECT_EQ(server_->exit_code(), 0);
}

TEST_F(WithoutProc, FilesAreSent) {
  serve("talk");
  const TempDir here;
  write_file(here / "report.txt", "a report");
  Process sender(hiding(client(port_, {"--send", here / "report.txt"})), without_leaks());
  EXPECT_EQ(sender.exit_code(), 0) << sender.err();
  EXPECT_EQ(read_file(there_ / "report.txt"), "a report");
}

}  // namespace
}  // namespace talk::test
