#include "common/wire/messages.h"

#include "common/posix/bug.h"
#include "common/text/utf8.h"
#include "common/wire/frame.h"
#include "common/wire/integers.h"
#include "common/wire/limits.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

// Writes fields in their order.
class Writer {
 public:
  explicit Writer(char tag) : tag_(tag) {}
  Writer& u32(std::uint32_t value) {
    put_integer(payload_, value);
    return *this;
  }
  Writer& u64(std::uint64_t value) {
    put_integer(payload_, value);
    return *this;
  }
  Writer& i64(std::int64_t value) { return u64(static_cast<std::uint64_t>(value)); }
  std::string rest(std::string_view text, std::size_t most = kMaxText) {
    payload_.append(cut_utf8(text, most));
    return make_frame(tag_, payload_);
  }
  std::string done() { return make_frame(tag_, payload_); }

 private:
  char tag_;
  std::string payload_;
};

// Reads fields in their order; a payload that is too short is a protocol error.
class Reader {
 public:
  Reader(char tag, std::string_view payload) : tag_(tag), left_(payload) {}
  std::uint32_t u32() { return take<std::uint32_t>(); }
  std::uint64_t u64() { return take<std::uint64_t>(); }
  std::int64_t i64() { return static_cast<std::int64_t>(u64()); }
  std::string rest() { return std::string(left_); }

 private:
  template <typename T>
  T take() {
    if (left_.size() < sizeof(T))
      throw ProtocolError(std::string("a frame '") + tag_ + "' shorter than its fields");
    const T value = get_integer<T>(left_);
    left_.remove_prefix(sizeof(T));
    return value;
  }

  char tag_;
  std::string_view left_;
};

struct Encoder {
  std::string operator()(const Text& m) const {
    check(m.text.size() <= kMaxText, "a line over the limit");
    return make_frame('T', m.text);
  }
  std::string operator()(const Notice& m) const { return Writer('N').rest(m.text); }
  std::string operator()(const Bye& m) const { return Writer('B').rest(m.reason); }
  std::string operator()(const Ping& m) const { return Writer('P').rest(m.payload, kMaxPing); }
  std::string operator()(const Pong& m) const { return Writer('p').rest(m.payload, kMaxPing); }
  std::string operator()(const Offer& m) const {
    return Writer('O').u32(m.transfer).u64(m.size).i64(m.mtime).rest(m.name);
  }
  std::string operator()(const Accept& m) const {
    return Writer('A').u32(m.transfer).u64(m.start).u64(m.limit).done();
  }
  std::string operator()(const Window& m) const {
    return Writer('W').u32(m.transfer).u64(m.limit).done();
  }
  std::string operator()(const End& m) const {
    return Writer('E').u32(m.transfer).u32(m.crc).done();
  }
  std::string operator()(const Stored& m) const { return Writer('S').u32(m.transfer).rest(m.name); }
  std::string operator()(const Refuse& m) const {
    return Writer('R').u32(m.transfer).rest(m.reason);
  }
  std::string operator()(const Cancel& m) const {
    return Writer('X').u32(m.transfer).rest(m.reason);
  }
  std::string operator()(const Get& m) const { return Writer('G').u32(m.transfer).rest(m.name); }
  std::string operator()(const List& m) const { return Writer('L').u32(m.request).done(); }
  std::string operator()(const Item& m) const {
    return Writer('I').u32(m.request).u64(m.size).i64(m.mtime).rest(m.name);
  }
  std::string operator()(const ListEnd& m) const { return Writer('Z').u32(m.request).done(); }
};

}  // namespace

std::string encode(const Message& message) { return std::visit(Encoder{}, message); }

// Braced initialisers are evaluated in order, which is the order of the fields.
Message decode(char tag, std::string_view payload) {
  Reader in(tag, payload);
  switch (tag) {
    case 'T':
      return Text{in.rest()};
    case 'N':
      return Notice{in.rest()};
    case 'B':
      return Bye{in.rest()};
    case 'P':
      return Ping{in.rest()};
    case 'p':
      return Pong{in.rest()};
    case 'O':
      return Offer{in.u32(), in.u64(), in.i64(), in.rest()};
    case 'A':
      return Accept{in.u32(), in.u64(), in.u64()};
    case 'W':
      return Window{in.u32(), in.u64()};
    case 'E':
      return End{in.u32(), in.u32()};
    case 'S':
      return Stored{in.u32(), in.rest()};
    case 'R':
      return Refuse{in.u32(), in.rest()};
    case 'X':
      return Cancel{in.u32(), in.rest()};
    case 'G':
      return Get{in.u32(), in.rest()};
    case 'L':
      return List{in.u32()};
    case 'I':
      return Item{in.u32(), in.u64(), in.i64(), in.rest()};
    case 'Z':
      return ListEnd{in.u32()};
    default:
      bug("decode was given a tag that is no message");
  }
}

}  // namespace talk
