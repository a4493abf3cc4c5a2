// The key-value store as its clients see it, and its file as a person sees it.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/peer.h"
#include "tests/support/process.h"
#include "tests/support/store_client.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using std::string_literals::operator""s;

class StoreService : public testing::Test {
 protected:
  std::string database() { return read_file(directory_ / "database.txt"); }
  void restart() {
    server_.reset();
    server_ =
        std::make_unique<Server>(std::vector<std::string>{"--handler", "store"}, directory_.path());
  }
  int port() {
    if (!server_) restart();
    return server_->port();
  }

  TempDir directory_;
  std::unique_ptr<Server> server_;
};

TEST_F(StoreService, PutGetDelBye) {
  StoreClient client(port());
  EXPECT_EQ(client.ask("put 5 five and  more "), "OK");
  EXPECT_EQ(client.ask("PUT 5 again"), "Key already exists");
  EXPECT_EQ(client.ask("get 5"), "five and  more ");
  EXPECT_EQ(client.ask("get 005"), "five and  more ");
  EXPECT_EQ(client.ask("get 6"), "Key not found");
  EXPECT_EQ(client.ask("del 5"), "OK");
  EXPECT_EQ(client.ask("del 5"), "Key not found");
  EXPECT_EQ(client.ask("put -0 \xc3\xa4"), "OK");
  EXPECT_EQ(client.ask("get 0"), "\xc3\xa4");
  EXPECT_EQ(client.ask("put x 1"), "Invalid key");
  EXPECT_EQ(client.ask("hello"), "Invalid command");
  EXPECT_EQ(client.ask("bye"), "Goodbye");
  EXPECT_TRUE(client.peer().sees_end());
}

TEST_F(StoreService, AnswersWithTheEndingItWasAskedWith) {
  StoreClient client(port());
  EXPECT_EQ(client.ask("put 1 a", "\r\n"), "OK");
  EXPECT_EQ(client.ask("get 1", "\n"), "a");
  EXPECT_EQ(client.ask("get 1", "\0"s), "a");
  StoreClient fixed_buffers(port());
  fixed_buffers.peer().send("get 1\0t 2\nstale"s + std::string(80, '\0'));
  EXPECT_TRUE(fixed_buffers.peer().hears("a\0"s));
  EXPECT_EQ(fixed_buffers.ask("get 2", "\0"s), "Key not found");
}

TEST_F(StoreService, AClientThatEndsItsMessagesWithNothing) {
  Peer peer(port());
  peer.send("put 1 a");
  ASSERT_TRUE(peer.hears("OK"));
  peer.forget();
  peer.send("ge");  // could still become one: a second's patience
  EXPECT_FALSE(peer.hears("I", milliseconds(100)));
  peer.send("t 1");
  ASSERT_TRUE(peer.hears("a"));
  EXPECT_EQ(peer.received(), "a");
  peer.forget();
  peer.send("put");
  ASSERT_TRUE(peer.hears("Invalid command"));
  peer.send("Bye");
  EXPECT_TRUE(peer.sees_end());
  EXPECT_EQ(peer.received(), "Invalid commandGoodbye");
}

// ^C in telnet: what it sends then was taken for the beginning of the next request, and it shows
// nothing more until its timing mark is answered.
TEST_F(StoreService, TelnetsOwnWordsAreNoRequest) {
  StoreClient client(port());
  EXPECT_EQ(client.ask("\xff\xf4\xff\xfd\x06put 1 a", "\r\n"), "\xff\xfb\x06OK");
  EXPECT_EQ(client.ask("put 2 \xff\xfd\x06", "\r\n"), "OK");  // in a value they are its bytes
  EXPECT_EQ(client.ask("\xff\xfb\x1fget 2", "\r\n"), "\xff\xfd\x06");
}

TEST_F(StoreService, APipelinedBatchIsAnsweredInOrder) {
  StoreClient client(port());
  EXPECT_EQ(client.ask_all("put 1 a\nput 1 b\n\nget 1\nfoo\ndel 1\nget 1\n"s.erase(16, 1)),
            "OK\nKey already exists\na\nInvalid command\nOK\nKey not found\n");
  std::string requests, replies;
  for (int i = 0; i < 5000; ++i) {
    requests +=
        "put " + std::to_string(i) + " v" + std::to_string(i) + "\nget " + std::to_string(i) + "\n";
    replies += "OK\nv" + std::to_string(i) + "\n";
  }
  EXPECT_TRUE(client.ask_all(requests) == replies);
}

TEST_F(StoreService, LongValues) {
  StoreClient client(port());
  const std::string longest(65536, 'v');
  EXPECT_EQ(client.ask("put 1 " + longest), "OK");
  EXPECT_TRUE(client.ask("get 1") == longest);
  EXPECT_EQ(client.ask("put 2 " + longest + "v"), "Value too long");
  EXPECT_EQ(client.ask("put 2 " + std::string(3'000'000, 'v')), "Value too long");
  EXPECT_EQ(client.ask(std::string(3'000'000, 'x')), "Invalid command");
  EXPECT_EQ(client.ask("get 2"), "Key not found");
}

