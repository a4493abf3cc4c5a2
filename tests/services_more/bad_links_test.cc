// Talks over links that are worse than those of the other suites: through HAProxy, slow and
// stalling ones, and such as are lost because the visitor's machine has another address.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "common/posix/address.h"
#include "common/posix/listen.h"
#include "tests/support/client.h"
#include "tests/support/peer.h"
#include "tests/support/resume_fixture.h"

namespace talk::test {
namespace {

using Words = std::vector<std::string>;

class BadLinks : public ResumeFixture {
 protected:
  TempDir dir;
};

std::string free_port() {
  const OwnedFd socket = listen_on("127.0.0.1", 0);
  return std::to_string(local_address(socket.get()).port);
}

// ---- HAProxy ----

bool answers(int port) {
  try {
    return Peer(port).fd() >= 0;
  } catch (const std::exception&) {
    return false;
  }
}

TEST_F(BadLinks, HaproxyIsKilledAndComesBack) {
  serve({"--proxy-protocol", "--allow", "127.0.0.1"});
  const std::string port = free_port();
  write_file(dir / "config",
             "defaults\n  mode tcp\n  timeout connect 5s\n  timeout client 1h\n"
             "  timeout server 1h\nlisten talk\n  bind 127.0.0.1:" +
                 port + "\n  server desk 127.0.0.1:" + std::to_string(server->port()) +
                 " send-proxy-v2\n");
  const Words haproxy = {"haproxy", "-db", "-f", dir / "config"};
  const Words command = {program("talk_client"),  "--name",    "alice", "--via",
                         "nc -s 127.0.0.5 %h %p", "127.0.0.1", port};
  auto balancer = std::make_unique<Process>(haproxy);
  ASSERT_TRUE(wait_until([&] { return answers(std::stoi(port)); })) << balancer->err();
  Process visitor(command);
  visitor.type("line 1\n");
  ASSERT_TRUE(has_heard(1)) << visitor.err();
  EXPECT_TRUE(board_says("127.0.0.5"));
  for (int line = 2; line <= 3; ++line) {
    balancer.reset();
    EXPECT_TRUE(visitor.complains("the link to <prof> is gone")) << visitor.err();
    visitor.type("line " + std::to_string(line) + "\n");
    balancer = std::make_unique<Process>(haproxy);
    ASSERT_TRUE(wait_until([&] { return heard() == numbered(line); }, seconds(60)))
        << visitor.err() << balancer->err();
    EXPECT_TRUE(board_says("127.0.0.5"));
  }
  visitor.end_input();
  EXPECT_EQ(visitor.exit_code(), 0) << visitor.err();
}

// ---- Slow ----

// Hands bytes on after 300 ms; of ten pieces three wait half a second more, and all behind them:
// what a loss is to those above TCP. A line on standard input cuts what is open.
constexpr const char* kBadRelay = R"(#!/usr/bin/env python3
import asyncio, random, sys
random.seed(1)
links = set()

async def deliver(pieces, writer):
    while True:
        at, piece = await pieces.get()
        await asyncio.sleep(max(0, at - asyncio.get_running_loop().time()))
        if random.random() < 0.3:
            await asyncio.sleep(0.5)
        if not piece:
            return writer.close()
        writer.write(piece)

async def pump(reader, writer):
    pieces = asyncio.Queue()
    links.add(writer)
    task = asyncio.create_task(deliver(pieces, writer))
    piece = b"."
    while piece:
        try:
            piece = await reader.read(4096)
        except OSError:
            piece = b""
        pieces.put_nowait((asyncio.get_running_loop().time() + 0.3, piece))
    await task
    links.discard(writer)

async def serve(reader, writer):
    there = await asyncio.open_connection("127.0.0.1", int(sys.argv[1]))
    await asyncio.gather(pump(reader, there[1]), pump(there[0], writer), return_exceptions=True)

def cut():
    if not sys.stdin.readline():
        sys.exit()
    for writer in list(links):
        writer.transport.abort()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    asyncio.get_running_loop().add_reader(sys.stdin, cut)
    await server.serve_forever()

asyncio.run(main())
)";

TEST_F(BadLinks, SlowAndStallingOnesLoseNothingWhenTheyAreCut) {
  serve();
  const TempDir here;
  const std::string bytes(200'000, 'x');
  write_file(here / "file", bytes);
  Process relay({write_script(dir / "relay", kBadRelay), std::to_string(server->port())});
  ASSERT_TRUE(relay.says("\n")) << relay.err();
  Process visitor(client(std::stoi(relay.out()), {"--commands", "--accept"}));
  visitor.type("/send " + (here / "file") + "\n");
  int line = 0;
  for (int cut = 0; cut < 4; ++cut) {
    for (int i = 0; i < 25; ++i) visitor.type("line " + std::to_string(++line) + "\n");
    ASSERT_TRUE(wait_until([&] { return heard().size() > static_cast<std::size_t>(line) - 25; },
                           seconds(60)));
    relay.type("cut\n");
  }
  visitor.end_input();
  EXPECT_EQ(visitor.exit_code(seconds(120)), 0) << visitor.err();
  EXPECT_EQ(heard(), numbered(line));
  EXPECT_EQ(read_file(files / "file"), bytes);
}

// ---- Another address ----

bool runs(const std::string& command) {
  return Process({"sh", "-c", command}).exit_code() == std::optional(0);
}

// A network of two machines: this one, and one whose address can be taken from it.
class Network {
 public:
  Network() {
    made_ = runs("ip netns add " + space_ + " && ip link add " + here_ + " type veth peer name " +
                 there_ + " netns " + space_ + " && ip addr add " + address_of(1) + "/24 dev " +
                 here_ + " && ip link set " + here_ + " up && ip -n " + space_ + " link set " +
                 there_ + " up") &&
            move_to(2);
  }
  ~Network() { runs("ip link del " + here_ + "; ip netns del " + space_); }

  bool made() const { return made_; }
  const std::string& space() const { return space_; }
  std::string address_of(int machine) const {
    return "10.98." + std::to_string(::getpid() % 250) + "." + std::to_string(machine);
  }
  // The other machine has this address from now on, and no other.
  bool move_to(int machine) const {
    const std::string ip = "ip -n " + space_ + " addr ";
    return runs(ip + "flush dev " + there_ + " && " + ip + "add " + address_of(machine) +
                "/24 dev " + there_);
  }

 private:
  const std::string id_ = std::to_string(::getpid());
  const std::string space_ = "talk" + id_;
  const std::string here_ = "tka" + id_;
  const std::string there_ = "tkb" + id_;
  bool made_ = false;
};

// The story of every laptop: the desk hears nothing of it, and still believes the old link.
TEST_F(BadLinks, ThePersonsMachineGetsAnotherAddress) {
  const Network network;
  if (!network.made()) GTEST_SKIP() << "no network may be made here";
  Process desk({program("talk_server"), "--terminal", "none", "--name", "prof", "--transcripts",
                transcripts.path(), "-b", network.address_of(1), "0", files.path()},
               environment());
  ASSERT_TRUE(desk.says("\n")) << desk.err();
  const std::string port = desk.out().substr(desk.out().rfind(':') + 1);
  Process::Options options;
  options.terminal = true;
  Process person({"ip", "netns", "exec", network.space(), program("talk_client"), "--plain",
                  "--name", "alice", network.address_of(1), port.substr(0, port.find('\n'))},
                 options);
  person.type("line 1\r");
  ASSERT_TRUE(wait_until([&] { return heard() == numbered(1); })) << person.out();
  ASSERT_TRUE(network.move_to(3));
  person.type("line 2\r");
  ASSERT_TRUE(person.says("1 not delivered yet")) << person.out();
  ASSERT_TRUE(person.says("heard ", seconds(30))) << person.out();
  person.type("\r");
  EXPECT_TRUE(person.says("is there again", seconds(30))) << person.out();
  EXPECT_TRUE(has_heard(2));
  EXPECT_TRUE(board_says(network.address_of(3)));
  desk.signal(SIGTERM);
  EXPECT_EQ(desk.exit_code(), 0);
}

}  // namespace
}  // namespace talk::test
