#include "common/desk/resumption.h"

#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <system_error>
#include <thread>

#include "common/desk/register.h"
#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/pass_descriptor.h"
#include "common/posix/unix_socket.h"
#include "common/text/decimal.h"
#include "common/text/percent.h"
#include "common/wire/limits.h"
#include "common/wire/proxy_header.h"

namespace talk {
namespace {

constexpr seconds kAnswerTime{1};
constexpr milliseconds kBetweenLooks{1};
constexpr std::size_t kMostHeader = 1024;  // bytes; longer ones are the handler's to read
const std::string kUnknown = "-";

// The first word that comes, or nothing.
std::string answer_by(int socket, Time deadline) {
  std::string answer;
  std::array<char, 64> bytes;
  while (answer.find('\n') == std::string::npos && ready_by(socket, POLLIN, deadline)) {
    const IoResult result = receive_some(socket, bytes);
    answer.append(bytes.data(), result.count);
    if (result.end() || result.failed()) break;
  }
  return answer;
}

// What a connection begins with, as far as it can be seen.
struct Beginning {
  std::optional<Greeting> greeting;
  std::string address;   // of the visitor, by the header before it
  std::size_t skip = 0;  // bytes of that
  bool undecided = false;
};

// The header's size; nothing while it is not whole. Throws ProxyError.
std::optional<std::size_t> header_size(std::string_view bytes) {
  std::size_t size = 0;
  while (const std::size_t wanted = proxy_bytes_wanted(bytes.substr(0, size))) {
    if (size + wanted > bytes.size()) return std::nullopt;
    size += wanted;
  }
  return size;
}

Beginning look_at(std::string_view bytes, bool by_header) {
  Beginning beginning;
  if (by_header) {
    const auto size = header_size(bytes);
    beginning.undecided = !size;
    if (!size) return beginning;
    beginning.skip = *size;
    const ProxyHeader header = read_proxy_header(bytes.substr(0, *size));
    if (header.ends) beginning.address = header.ends->source.ip;
  }
  const FirstBytes first = judge_first_bytes(bytes.substr(beginning.skip));
  if (first.kind == FirstBytes::Kind::greeting) beginning.greeting = first.greeting;
  beginning.undecided = first.kind == FirstBytes::Kind::could_become_one;
  return beginning;
}

// Waits for a greeting that stands whole at the beginning, within the time.
Beginning peek_beginning(int socket, bool by_header, Time deadline) try {
  std::array<char, kMaxGreeting + kMostHeader> bytes;
  if (!ready_by(socket, POLLIN, deadline)) return {};
  while (true) {
    const ssize_t count = ::recv(socket, bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
    if (count <= 0) return {};
    const Beginning seen = look_at({bytes.data(), static_cast<std::size_t>(count)}, by_header);
    if (!seen.undecided || Clock::now() >= deadline) return seen;
    std::this_thread::sleep_for(kBetweenLooks);  // what stays in the socket is ready all the time
  }
} catch (const ProxyError&) {
  return {};  // whoever takes the connection says what is wrong
}

}  // namespace

std::string format_resumption(const Resumption& resumption) {
  return "resume " + format_ticket(resumption.ticket) + " " + std::to_string(resumption.got) + " " +
         std::to_string(resumption.skip) + " " +
         (resumption.peer.empty() ? kUnknown : percent_encode(resumption.peer)) + " " +
         percent_encode(resumption.read);
}

std::optional<Resumption> read_resumption(std::string_view text) {
  std::array<std::string_view, 5> words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::size_t end = i + 1 < words.size() ? text.find(' ') : text.size();
    if (end == text.npos) return std::nullopt;
    words[i] = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const auto ticket = read_ticket(words[0]);
  const auto got = decimal<std::uint64_t>(words[1]);
  const auto skip = decimal<std::size_t>(words[2]);
  std::string peer = words[3] == kUnknown ? "" : percent_decode(words[3]);
  std::string read = percent_decode(words[4]);
  if (!ticket || !got || !skip || *skip > kMostReadOfResumed || read.size() > kMostReadOfResumed)
    return std::nullopt;
  return Resumption{*ticket, *got, std::move(read), std::move(peer), *skip};
}

bool same_secret(std::string_view one, std::string_view other) {
  if (one.size() != other.size()) return false;
  volatile unsigned char difference = 0;
  for (std::size_t i = 0; i < one.size(); ++i)
    difference = static_cast<unsigned char>(difference | (one[i] ^ other[i]));
  return difference == 0;
}

std::string make_token() {
  std::array<unsigned char, TalkTicket::kTokenSize / 2> bytes{};
  if (::getentropy(bytes.data(), bytes.size()) != 0) throw_errno("make a secret");
  std::string token;
  for (const unsigned char byte : bytes) {
    token += "0123456789abcdef"[byte >> 4];
    token += "0123456789abcdef"[byte & 15];
  }
  return token;
}

bool hand_over(const std::string& register_directory, const Resumption& resumption, int socket) {
  if (resumption.read.size() > kMostReadOfResumed) return false;
  try {
    const OwnedFd control =
        connect_now(session_socket(register_directory, resumption.ticket.number));
    send_with_descriptor(control.get(), format_resumption(resumption) + "\n", socket);
    return answer_by(control.get(), Clock::now() + kAnswerTime).starts_with("ok");
  } catch (const std::system_error&) {
    return false;  // nobody is there
  }
}

std::optional<Resumption> look_for_resumption(int socket, const CalledFrom& from,
                                              milliseconds patience) {
  const Beginning seen = peek_beginning(socket, from.by_header, Clock::now() + patience);
  const auto& greeting = seen.greeting;
  if (!greeting || !greeting->session || !greeting->got) return std::nullopt;
  const std::string& address = seen.address.empty() ? from.address : seen.address;
  return Resumption{*greeting->session, *greeting->got, "", address, seen.skip};
}

}  // namespace talk