TEST_F(StoreService, RealClients) {
  const std::string where = "127.0.0.1 " + std::to_string(port());
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"printf 'put 1 a\\nget 1\\n' | nc -N " + where, "OK\na\n"},
      {"printf 'get 1\\nBye\\n' | nc " + where, "a\nGoodbye\n"},
      {"printf 'get 1' | nc -N " + where, "a"},
      {"printf 'get 1\\r\\nbye\\r\\n' | ncat " + where, "a\r\nGoodbye\r\n"},
      {"(printf 'get 1\\n'; sleep 0.2; echo bye; sleep 0.2) | telnet " + where + " | tail -n 2",
       "a\nGoodbye\n"},
      {"printf 'get 1\\nbye\\n' | curl -sN telnet://127.0.0.1:" + std::to_string(port()),
       "a\nGoodbye\n"},
  };
  for (const auto& [command, output] : cases) {
    Process client({"sh", "-c", command});
    ASSERT_TRUE(client.exit_code()) << command;
    std::string out = client.out();
    if (command.find("telnet 127") != command.npos) std::erase(out, '\r');
    EXPECT_EQ(out, output) << command;
  }
}

TEST_F(StoreService, TwentyAtOnceGetOneOk) {
  for (int key = 0; key < 20; ++key) {
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < 20; ++i) {
      peers.push_back(std::make_unique<Peer>(port()));
      peers.back()->send("put " + std::to_string(key) + " mine");
    }
    for (const auto& peer : peers) peer->send("\n");
    int stored = 0;
    for (const auto& peer : peers) {
      ASSERT_TRUE(peer->hears("\n"));
      if (peer->received() == "OK\n")
        ++stored;
      else
        EXPECT_EQ(peer->received(), "Key already exists\n");
    }
    EXPECT_EQ(stored, 1);
  }
}

TEST_F(StoreService, TwoServersOverOneDirectorySeeOneTruth) {
  Server other({"--handler", "store"}, directory_.path());
  StoreClient here(port());
  StoreClient there(other.port());
  for (int i = 0; i < 100; ++i) {
    const std::string key = std::to_string(i);
    EXPECT_EQ(here.ask("put " + key + " here"), "OK");
    EXPECT_EQ(there.ask("put " + key + " there"), "Key already exists");
    EXPECT_EQ(there.ask("get " + key), "here");
    EXPECT_EQ(there.ask("del " + key), "OK");
    EXPECT_EQ(here.ask("get " + key), "Key not found");
  }
}

TEST_F(StoreService, IsKeptAcrossRestarts) {
  {
    StoreClient client(port());
    client.ask_all("put 1 a\nput 2 b\ndel 1\nput 3 c\n");
  }
  restart();
  StoreClient client(port());
  EXPECT_EQ(client.ask_all("get 1\nget 2\nget 3\n"), "Key not found\nb\nc\n");
  const std::string text = database();
  EXPECT_TRUE(text.ends_with("\nput 1 a\nput 2 b\ndel 1\nput 3 c\n")) << text;
}

TEST_F(StoreService, AClassmatesFileIsReadAsItIs) {
  const std::string foreign = "1 one\n2 two words\n007 seven\n-3 minus\r\n\n5 last without its end";
  write_file(directory_ / "database.txt", foreign);
  StoreClient client(port());
  EXPECT_EQ(client.ask_all("get 1\nget 2\nget 7\nget -3\nget 5\nget 4\n"),
            "one\ntwo words\nseven\nminus\nlast without its end\nKey not found\n");
  EXPECT_EQ(database(), foreign);  // reading changes nothing
  EXPECT_EQ(client.ask("put 5 x"), "Key already exists");
  EXPECT_EQ(client.ask("put 4 four"), "OK");
  EXPECT_EQ(client.ask("get 7"), "seven");
  client.peer().close();
  restart();
  StoreClient again(port());
  EXPECT_EQ(again.ask_all("get 1\nget -3\nget 5\nget 4\n"),
            "one\nminus\nlast without its end\nfour\n");
  EXPECT_FALSE(std::filesystem::exists(directory_ / "database.txt.original"));
}

TEST_F(StoreService, ForeignLinesThatAreNotUnderstoodAreNotLost) {
  const std::string foreign = "# my notes\n1 one\n";
  write_file(directory_ / "database.txt", foreign);
  StoreClient client(port());
  EXPECT_EQ(client.ask_all("get 1\nput 2 two\nget 2\n"), "one\nOK\ntwo\n");
  EXPECT_EQ(read_file(directory_ / "database.txt.original"), foreign);
}

TEST_F(StoreService, ATornLastLineIsDropped) {
  {
    StoreClient client(port());
    client.ask_all("put 1 a\nput 2 b\n");
  }
  const std::string whole = database();
  for (const char* torn : {"p", "put 3", "put 3 c", "del 1"}) {
    server_.reset();
    write_file(directory_ / "database.txt", whole + torn);
    restart();
    StoreClient client(port());
    EXPECT_EQ(client.ask_all("get 1\nget 2\nget 3\nput 3 c\nget 3\ndel 3\n"),
              "a\nb\nKey not found\nOK\nc\nOK\n");
  }
}

