#include "common/desk/control_client.h"

#include <algorithm>
#include <array>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/unix_socket.h"

namespace talk {
namespace {

constexpr std::size_t kReadAtOnce = 4096;
constexpr std::size_t kMostAnswer = std::size_t{1} << 20;

}  // namespace

ControlClient::ControlClient(const std::string& path) : socket_(connect_now(path)) {
  if (socket_.get() >= FD_SETSIZE) throw_error(EMFILE, "connect to " + path);
  if (const auto peer = unix_peer(socket_.get())) process_ = peer->process;
}

void ControlClient::ask(std::string_view request) {
  request_ = request;
  std::replace(request_.begin(), request_.end(), '\n', ' ');
  request_ += '\n';
  answer_.clear();
  asking_ = true;
  send();
}

void ControlClient::prepare(WaitSet& wait) const {
  if (ended_) return;
  if (!request_.empty()) wait.want_write(socket_.get());
  wait.want_read(socket_.get());
}

std::optional<std::string> ControlClient::turn(const WaitSet& wait) {
  if (ended_) return std::nullopt;
  if (wait.can_write(socket_.get())) send();
  if (!wait.can_read(socket_.get())) return std::nullopt;
  std::array<char, kReadAtOnce> bytes;
  const IoResult result = receive_some(socket_.get(), bytes);
  answer_.append(bytes.data(), result.count);
  ended_ = result.end() || result.failed() || answer_.size() > kMostAnswer;
  const std::size_t end = answer_.find('\n');
  if (!asking_ || end == std::string::npos) return std::nullopt;
  asking_ = false;
  return answer_.substr(0, end);
}

void ControlClient::send() {
  const IoResult result = send_some(socket_.get(), request_);
  request_.erase(0, result.count);
  if (result.failed()) ended_ = true;
}

}  // namespace talk
