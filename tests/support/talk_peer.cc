#include "tests/support/talk_peer.h"

namespace talk::test {
namespace {

constexpr std::size_t kHeader = 5;

std::string big_endian(std::uint64_t value, int bytes) {
  std::string out;
  while (bytes-- > 0) out += static_cast<char>(value >> (8 * bytes) & 0xff);
  return out;
}

std::uint32_t length_in(std::string_view header) {
  std::uint32_t length = 0;
  for (const char c : header.substr(1, 4)) length = length << 8 | static_cast<unsigned char>(c);
  return length;
}

}  // namespace

std::string u32(std::uint32_t value) { return big_endian(value, 4); }
std::string u64(std::uint64_t value) { return big_endian(value, 8); }
std::string frame_header(char tag, std::uint32_t length) { return tag + u32(length); }

std::string frame(char tag, std::string_view payload) {
  return frame_header(tag, static_cast<std::uint32_t>(payload.size())) + std::string(payload);
}

TalkPeer::TalkPeer(int port, std::string_view greeting) : Peer(port) {
  if (!greeting.empty()) send(greeting);
}

TalkPeer::TalkPeer(OwnedFd visitor) : Peer(std::move(visitor)) {
  send("TALK/1 pid=1 name=prof\r\n");
}

std::string TalkPeer::greeting() {
  const std::string& bytes = received();
  const std::size_t end = bytes.find("\r\n");
  return end == std::string::npos ? "" : bytes.substr(0, end);
}

pid_t TalkPeer::handler_pid() {
  constexpr std::string_view kStart = "TALK/1 pid=";
  wait_until([&] { return !greeting().empty() || sees_end(milliseconds(0)); });
  const std::string line = greeting();
  return line.starts_with(kStart) ? std::stoi(line.substr(kStart.size())) : 0;
}

std::vector<WireFrame> TalkPeer::frames() {
  std::string_view left = received();
  const std::size_t greeting_end = left.find('\n');
  if (greeting_end == std::string_view::npos) return {};
  left.remove_prefix(greeting_end + 1);
  std::vector<WireFrame> frames;
  while (left.size() >= kHeader) {
    const std::size_t length = length_in(left);
    if (left.size() - kHeader < length) break;
    frames.push_back({left[0], std::string(left.substr(kHeader, length))});
    left.remove_prefix(kHeader + length);
  }
  return frames;
}

bool TalkPeer::hears_frame(char tag, std::string_view part, milliseconds patience) {
  return wait_until(
      [&] {
        for (const WireFrame& each : frames())
          if (each.tag == tag && each.payload.find(part) != std::string::npos) return true;
        return false;
      },
      patience);
}

bool TalkPeer::is_answered() {
  const std::string question = "ping " + std::to_string(++pings_);
  send(frame('P', question));
  return hears_frame('p', question);
}

std::vector<std::string> TalkPeer::texts() {
  std::vector<std::string> texts;
  for (const WireFrame& each : frames())
    if (each.tag == 'T') texts.push_back(each.payload);
  return texts;
}

}  // namespace talk::test