TEST_F(StoreService, AFileThatAPersonEditedIsReadAnew) {
  {
    StoreClient client(port());
    client.ask_all("put 1 a\nput 2 b\n");
  }
  server_.reset();
  const std::string text = database();
  std::string edited = text;
  edited.replace(edited.find("put 1 a"), 7, "put 9 z");  // the same size
  write_file(directory_ / "database.txt", edited);
  restart();
  StoreClient client(port());
  EXPECT_EQ(client.ask_all("get 1\nget 9\nget 2\n"), "Key not found\nz\nb\n");
}

TEST_F(StoreService, IsCompactedWhileEveryoneGoesOn) {
  StoreClient other(port());
  other.ask("put -1 kept");
  StoreClient client(port());
  for (int round = 0; round < 30; ++round) {
    std::string requests, replies;
    for (int i = 0; i < 1000; ++i) {
      requests += "put " + std::to_string(i) + " some value\ndel " + std::to_string(i) + "\n";
      replies += "OK\nOK\n";
    }
    ASSERT_TRUE(client.ask_all(requests) == replies);
    ASSERT_EQ(other.ask("get -1"), "kept");
    ASSERT_EQ(other.ask("put " + std::to_string(1000 + round) + " x"), "OK");
  }
  // 60,000 records were written; only the latest ones may be left.
  EXPECT_TRUE(wait_until([&] {
    other.ask("get -1");
    return std::filesystem::file_size(directory_ / "database.txt") < 700'000;
  }));
  for (int round = 0; round < 30; ++round)
    EXPECT_EQ(other.ask("get " + std::to_string(1000 + round)), "x");
  const auto hidden = [&] {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path()))
      if (entry.path().filename().string().starts_with(".")) ++count;
    return count;
  };
  EXPECT_TRUE(wait_until([&] { return hidden() == 2; })) << hidden();  // the lock, and one index
  server_.reset();
  EXPECT_LE(hidden(), 2);
}

// Whatever is put while the records are being copied must find room in the new index.
TEST_F(StoreService, ACompactionLeavesTheIndexItsSize) {
  const auto index_size = [&] {
    std::uintmax_t largest = 0;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
      std::error_code gone;
      if (entry.path().filename().string().starts_with(".database.index"))
        largest = std::max(largest, entry.file_size(gone));
    }
    return largest;
  };
  StoreClient client(port());
  ASSERT_EQ(client.ask("put -1 kept"), "OK");  // a log in which nothing lives is just emptied
  std::string puts, dels, replies;
  for (int i = 0; i < 20'000; ++i) {
    puts += "put " + std::to_string(i) + " v\n";
    dels += "del " + std::to_string(i) + "\n";
    replies += "OK\n";
  }
  ASSERT_TRUE(client.ask_all(puts) == replies);
  const std::uintmax_t before = index_size();
  ASSERT_TRUE(client.ask_all(dels) == replies);
  EXPECT_TRUE(wait_until([&] {
    client.ask("put 1 v");  // a change is what sets a compaction off
    client.ask("del 1");
    return std::filesystem::file_size(directory_ / "database.txt") < 200'000;
  }));
  EXPECT_GE(index_size(), before);
}

TEST_F(StoreService, AMillionKeys) {
  std::string text;
  for (int i = 0; i < 1'000'000; ++i)
    text += std::to_string(i) + " value of " + std::to_string(i) + "\n";
  write_file(directory_ / "database.txt", text);
  StoreClient client(port());
  EXPECT_EQ(client.ask("get 999999"), "value of 999999");
  EXPECT_EQ(client.ask("put 1000000 new"), "OK");
  for (int i = 0; i < 5; ++i) {
    StoreClient another(port());
    EXPECT_EQ(another.ask("get 1000000"), "new");
    EXPECT_EQ(another.ask("get 123456"), "value of 123456");
  }
}

TEST_F(StoreService, HostileClientsHarmNobody) {
  Peer deaf(port());  // asks for more than fits anywhere, and never reads
  deaf.shrink_receive_buffer();
  StoreClient good(port());
  ASSERT_EQ(good.ask("put 1 " + std::string(60'000, 'v')), "OK");
  std::string requests;
  for (int i = 0; i < 2000; ++i) requests += "get 1\n";
  deaf.send(requests);
  Process flood(
      {"sh", "-c",
       "head -c 200000000 /dev/zero | nc -N 127.0.0.1 " + std::to_string(port()) + " | wc -c"});
  Process chatter(
      {"sh", "-c",
       "yes | head -c 20000000 | nc -N 127.0.0.1 " + std::to_string(port()) + " | wc -c"});
  EXPECT_EQ(good.ask("put 2 b"), "OK");
  EXPECT_EQ(good.ask("get 2"), "b");
  EXPECT_TRUE(flood.says("0\n"));
  EXPECT_TRUE(chatter.says("160000000\n"));  // "Invalid command" for each "y"
  deaf.reset();
  EXPECT_TRUE(server_->process().complains("session 1 closed exit=0"));
}

}  // namespace
}  // namespace talk::test
