// What the owner of a server sets for its sessions: how long a silent peer is borne, how large a
// file may be, and settings that make no sense.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/desk.h"
#include "tests/support/fake_server.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using Words = std::vector<std::string>;

// A server whose handler runs with these settings, words of a shell.
class HandlerLimits : public testing::Test {
 protected:
  Server serve(const std::string& handler, const std::string& settings) {
    const std::string script = write_script(
        scripts_ / handler, "#!/bin/sh\n" + settings + "\nexec " + program(handler) + " \"$1\"\n");
    return Server({"--terminal", "none", "--handler", script}, directory_.path());
  }
  bool appears(int number, const std::string& content) {
    const std::string path = directory_ / (std::to_string(number) + ".file");
    return wait_until([&] { return std::filesystem::exists(path); }) && read_file(path) == content;
  }

  TempDir directory_;
  TempDir scripts_;
};

struct Silent {
  std::string handler;
  std::string says;   // before it falls silent
  std::string hears;  // the reason, where its protocol has room for one
};

const std::vector<Silent> kSilent = {
    {"echo", "hello\n", "hello\n"},
    {"store", "get 1\n", "Key not found\n"},
    {"fetch", "", ""},
    {"upload", "half a file", ""},
    {"accio", "", "accio\r\n"},
    {"talk", "hello\n", "nothing came for 1 s"},
    {"talk", "TALK/1 name=alice\r\n", "nothing came for 1 s"},
};

// A visitor who said nothing held its place for ever. All at once, for each takes a second.
TEST_F(HandlerLimits, ASilentVisitorIsEndedAndToldWhyWhereThereIsRoom) {
  std::vector<std::unique_ptr<TempDir>> directories;
  std::vector<std::unique_ptr<Server>> servers;
  std::vector<Peer> visitors;
  for (const Silent& silent : kSilent) {
    directories.push_back(std::make_unique<TempDir>());
    servers.push_back(std::make_unique<Server>(
        Words{"--terminal", "none", "--handler", silent.handler, "--idle", "1"},
        directories.back()->path()));
    visitors.emplace_back(servers.back()->port());
    visitors.back().send(silent.says);
  }
  for (std::size_t i = 0; i < kSilent.size(); ++i) {
    SCOPED_TRACE(kSilent[i].handler + " after '" + kSilent[i].says + "'");
    EXPECT_TRUE(visitors[i].sees_end());
    // Of an upload an orderly end would say that it is stored.
    const bool uploads = kSilent[i].handler == "upload" || kSilent[i].handler == "accio";
    EXPECT_EQ(visitors[i].was_reset(), uploads);
    EXPECT_NE(visitors[i].received().find(kSilent[i].hears), std::string::npos);
    EXPECT_TRUE(servers[i]->logs("session 1 ended reason=\"nothing came for 1 s\""))
        << servers[i]->log();
    EXPECT_TRUE(servers[i]->logs("session 1 closed exit=0")) << servers[i]->log();
  }
  for (const std::size_t upload : {3U, 4U})
    EXPECT_EQ(read_file(*directories[upload] / "1.file"), "ERROR");
}

TEST_F(HandlerLimits, ASilentVisitorOfAWindowIsEndedInTheSightOfBoth) {
  FakeServer door;
  TalkPeer visitor(door.port());
  const auto window = open_window(door, {{"TALK_IDLE", "1"}});
  EXPECT_TRUE(visitor.hears_frame('B', "nothing came for 1 s"));
  EXPECT_TRUE(window->says("nothing came for 1 s")) << window->out();
  EXPECT_EQ(window->exit_code(), 0);
}

// One who does not take what is sent to it is as silent.
TEST_F(HandlerLimits, AVisitorWhoNeverReadsIsEnded) {
  write_file(directory_ / "big", std::string(50'000'000, 'x'));
  Server server = serve("fetch_handler", "export TALK_IDLE=1");
  Peer deaf(server.port());
  deaf.shrink_receive_buffer();
  deaf.send("big\n");
  EXPECT_TRUE(server.logs("session 1 ended reason=\"nothing came for 1 s\"")) << server.log();
}

TEST_F(HandlerLimits, OneWhoGoesOnTalkingIsNotEnded) {
  Server server = serve("echo_handler", "export TALK_IDLE=1");
  Peer peer(server.port());
  for (int i = 0; i < 6; ++i) {
    peer.forget();
    peer.send("x\n");
    EXPECT_TRUE(peer.hears("x\n"));
    EXPECT_FALSE(peer.sees_end(milliseconds(300)));
  }
}

// `--max-file-size` was for the talk alone: an upload filled the disk.
TEST_F(HandlerLimits, AnUploadOverTheLargestSizeIsAnError) {
  for (const std::string handler : {"upload_handler", "accio_handler"}) {
    SCOPED_TRACE(handler);
    Server server = serve(handler, "export TALK_MAX_FILE_SIZE=1000");
    for (const int size : {1000, 1001}) {
      Peer peer(server.port());
      peer.send(std::string(static_cast<std::size_t>(size), 'x'));
      peer.half_close();
      EXPECT_TRUE(peer.sees_end());
    }
    EXPECT_TRUE(appears(1, std::string(1000, 'x')));
    EXPECT_TRUE(appears(2, "ERROR"));
    EXPECT_TRUE(
        server.logs("ERROR: store 2.file: the file is larger than 1000 bytes (session 2 in "))
        << server.log();
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
      std::filesystem::remove(entry);
  }
}

// The kernel ended the handler by SIGXFSZ: no name, no word in the log.
TEST_F(HandlerLimits, AFileSizeLimitIsAnError) {
  Server server = serve("upload_handler", "ulimit -f 100");
  Peer peer(server.port());
  EXPECT_ANY_THROW(peer.send(std::string(20'000'000, 'x')));
  EXPECT_TRUE(appears(1, "ERROR"));
  EXPECT_TRUE(server.logs("ERROR: store 1.file: write the file: File too large")) << server.log();
}

// -1 was taken for the largest number there is: no limit.
TEST_F(HandlerLimits, SettingsThatMakeNoSenseAreErrors) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"TALK_MAX_FILE_SIZE=-1", "not a number of bytes"},
      {"TALK_MAX_FILE_SIZE=18446744073709551615", "not a number of bytes"},
      {"TALK_MAX_FILE_SIZE=1K", "not a number of bytes"},
      {"TALK_MAX_FILE_SIZE=", "not a number of bytes"},
      {"TALK_IDLE=-1", "not a number of seconds"},
      {"TALK_IDLE=99999999999", "not a number of seconds"},
      {"TALK_SESSION=x", "not a number"},
  };
  for (const std::string handler : {"upload_handler", "server_handler"}) {
    for (const auto& [setting, complaint] : cases) {
      SCOPED_TRACE(handler + " " + setting);
      Server server = serve(handler, "export " + setting);
      try {
        EXPECT_TRUE(Peer(server.port()).sees_end());
      } catch (const std::exception&) {
        // The reset came before the connection was looked at.
      }
      const std::string name = setting.substr(0, setting.find('='));
      EXPECT_TRUE(server.logs("ERROR: read " + name + " '")) << server.log();
      EXPECT_TRUE(server.logs(complaint)) << server.log();
      EXPECT_TRUE(server.logs("session 1 closed exit=1")) << server.log();
    }
  }
}

}  // namespace
}  // namespace talk::test
