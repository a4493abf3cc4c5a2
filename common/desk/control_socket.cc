#include "common/desk/control_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "common/posix/io.h"
#include "common/posix/pass_descriptor.h"
#include "common/posix/tcp_state.h"
#include "common/posix/unix_socket.h"

namespace talk {
namespace {

constexpr int kBacklog = 64;
constexpr std::size_t kReadAtOnce = 4096;

ino_t inode_at(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

bool is_own_user(int socket) {
  const auto peer = unix_peer(socket);
  return peer && peer->user == ::geteuid();
}

}  // namespace

ControlSocket::ControlSocket(std::string path, Answer answer, AnswerPassed answer_passed)
    : path_(std::move(path)), answer_(std::move(answer)), answer_passed_(std::move(answer_passed)) {
  ::unlink(path_.c_str());
  listening_ = listen_at_path(path_, kBacklog);
  ::fcntl(listening_.get(), F_SETFL, O_NONBLOCK);
  inode_ = inode_at(path_);
}

ControlSocket::~ControlSocket() {
  if (inode_at(path_) == inode_) ::unlink(path_.c_str());
}

void ControlSocket::prepare(WaitSet& wait, Time now) const {
  if (arrivals_.ready(now))
    wait.want_read(listening_.get());
  else
    wait.wake_by(arrivals_.next());
  for (const Client& client : clients_) {
    if (!client.answer.empty())
      wait.want_write(client.socket.get());
    else if (!client.pace.ready(now))
      wait.wake_by(client.pace.next());
    else if (client.request.find('\n') != std::string::npos)
      wait.wake_by(now);
    else
      wait.want_read(client.socket.get());
  }
}

void ControlSocket::turn(const WaitSet& wait, Time now) {
  clients_.remove_if([&](Client& client) { return !serve(client, wait, now); });
  if (wait.can_read(listening_.get())) accept_one(now);
}

void ControlSocket::accept_one(Time now) {
  OwnedFd socket(::accept(listening_.get(), nullptr, nullptr));
  if (!socket) return;
  arrivals_.happened(now);
  if (socket.get() >= FD_SETSIZE || !is_own_user(socket.get())) return;
  ::fcntl(socket.get(), F_SETFD, FD_CLOEXEC);
  if (clients_.size() == kMostClients)
    clients_.erase(std::min_element(
        clients_.begin(), clients_.end(),
        [](const Client& one, const Client& other) { return one.heard < other.heard; }));
  clients_.push_back({std::move(socket)});
  clients_.back().heard = now;
}

// False where there is nothing more to be done for it.
bool ControlSocket::serve(Client& client, const WaitSet& wait, Time now) const {
  if (!client.answer.empty()) return !wait.can_write(client.socket.get()) || send(client);
  if (wait.can_read(client.socket.get()) && !receive(client)) return false;
  const std::size_t end = client.request.find('\n');
  if (end == std::string::npos) return client.request.size() <= kMostRequest;
  if (!client.pace.ready(now)) return true;
  // Who did not wait for the answer does something else with what it passed.
  if (client.passed && has_left_unheard(client.socket.get())) return false;
  client.pace.happened(now);
  client.heard = now;
  const std::string_view request = std::string_view(client.request).substr(0, end);
  OwnedFd passed = std::move(client.passed);
  const bool with_it = passed && answer_passed_;
  client.answer = (with_it ? answer_passed_(request, std::move(passed)) : answer_(request)) + "\n";
  client.request.erase(0, end + 1);
  return send(client);
}

bool ControlSocket::receive(Client& client) const {
  std::array<char, kReadAtOnce> bytes;
  const IoResult result = receive_with_descriptor(client.socket.get(), bytes, client.passed);
  client.request.append(bytes.data(), result.count);
  return !result.end() && !result.failed();
}

bool ControlSocket::send(Client& client) const {
  const IoResult result = send_some(client.socket.get(), client.answer);
  client.answer.erase(0, result.count);
  return !result.failed() && !result.end();
}

}  // namespace talk
