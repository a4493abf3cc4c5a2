#include "common/desk/resumption.h"

#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>

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

namespace talk {
namespace {

constexpr seconds kAnswerTime{1};
constexpr milliseconds kBetweenLooks{1};

bool readable_by(int socket, Time deadline) {
  const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
  pollfd ready{socket, POLLIN, 0};
  return ::poll(&ready, 1, static_cast<int>(std::max(left, milliseconds(0)).count())) == 1;
}

// The first word that comes, or nothing.
std::string answer_by(int socket, Time deadline) {
  std::string answer;
  std::array<char, 64> bytes;
  while (answer.find('\n') == std::string::npos && readable_by(socket, deadline)) {
    const IoResult result = receive_some(socket, bytes);
    answer.append(bytes.data(), result.count);
    if (result.end() || result.failed()) break;
  }
  return answer;
}

// A greeting that stands whole at the beginning, within the time.
std::optional<Greeting> peek_greeting(int socket, Time deadline) {
  std::array<char, kMaxGreeting> bytes;
  if (!readable_by(socket, deadline)) return std::nullopt;
  while (true) {
    const ssize_t count = ::recv(socket, bytes.data(), bytes.size(), MSG_PEEK | MSG_DONTWAIT);
    if (count <= 0) return std::nullopt;
    const FirstBytes first = judge_first_bytes({bytes.data(), static_cast<std::size_t>(count)});
    if (first.kind == FirstBytes::Kind::greeting) return first.greeting;
    const bool more_may_come = first.kind == FirstBytes::Kind::could_become_one;
    if (!more_may_come || Clock::now() >= deadline) return std::nullopt;
    std::this_thread::sleep_for(kBetweenLooks);  // what stays in the socket is ready all the time
  }
}

}  // namespace

std::string format_resumption(const Resumption& resumption) {
  return "resume " + format_ticket(resumption.ticket) + " " + std::to_string(resumption.got) + " " +
         percent_encode(resumption.read);
}

std::optional<Resumption> read_resumption(std::string_view text) {
  const std::size_t first = text.find(' ');
  const std::size_t second = first == text.npos ? text.npos : text.find(' ', first + 1);
  if (second == text.npos) return std::nullopt;
  const auto ticket = read_ticket(text.substr(0, first));
  const auto got = decimal<std::uint64_t>(text.substr(first + 1, second - first - 1));
  std::string read = percent_decode(text.substr(second + 1));
  if (!ticket || !got || read.size() > kMostReadOfResumed) return std::nullopt;
  return Resumption{*ticket, *got, std::move(read)};
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

bool hand_over_if_called_again(int socket, const std::string& register_directory,
                               milliseconds patience) {
  if (register_directory.empty()) return false;
  const auto greeting = peek_greeting(socket, Clock::now() + patience);
  if (!greeting || !greeting->session || !greeting->got) return false;
  return hand_over(register_directory, {*greeting->session, *greeting->got, ""}, socket);
}

}  // namespace talk
