#include "talk_client/fetch_reply.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace talk {
namespace {

using std::string_literals::operator""s;

struct Case {
  const char* name;
  bool lines;
  std::vector<std::string> receives;  // and then the end
  std::string process_id;
  std::string outcome;  // "file:…", "short:…", "refused:…", "greeted:", "malformed:"
};

const std::vector<Case> kCases = {
    {"a line and the file", true, {"8402 OK 5\nhello"}, "8402", "file:hello"},
    {"in pieces", true, {"84", "02 O", "K 5", "\r", "\nhe", "llo"}, "8402", "file:hello"},
    {"more than was said", true, {"8402 OK 5\nhello8403 OK"}, "8402", "file:hello"},
    {"less than was said", true, {"8402 OK 5\nhell"}, "8402", "short:hell"},
    {"an empty file", true, {"8402 OK 0\n"}, "8402", "file:"},
    {"a file of NO", true, {"8402 OK 2\nNO"}, "8402", "file:NO"},
    {"a refusal", true, {"8402 NO not found\n"}, "8402", "refused:not found"},
    {"a refusal without a reason", true, {"8402 NO\r\n"}, "8402", "refused:not found"},
    {"a homework server asked with a line", true, {"8402\n", "hello"}, "8402", "file:hello"},
    {"the same without line ends", true, {"8402", "hello"}, "8402", "file:hello"},
    {"a line that is neither", true, {"8402 bottles\nof beer"}, "8402", "file: bottles\nof beer"},
    {"the bare kind", false, {"8402\n", "hello"}, "8402", "file:hello"},
    {"all in one receive", false, {"8402hello"}, "8402", "file:hello"},
    {"digits are the file's own", false, {"8402", "99 bottles"}, "8402", "file:99 bottles"},
    {"a line end is the file's own", false, {"8402", "\nhello"}, "8402", "file:\nhello"},
    {"a NUL behind the ID", false, {"8402\0"s, "hello"}, "8402", "file:hello"},
    {"a size over all numbers",
     true,
     {"8402 OK 99999999999999999999999\nabc"},
     "8402",
     "malformed:"},
    {"over all files", true, {"8402 OK 18446744073709551615\nabc"}, "8402", "malformed:"},
    {"a negative size", true, {"8402 OK -5\nabc"}, "8402", "malformed:"},
    {"a size and more", true, {"8402 OK 12x\n", "abc"}, "8402", "malformed:"},
    {"no size", true, {"8402 OK \nabc"}, "8402", "malformed:"},
    {"nor a blank", true, {"8402 OK\r\nabc"}, "8402", "malformed:"},
    {"not there", false, {"8402\n", "NO"}, "8402", "refused:not found"},
    {"not there, in pieces", false, {"8402", "N", "O"}, "8402", "refused:not found"},
    {"not there, in one receive", false, {"8402NO"}, "8402", "refused:not found"},
    {"a file that begins so", false, {"8402", "NO", "THING"}, "8402", "file:NOTHING"},
    {"one letter", false, {"8402", "N"}, "8402", "file:N"},
    {"an empty file, bare", false, {"8402\n"}, "8402", "file:"},
    {"a blank is a byte", false, {"8402 OK 5\nhello"}, "8402", "file: OK 5\nhello"},
    {"a talk after all", true, {"TALK/1 pid=8402 name=prof\r\n"}, "", "greeted:"},
    {"the same in pieces", true, {"TA", "LK/1", "\n"}, "", "greeted:"},
    {"only nearly a talk", true, {"TALK/2\n"}, "", "file:TALK/2\n"},
    {"a file like a talk", false, {"8402", "TALK/1\n"}, "8402", "file:TALK/1\n"},
    {"no process ID", false, {"hello"}, "", "file:hello"},
};

TEST(FetchReply, IsUnderstood) {
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.name);
    FetchReply reply(c.lines);
    std::string file;
    for (const std::string& bytes : c.receives)
      if (!reply.refused() && !reply.greeted() && !reply.malformed()) file += reply.receive(bytes);
    file += reply.end();
    const bool is_short = reply.size() && !reply.complete();
    const std::string outcome = reply.greeted()     ? "greeted:"
                                : reply.malformed() ? "malformed:"
                                : reply.refused()   ? "refused:" + *reply.refused()
                                                    : (is_short ? "short:" : "file:") + file;
    EXPECT_EQ(outcome, c.outcome);
    EXPECT_EQ(reply.process_id(), c.process_id);
  }
}

}  // namespace
}  // namespace talk
