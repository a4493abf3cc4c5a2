#include "talk_server/window/x_client.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <stdexcept>

#include "common/posix/io.h"
#include "talk_server/window/x_authority.h"
#include "talk_server/window/x_display.h"

namespace talk {
namespace {

// Requests by their opcodes.
constexpr std::uint8_t kMapWindow = 8;
constexpr std::uint8_t kConfigureWindow = 12;
constexpr std::uint8_t kQueryTree = 15;
constexpr std::uint8_t kInternAtom = 16;
constexpr std::uint8_t kGetProperty = 20;
constexpr std::uint8_t kSendEvent = 25;
constexpr std::uint8_t kSetInputFocus = 42;
constexpr std::uint8_t kGetInputFocus = 43;

constexpr std::uint8_t kClientMessage = 33;                    // an event
constexpr std::uint32_t kToManager = (1u << 19) | (1u << 20);  // substructure notify, redirect
constexpr std::uint16_t kStackMode = 1u << 6;
constexpr std::uint32_t kLongestProperty = 1024;  // in units of 4 bytes
constexpr std::size_t kReplySize = 32;
constexpr std::size_t kMostBeyond = std::size_t{1} << 20;  // bytes of a reply

// In this machine's own order, of which the server is told.
template <typename T>
void put(std::string& bytes, T value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof value);
}

template <typename T>
T get(std::string_view bytes, std::size_t at) {
  T value{};
  if (at + sizeof value <= bytes.size()) std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

void pad(std::string& bytes) { bytes.resize((bytes.size() + 3) / 4 * 4); }

// Its length is in it, in units of 4 bytes.
std::string request(std::uint8_t opcode, std::uint8_t detail, const std::string& rest) {
  std::string bytes;
  put(bytes, opcode);
  put(bytes, detail);
  put(bytes, static_cast<std::uint16_t>((4 + rest.size() + 3) / 4));
  bytes += rest;
  pad(bytes);
  return bytes;
}

std::string words(std::initializer_list<std::uint32_t> numbers) {
  std::string bytes;
  for (const std::uint32_t number : numbers) put(bytes, number);
  return bytes;
}

std::string setup_request(const XAuthority& authority) {
  std::string bytes(std::endian::native == std::endian::little ? "l" : "B");
  bytes += '\0';
  for (const std::size_t number : {std::size_t{11}, std::size_t{0}, authority.name.size(),
                                   authority.data.size(), std::size_t{0}})
    put(bytes, static_cast<std::uint16_t>(number));
  bytes += authority.name;
  pad(bytes);
  bytes += authority.data;
  pad(bytes);
  return bytes;
}

// Of the first screen: behind the vendor's name and the formats of pictures.
XClient::Id root_in(std::string_view setup) {
  constexpr std::size_t kFixed = 32;
  constexpr std::size_t kFormat = 8;
  const std::size_t vendor = (std::size_t{get<std::uint16_t>(setup, 16)} + 3) / 4 * 4;
  return get<std::uint32_t>(setup, kFixed + vendor + get<std::uint8_t>(setup, 21) * kFormat);
}

}  // namespace

XClient::XClient(const std::string& display, milliseconds patience) : patience_(patience) {
  XDisplay at = connect_to_x_display(display);
  socket_ = std::move(at.socket);
  send(setup_request(x_authority(at.number)));
  const std::string head = read(8);
  const std::string setup = read(std::size_t{get<std::uint16_t>(head, 6)} * 4);
  if (head[0] != 1) throw std::runtime_error("the X server does not let this program in");
  root_ = root_in(setup);
}

XClient::Id XClient::atom(std::string_view name) {
  std::string rest;
  put(rest, static_cast<std::uint16_t>(name.size()));
  put(rest, std::uint16_t{0});
  send(request(kInternAtom, 0, rest.append(name)));
  return get<std::uint32_t>(reply(), 8);
}

std::string XClient::property(Id window, Id property) {
  constexpr Id kAnyType = 0;
  send(request(kGetProperty, 0, words({window, property, kAnyType, 0, kLongestProperty})));
  const std::string answer = reply();
  const std::size_t size =
      std::size_t{get<std::uint32_t>(answer, 16)} * get<std::uint8_t>(answer, 1) / 8;
  return answer.size() < kReplySize + size ? "" : answer.substr(kReplySize, size);
}

std::vector<std::uint32_t> XClient::numbers(Id window, Id name) {
  const std::string bytes = property(window, name);
  std::vector<std::uint32_t> numbers;
  for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4)
    numbers.push_back(get<std::uint32_t>(bytes, at));
  return numbers;
}

std::string XClient::text(Id window, Id name) { return property(window, name); }

XClient::Id XClient::parent(Id window) {
  send(request(kQueryTree, 0, words({window})));
  return get<std::uint32_t>(reply(), 12);
}

XClient::Id XClient::focus() {
  send(request(kGetInputFocus, 0, ""));
  return get<std::uint32_t>(reply(), 8);
}

void XClient::ask_manager(Id window, Id what, std::initializer_list<std::uint32_t> data) {
  std::string event;
  put(event, kClientMessage);
  put(event, std::uint8_t{32});  // the data's numbers have so many bits
  put(event, std::uint16_t{0});
  event += words({window, what}) + words(data);
  event.resize(32);
  send(request(kSendEvent, 0, words({root_, kToManager}) + event));
}

void XClient::map_and_raise(Id window) {
  constexpr std::uint32_t kAbove = 0;
  std::string rest = words({window});
  put(rest, kStackMode);
  put(rest, std::uint16_t{0});
  send(request(kMapWindow, 0, words({window})) +
       request(kConfigureWindow, 0, rest + words({kAbove})));
}

void XClient::set_focus(Id window) {
  constexpr std::uint8_t kRevertToParent = 2;
  constexpr std::uint32_t kNow = 0;
  send(request(kSetInputFocus, kRevertToParent, words({window, kNow})));
}

// ---- The connection ----

void XClient::send(const std::string& bytes) {
  write_all(socket_.get(), bytes, "ask the X server");
}

std::string XClient::read(std::size_t size) {
  const Time deadline = Clock::now() + patience_;
  std::string bytes(size, '\0');
  for (std::size_t at = 0; at < size;) {
    if (!ready_by(socket_.get(), POLLIN, deadline))
      throw std::runtime_error("the X server does not answer");
    const IoResult result = receive_some(socket_.get(), std::span(bytes).subspan(at));
    if (result.end() || result.failed()) throw std::runtime_error("the X server has gone");
    at += result.count;
  }
  return bytes;
}

// Events, of which none was asked for, come in between.
std::string XClient::reply() {
  constexpr char kError = 0;
  constexpr char kReply = 1;
  while (true) {
    std::string bytes = read(kReplySize);
    if (bytes[0] == kError) return "";
    if (bytes[0] != kReply) continue;
    const std::size_t beyond = std::size_t{get<std::uint32_t>(bytes, 4)} * 4;
    if (beyond > kMostBeyond) throw std::runtime_error("the X server says too much");
    return bytes + read(beyond);
  }
}

}  // namespace talk
