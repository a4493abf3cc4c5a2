// What the frames of TALK/1 say. File data is not here: it is never gathered into a message (see
// frame.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace talk {

struct Text {
  std::string text;
};  // one line from the person
struct Notice {
  std::string text;
};  // from the program rather than the person
struct Bye {
  std::string reason;
};  // nothing follows from this side
struct Ping {
  std::string payload;
};
struct Pong {
  std::string payload;
};
struct Offer {
  std::uint32_t transfer = 0;
  std::uint64_t size = 0;  // bytes
  std::int64_t mtime = 0;  // Unix seconds
  std::string name;        // relative, '/' between parts; a wish
};
struct Accept {
  std::uint32_t transfer = 0;
  std::uint64_t start = 0;
  std::uint64_t limit = 0;
};
struct Window {
  std::uint32_t transfer = 0;
  std::uint64_t limit = 0;
};
struct End {
  std::uint32_t transfer = 0;
  std::uint32_t crc = 0;
};
struct Stored {
  std::uint32_t transfer = 0;
  std::string name;
};
struct Refuse {
  std::uint32_t transfer = 0;
  std::string reason;
};
struct Cancel {
  std::uint32_t transfer = 0;
  std::string reason;
};
struct Get {
  std::uint32_t transfer = 0;
  std::string name;
};
struct List {
  std::uint32_t request = 0;
};
struct Item {
  std::uint32_t request = 0;
  std::uint64_t size = 0;
  std::int64_t mtime = 0;
  std::string name;
};
struct ListEnd {
  std::uint32_t request = 0;
};

using Message = std::variant<Text, Notice, Bye, Ping, Pong, Offer, Accept, Window, End, Stored,
                             Refuse, Cancel, Get, List, Item, ListEnd>;

// The whole frame. Text longer than the limit of its tag is cut at a character's boundary where
// it is of the program's own making (notice, reasons); a Text must fit.
std::string encode(const Message& message);

// Throws ProtocolError where the payload is shorter than its fields. Bytes behind the last fixed
// field are ignored, so that a frame can grow.
Message decode(char tag, std::string_view payload);

}  // namespace talk
