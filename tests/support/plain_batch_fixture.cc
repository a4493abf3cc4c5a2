#include "tests/support/plain_batch_fixture.h"

#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <filesystem>
#include <iterator>

#include "common/posix/address.h"
#include "common/posix/io.h"
#include "common/posix/listen.h"
#include "common/posix/socket_options.h"
#include "tests/support/process.h"
#include "tests/support/wait_until.h"

namespace talk::test {

ScriptedServer::ScriptedServer() : listener_(listen_on("127.0.0.1", 0)) {}

std::string ScriptedServer::port() const {
  return std::to_string(local_address(listener_.get()).port);
}

void ScriptedServer::accept() {
  pollfd ready{listener_.get(), POLLIN, 0};
  ASSERT_EQ(::poll(&ready, 1, 20'000), 1);
  connection_.reset(::accept(listener_.get(), nullptr, nullptr));
  heard_.clear();
}

void ScriptedServer::say(const std::string& bytes) {
  ::send(connection_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

const std::string& ScriptedServer::heard() {
  std::array<char, 65536> room;
  while (!ended()) {
    const IoResult got = receive_some(connection_.get(), room);
    if (!got.moved()) break;
    heard_.append(room.data(), got.count);
  }
  return heard_;
}

bool ScriptedServer::hears(const std::string& all) {
  return wait_until([&] { return heard() == all; });
}

bool ScriptedServer::sees_end() {
  return wait_until([&] { return heard(), ended(); });
}

void ScriptedServer::reset() {
  reset_on_close(connection_.get(), true);
  connection_.reset();
}

bool ScriptedServer::ended() {
  char byte;
  return ::recv(connection_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void PlainBatchFixture::SetUp() {
  std::filesystem::create_directories(directory_.path() / "server");
  std::filesystem::create_directories(directory_.path() / "here");
  for (int i = 0; i < 300'000; ++i) big_ += std::to_string(i) + "\n";
  write_file(directory_ / "big", big_);
  write_file(directory_ / "server/big", big_);
  write_file(directory_ / "server/empty", "");
  write_file(directory_ / "server/no", "NO");
}

std::vector<std::string> PlainBatchFixture::client(const std::vector<std::string>& options,
                                                   const std::string& port) {
  std::vector<std::string> command = {program("talk_client")};
  command.insert(command.end(), options.begin(), options.end());
  command.insert(command.end(), {"-d", directory_ / "here", "127.0.0.1", port});
  return command;
}

std::size_t PlainBatchFixture::names_here() {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(directory_.path() / "here"), {}));
}

}  // namespace talk::test
