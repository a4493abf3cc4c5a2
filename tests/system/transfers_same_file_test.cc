// Two sessions of one login name and one file's name, size and time, but not of one content: what
// the one has never refuses the other's.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "common/wire/messages.h"
#include "tests/support/client.h"
#include "tests/support/process.h"
#include "tests/support/transfer_fixture.h"
#include "tests/support/wait_until.h"

namespace talk::test {
namespace {

std::string data(const std::string& bytes) { return make_data_header(1, bytes.size()) + bytes; }

Offer offer_of(const std::string& path) {
  struct stat status {};
  EXPECT_EQ(::stat(path.c_str(), &status), 0);
  return {1, static_cast<std::uint64_t>(status.st_size), status.st_mtime, "big"};
}

bool hears_itself_tell(Role& session, const std::string& part) {
  return wait_until([&] {
    session.turn(milliseconds(1));
    return session.told(part);
  });
}

class SameFileTest : public TransferFixture {
 protected:
  // Somebody else's session takes the offer, and gets other bytes.
  static void begin_with_rubbish(Role& session, const Offer& offer) {
    session.hear(offer);
    EXPECT_TRUE(hears_itself_tell(session, "receiving")) << session.said;
    session.hear(data(noise(500'000, 7)));
    session.turn();
  }

  const std::string bytes_ = noise(3'000'000);
};

// Somebody of the same login name began the file with rubbish, and stayed: whoever sent the true
// one was refused for as long as that.
TEST_F(SameFileTest, AStrangersBytesRefuseNobodysUpload) {
  const std::string path = file("big", bytes_);
  Role stranger(desk_options, "alice");
  begin_with_rubbish(stranger, offer_of(path));
  connect();
  for (const char* name : {"big", "big-2"}) {
    send(path);
    link->run_until_idle();
    EXPECT_EQ(read_file(desk_directory / name), bytes_);
  }
  EXPECT_TRUE(visitor->told("it is sent from the start")) << visitor->said;
  EXPECT_EQ(visitor->failures + desk->failures, 0) << visitor->said << desk->said;
}

TEST_F(SameFileTest, AStrangersBytesRefuseNobodysGet) {
  TempDir share;
  write_file(share / "big", bytes_);
  desk_options.share = share.path();
  Role other(visitor_options, "prof");
  other.transfers.get({"big"});
  begin_with_rubbish(other, offer_of(share / "big"));
  connect();
  visitor->transfers.get({"big"});
  link->run_until_idle();
  EXPECT_EQ(visitor->failures + desk->failures, 0) << visitor->said << desk->said;
  EXPECT_EQ(read_file(visitor_directory / "big"), bytes_);
}

// Not refused for good is not yet received: a sender that never comes again has failed.
TEST_F(SameFileTest, WhatIsNotSentFromTheStartHasFailed) {
  const Offer offer = offer_of(file("big", bytes_));
  auto stranger = std::make_unique<Role>(desk_options, "alice");
  begin_with_rubbish(*stranger, offer);
  stranger->transfers.end(true);
  stranger.reset();
  connect();
  desk->hear(offer);
  ASSERT_TRUE(hears_itself_tell(*desk, "from 488 KiB on")) << desk->said;
  for (std::size_t at = 500'000; at < bytes_.size(); at += 100'000) {
    desk->hear(data(bytes_.substr(at, 100'000)));
    desk->turn();
  }
  desk->hear(End{1, 1});
  ASSERT_TRUE(hears_itself_tell(*desk, "it is taken from the start")) << desk->said;
  EXPECT_EQ(desk->failures, 0);
  desk->transfers.end(false);
  desk->note();
  EXPECT_EQ(desk->failures, 1) << desk->said;
}

// A class of thirty with one login name, each with an answer of its own in a file of one name, size
// and time: 14 of them were told that their file does not match its checksum.
TEST_F(SameFileTest, ThirtyWithOneLoginSendTheirOwnAtOnce) {
  constexpr int kClass = 30;
  const Server server({"--terminal", "none"}, desk_directory.path());
  std::vector<std::unique_ptr<Process>> senders;
  for (unsigned i = 0; i < kClass; ++i) {
    const std::string path = file(std::to_string(i) + "/same.dat", noise(1'000'000, i + 1));
    const timespec times[2] = {{1'000'000'000, 0}, {1'000'000'000, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  }
  for (int i = 0; i < kClass; ++i) {
    const std::string path = files / (std::to_string(i) + "/same.dat");
    senders.push_back(std::make_unique<Process>(client(server.port(), {"--send", path})));
  }
  for (const auto& sender : senders) EXPECT_EQ(sender->exit_code(), 0) << sender->err();
  std::vector<std::string> stored;
  for (const std::string& name : at_desk()) stored.push_back(read_file(desk_directory / name));
  for (unsigned i = 0; i < kClass; ++i)
    EXPECT_EQ(std::count(stored.begin(), stored.end(), noise(1'000'000, i + 1)), 1) << i;
}

}  // namespace
}  // namespace talk::test
