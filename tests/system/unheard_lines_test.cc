// The plain screen, which cannot paint a line again, says how many of one's own are not known to
// have arrived; on every terminal, and of every peer.
#include <gtest/gtest.h>

#include "tests/support/client.h"
#include "tests/support/desk.h"
#include "tests/support/fake_server.h"
#include "tests/support/paper.h"
#include "tests/support/process.h"
#include "tests/support/talk_peer.h"

namespace talk::test {
namespace {

bool shows_last(Process& person, const std::string& row) {
  return wait_until([&] { return Paper(person.out()).last() == row; });
}

TEST(UnheardLines, AreCountedUntilThePeerHasHeardThem) {
  FakeServer door;
  Process::Options options;
  options.terminal = true;
  options.environment = {{"TERM", "vt100"}, {"NO_COLOR", "1"}};
  Process person(client(door.port(), {"--plain"}), options);
  Peer desk(door.accept());
  desk.send("TALK/1 pid=1 name=prof ack=1\r\n");
  ASSERT_TRUE(person.says("connected to <prof>"));
  person.type("one\r");
  EXPECT_TRUE(shows_last(person, "[1 not delivered yet] >")) << person.out();
  person.type("two\r");
  EXPECT_TRUE(person.says("[2 not delivered yet")) << person.out();
  desk.send(frame('K', u64(1)));
  EXPECT_TRUE(person.says("[1 not delivered yet")) << person.out();
  desk.send(frame('K', u64(2)));
  EXPECT_TRUE(shows_last(person, ">")) << person.out();
  EXPECT_EQ(person.out().find('\x1b'), std::string::npos) << "nothing but carriage returns";
  EXPECT_EQ(Paper(person.out()).complaints(), "");
}

// Where nothing is painted twice it is said in lines, once it is worth one.
TEST(UnheardLines, AreToldOfInLinesOnADumbTerminal) {
  FakeServer door;
  Process::Options options;
  options.terminal = true;
  options.environment = {{"TERM", "dumb"}};
  Process person(client(door.port()), options);
  Peer desk(door.accept());
  desk.send("TALK/1 pid=1 name=prof ack=1\r\n");
  ASSERT_TRUE(person.says("connected to <prof>"));
  person.type("one\r");
  EXPECT_TRUE(person.says("-- not delivered yet: your last words")) << person.out();
  desk.send(frame('K', u64(1)));
  EXPECT_TRUE(person.says("-- delivered: your last words")) << person.out();
}

// … and of one with nc, until its machine has taken them.
TEST(UnheardLines, AreCountedUntilAMachineHasTakenThem) {
  FakeServer door;
  Peer visitor(door.port());
  visitor.shrink_receive_buffer();
  const auto desk = open_window(door, {{"TERM", "vt100"}});
  visitor.send("hello\n");
  ASSERT_TRUE(desk->says("plain lines"));
  wait_for_prompt(*desk);
  for (int line = 0; line < 8; ++line) desk->type(std::string(4'000, 'x') + "\r");
  EXPECT_TRUE(desk->says(" not delivered yet")) << desk->out();
  visitor.widen_receive_buffer();
  EXPECT_TRUE(visitor.hears(std::string(4'000, 'x') + "\n"));
  EXPECT_TRUE(wait_until([&] {
    visitor.received();  // goes on reading
    return Paper(desk->out()).last() == ">";
  })) << Paper(desk->out()).last();
}

}  // namespace
}  // namespace talk::test
