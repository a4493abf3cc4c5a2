#include "common/wire/messages.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "common/wire/frame.h"
#include "common/wire/limits.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

using std::string_literals::operator""s;

std::string payload_of(const std::string& frame) { return frame.substr(kFrameHeader); }

struct Case {
  Message message;
  char tag;
  std::string fixed;      // fields of a fixed size
  std::string text = {};  // the last one, up to the payload's end
  std::string payload() const { return fixed + text; }
};

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases = {
      {Text{"hi"}, 'T', "", "hi"},
      {Text{""}, 'T', ""},
      {Notice{"n"}, 'N', "", "n"},
      {Bye{""}, 'B', ""},
      {Bye{"why"}, 'B', "", "why"},
      {Ping{"12"}, 'P', "", "12"},
      {Pong{"12"}, 'p', "", "12"},
      {Heard{0x0102030405}, 'K', "\0\0\0\1\2\3\4\5"s},
      {Offer{0x01020304, 0x05060708090a0b0c, -2, "a/b"}, 'O',
       "\1\2\3\4\5\6\7\x8\x9\xa\xb\xc\xff\xff\xff\xff\xff\xff\xff\xfe"s, "a/b"},
      {Many{2, 300, 0x0102, "dir"}, 'M', "\0\0\0\2\0\0\1\x2c\0\0\0\0\0\0\1\2"s, "dir"},
      {Accept{1, 2, 3}, 'A', "\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\3"s},
      {Window{1, 0xffffffffffffffff}, 'W', "\0\0\0\1\xff\xff\xff\xff\xff\xff\xff\xff"s},
      {End{1, 0xdeadbeef}, 'E', "\0\0\0\1\xde\xad\xbe\xef"s},
      {Stored{1, "n"}, 'S', "\0\0\0\1"s, "n"},
      {Refuse{1, ""}, 'R', "\0\0\0\1"s},
      {Cancel{0xffffffff, "r"}, 'X', "\xff\xff\xff\xff", "r"},
      {Get{3, "name"}, 'G', "\0\0\0\3"s, "name"},
      {List{4}, 'L', "\0\0\0\4"s},
      {Item{4, 5, 6, "x"}, 'I', "\0\0\0\4\0\0\0\0\0\0\0\5\0\0\0\0\0\0\0\6"s, "x"},
      {ListEnd{4}, 'Z', "\0\0\0\4"s},
  };
  return kCases;
}

TEST(Messages, EveryOneIsInThisTable) {
  std::set<std::size_t> kinds;
  for (const Case& c : cases()) kinds.insert(c.message.index());
  EXPECT_EQ(kinds.size(), std::variant_size_v<Message>);
}

TEST(Messages, EveryOneHasItsBytes) {
  for (const Case& c : cases())
    EXPECT_EQ(encode(c.message), make_frame(c.tag, c.payload())) << c.tag;
}

TEST(Messages, EveryOneIsReadBack) {
  for (const Case& c : cases()) {
    const Message back = decode(c.tag, c.payload());
    EXPECT_EQ(back.index(), c.message.index()) << c.tag;
    EXPECT_EQ(encode(back), encode(c.message)) << c.tag;
  }
}

TEST(Messages, EveryPayloadShorterThanItsFieldsIsAnError) {
  for (const Case& c : cases()) {
    for (std::size_t size = 0; size < c.fixed.size(); ++size)
      EXPECT_THROW(decode(c.tag, c.fixed.substr(0, size)), ProtocolError) << c.tag << size;
    EXPECT_NO_THROW(decode(c.tag, c.fixed)) << c.tag;
  }
}

TEST(Messages, BytesBehindTheLastFixedFieldAreIgnored) {
  const auto accept =
      std::get<Accept>(decode('A', "\0\0\0\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\3more"s));
  EXPECT_EQ(accept.limit, 3u);
}

TEST(Messages, AReasonThatIsTooLongIsCutAtACharacter) {
  std::string reason(kMaxText - 1, 'x');
  reason += "\xc3\xa4\xc3\xa4";  // the limit falls inside the first of them
  EXPECT_EQ(payload_of(encode(Bye{reason})), std::string(kMaxText - 1, 'x'));
  EXPECT_EQ(payload_of(encode(Notice{std::string(kMaxText, 'x')})).size(), kMaxText);
  EXPECT_DEATH(encode(Text{std::string(kMaxText + 1, 'x')}), "a bug in this program");
  EXPECT_EQ(payload_of(encode(Text{std::string(kMaxText, 'x')})).size(), kMaxText);
}

TEST(Messages, RandomPayloadsAreBorne) {
  std::mt19937 random(2);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int round = 0; round < 2000; ++round) {
    std::string payload(static_cast<std::size_t>(byte(random) % 40), '\0');
    for (char& c : payload) c = static_cast<char>(byte(random));
    for (const Case& c : cases()) {
      try {
        decode(c.tag, payload);
      } catch (const ProtocolError&) {
      }
    }
  }
  EXPECT_DEATH(decode('D', ""), "a bug in this program");
}

}  // namespace
}  // namespace talk
