// Talk as it is installed: its package in a clean root, its units, and started by its first
// visitor. In these tests the sources are at hand, in the directory they are run in.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>

#include "common/posix/address.h"
#include "common/posix/listen.h"
#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

std::string run(const Words& command) {
  Process process(command);
  EXPECT_EQ(process.exit_code(seconds(300)), 0) << command[0] << ": " << process.err();
  return process.out();
}

std::string run_as_root(Words command) {
  if (::geteuid() != 0) command.insert(command.begin(), "fakeroot");
  return run(command);
}

std::vector<std::string> files_below(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory))
    if (!entry.is_directory()) files.push_back(entry.path().lexically_relative(directory));
  return files;
}

// The server of an installed tree finds its handlers, and serves.
void expect_service(const std::string& prefix, const std::string& directory) {
  Process server({prefix + "/bin/talk_server", "-H", "echo", "-b", "127.0.0.1", "0", directory});
  ASSERT_TRUE(server.says("\n")) << server.err();
  Peer visitor(std::stoi(server.out().substr(server.out().rfind(':') + 1)));
  visitor.send("hello\n");
  EXPECT_TRUE(visitor.hears("hello\n"));
  server.signal(SIGTERM);
  EXPECT_EQ(server.exit_code(), 0);
}

TEST(Packaging, AnInstallationIsWholeAndGoesWithoutATrace) {
  const TempDir root;
  const std::string destination = "DESTDIR=" + root.path().string();
  run({"make", "install", destination});
  for (const char* file :
       {"bin/talk_server", "bin/talk_client", "libexec/talk/talk_window",
        "libexec/talk/server_handler", "share/man/man1/talk_server.1",
        "lib/systemd/system/talk_server@.service", "lib/systemd/user/talk_server.service"})
    EXPECT_TRUE(fs::exists(root.path() / "usr/local" / file)) << file;
  EXPECT_EQ(run({"nm", root / "usr/local/bin/talk_server"}), "");  // stripped
  for (const auto& program : fs::directory_iterator(root.path() / "usr/local/bin")) {
    const std::string name = program.path().filename();
    EXPECT_TRUE(fs::exists(root.path() / "usr/local/share/man/man1" / (name + ".1"))) << name;
    for (const char* option : {"-h", "--help", "-V", "--version"})
      EXPECT_NE(run({program.path(), option}).find(name), std::string::npos) << option;
  }
  expect_service(root / "usr/local", root.path());
  run({"make", "uninstall", destination});
  EXPECT_EQ(files_below(root.path()), Words{});
}

TEST(Packaging, APackageIsInstalledRunAndRemoved) {
  run({"make", "deb"});
  std::string package;
  for (const auto& file : fs::directory_iterator("build"))
    if (file.path().extension() == ".deb") package = file.path();
  const TempDir root;
  fs::create_directories(root.path() / "var/lib/dpkg/info");
  fs::create_directories(root.path() / "var/lib/dpkg/updates");
  write_file(root / "var/lib/dpkg/status", "");
  const Words dpkg = {"dpkg", "--root=" + root.path().string(), "--force-depends",
                      "--force-script-chrootless", "--log=/dev/null"};
  Words install = dpkg;
  install.insert(install.end(), {"-i", package});
  run_as_root(install);
  expect_service(root / "usr", root.path());
  Words remove = dpkg;
  remove.insert(remove.end(), {"-P", "talk"});
  run_as_root(remove);
  for (const std::string& file : files_below(root.path()))
    EXPECT_TRUE(file.starts_with("var/lib/dpkg/")) << file;
}

TEST(Packaging, TheUnitsAreSound) {
  const TempDir root;
  run({"make", "install", "PREFIX=" + root.path().string()});
  const std::string system = root / "lib/systemd/system/talk_server@.";
  run({"systemd-analyze", "verify", "--man=no", system + "service:talk_server@echo.service",
       system + "socket:talk_server@echo.socket"});
  run({"env", "XDG_RUNTIME_DIR=" + root.path().string(), "systemd-analyze", "--user", "verify",
       "--man=no", root / "lib/systemd/user/talk_server.service"});
  // Of 100; what is left is the network, which it is for.
  run({"systemd-analyze", "security", "--no-pager", "--offline=true", "--threshold=20",
       system + "service"});
}

TEST(Packaging, TheFirstVisitorStartsTheServer) {
  const TempDir dir;
  const std::string port = std::to_string(local_address(listen_on("127.0.0.1", 0).get()).port);
  Process manager({"systemd-socket-activate", "-l", "127.0.0.1:" + port, program("talk_server"),
                   "-H", "echo", "0", dir.path()});
  ASSERT_TRUE(manager.complains("Listening on 127.0.0.1:" + port)) << manager.err();
  EXPECT_EQ(manager.out(), "");
  Peer visitor(std::stoi(port));
  visitor.send("hello\n");
  EXPECT_TRUE(visitor.hears("hello\n")) << manager.err();
  EXPECT_TRUE(manager.says("listening on 127.0.0.1:" + port + "\n"));
}

}  // namespace
}  // namespace talk::test
