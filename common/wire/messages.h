// What the frames of TALK/1 say, and how they are written. A message is a struct here: its tag, its
// fields in the order in which they travel (integers big-endian, a text last and up to the
// payload's end), and its limit; what is written, read and allowed follows from that. File data is
// no message: it is never gathered (frame.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <variant>

#include "common/wire/limits.h"
#include "common/wire/transfer_number.h"

namespace talk {

struct Text {  // one line from the person
  std::string text;
  static constexpr char kTag = 'T';
  static constexpr auto kFields = std::tuple(&Text::text);
  static constexpr std::size_t kMost = kMaxText;
};
struct Notice {  // from the program rather than the person
  std::string text;
  static constexpr char kTag = 'N';
  static constexpr auto kFields = std::tuple(&Notice::text);
  static constexpr std::size_t kMost = kMaxText;
};
struct Bye {  // nothing follows from this side
  std::string reason;
  static constexpr char kTag = 'B';
  static constexpr auto kFields = std::tuple(&Bye::reason);
  static constexpr std::size_t kMost = kMaxText;
};
struct Ping {
  std::string payload;
  static constexpr char kTag = 'P';
  static constexpr auto kFields = std::tuple(&Ping::payload);
  static constexpr std::size_t kMost = kMaxPing;
};
struct Pong {
  std::string payload;
  static constexpr char kTag = 'p';
  static constexpr auto kFields = std::tuple(&Pong::payload);
  static constexpr std::size_t kMost = kMaxPing;
};
struct Heard {  // texts and notices taken in and shown since the talk began
  std::uint64_t count = 0;
  static constexpr char kTag = 'K';
  static constexpr auto kFields = std::tuple(&Heard::count);
};
struct Offer {
  TransferNumber transfer = 0;
  std::uint64_t size = 0;  // bytes
  std::int64_t mtime = 0;  // Unix seconds
  std::string name;        // relative, '/' between parts; a wish
  static constexpr char kTag = 'O';
  static constexpr auto kFields =
      std::tuple(&Offer::transfer, &Offer::size, &Offer::mtime, &Offer::name);
};
struct Many {  // a directory: one question for the offers below it, which follow its accept
  TransferNumber transfer = 0;
  std::uint32_t files = 0;
  std::uint64_t bytes = 0;  // of all of them
  std::string name;         // of the directory, as in its offers
  static constexpr char kTag = 'M';
  static constexpr auto kFields =
      std::tuple(&Many::transfer, &Many::files, &Many::bytes, &Many::name);
};
struct Accept {
  TransferNumber transfer = 0;
  std::uint64_t start = 0;
  std::uint64_t limit = 0;
  static constexpr char kTag = 'A';
  static constexpr auto kFields = std::tuple(&Accept::transfer, &Accept::start, &Accept::limit);
};
struct Window {
  TransferNumber transfer = 0;
  std::uint64_t limit = 0;
  static constexpr char kTag = 'W';
  static constexpr auto kFields = std::tuple(&Window::transfer, &Window::limit);
};
struct End {
  TransferNumber transfer = 0;
  std::uint32_t crc = 0;
  static constexpr char kTag = 'E';
  static constexpr auto kFields = std::tuple(&End::transfer, &End::crc);
};
struct Stored {
  TransferNumber transfer = 0;
  std::string name;
  static constexpr char kTag = 'S';
  static constexpr auto kFields = std::tuple(&Stored::transfer, &Stored::name);
};
struct Refuse {
  TransferNumber transfer = 0;
  std::string reason;
  static constexpr char kTag = 'R';
  static constexpr auto kFields = std::tuple(&Refuse::transfer, &Refuse::reason);
};
struct Cancel {
  TransferNumber transfer = 0;
  std::string reason;
  static constexpr char kTag = 'X';
  static constexpr auto kFields = std::tuple(&Cancel::transfer, &Cancel::reason);
};
struct Get {
  TransferNumber transfer = 0;
  std::string name;
  static constexpr char kTag = 'G';
  static constexpr auto kFields = std::tuple(&Get::transfer, &Get::name);
};
struct List {
  TransferNumber request = 0;
  static constexpr char kTag = 'L';
  static constexpr auto kFields = std::tuple(&List::request);
};
struct Item {
  TransferNumber request = 0;
  std::uint64_t size = 0;
  std::int64_t mtime = 0;
  std::string name;
  static constexpr char kTag = 'I';
  static constexpr auto kFields =
      std::tuple(&Item::request, &Item::size, &Item::mtime, &Item::name);
};
struct ListEnd {
  TransferNumber request = 0;
  static constexpr char kTag = 'Z';
  static constexpr auto kFields = std::tuple(&ListEnd::request);
};

// The one list of them.
using Message = std::variant<Text, Notice, Bye, Ping, Pong, Heard, Offer, Many, Accept, Window, End,
                             Stored, Refuse, Cancel, Get, List, Item, ListEnd>;

// The whole frame. A text longer than its limit is cut at a character's boundary where it is of the
// program's own making (notices, reasons); a Text must fit.
std::string encode(const Message& message);

// `tag` is one that payload_limit() knows. Throws ProtocolError where the payload is shorter than
// its fields. Bytes behind the last fixed field are ignored, so that a frame can grow.
Message decode(char tag, std::string_view payload);

// The most bytes that a message with that tag may have; nothing where the tag is no message's.
std::optional<std::size_t> payload_limit(char tag);

// Any frame; `payload` is at most kMaxPayload bytes.
std::string make_frame(char tag, std::string_view payload);

// What goes before `count` bytes of file data.
inline constexpr char kDataTag = 'D';
inline constexpr std::size_t kTransferNumberSize = sizeof(TransferNumber);
std::string make_data_header(TransferNumber transfer, std::size_t count);

}  // namespace talk
