#include "common/posix/log.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>

#include "common/posix/io.h"

namespace talk {
namespace {

constexpr std::size_t kTimeSize = 27;  // with the blank behind it, and the line's end

std::string log_line(const std::string& event) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  std::array<char, 32> time{};
  std::size_t size = std::strftime(time.data(), time.size(), "%Y-%m-%dT%H:%M:%S%z", &local);
  std::string line(time.data(), size);
  if (line.size() > 2) line.insert(line.size() - 2, 1, ':');  // +0000 is +00:00 in RFC 3339
  line += " " + event;
  line.resize(std::min(line.size(), LogSink::kLongest - 1));
  return line + "\n";
}

}  // namespace

// A regular file is never full for a moment only, and a description of its own would have an offset
// of its own, at which one writes over the others.
LogSink::LogSink(int fd) : fd_(fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return;
  if (S_ISSOCK(status.st_mode)) kind_ = Kind::socket;
  if (!S_ISFIFO(status.st_mode) && ::isatty(fd) != 1) return;
  const std::string path = "/dev/fd/" + std::to_string(fd);
  own_.reset(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (own_) kind_ = Kind::own_description;
}

// Writes as much as is taken without waiting, and returns what is left.
std::string_view LogSink::send(std::string_view bytes) const {
  IoResult result;
  pollfd ready{fd_, POLLOUT, 0};
  switch (kind_) {
    case Kind::socket:
      result = send_some(fd_, bytes);
      break;
    case Kind::own_description:
      result = write_some(own_.get(), bytes);
      break;
    case Kind::other:
      if (::poll(&ready, 1, 0) == 1) result = write_some(fd_, bytes);
      break;
  }
  return bytes.substr(result.count);
}

bool LogSink::write(std::string_view line) {
  rest_.erase(0, rest_.size() - send(rest_).size());
  if (!rest_.empty()) return false;
  const std::string_view left = send(line);
  if (left.size() == line.size()) return false;
  rest_ = left;
  return true;
}

LogSink& LogSink::standard_error() {
  static LogSink sink(STDERR_FILENO);
  return sink;
}

void log_event(const std::string& event) {
  static std::uint64_t left_out = 0;
  LogSink& sink = LogSink::standard_error();
  if (left_out != 0) {
    if (!sink.write(log_line("log left out lines=" + std::to_string(left_out)))) {
      ++left_out;
      return;
    }
    left_out = 0;
  }
  if (!sink.write(log_line(event))) ++left_out;
}

bool LogAllowance::take(std::size_t bytes, Time now) {
  // Only whole bytes are counted, and only the time that they took.
  constexpr std::chrono::nanoseconds kByte = std::chrono::nanoseconds(seconds(1)) / kPerSecond;
  const auto gathered = static_cast<std::uint64_t>((now - counted_at_) / kByte);
  left_ = static_cast<std::size_t>(std::min<std::uint64_t>(kAtOnce, left_ + gathered));
  counted_at_ += gathered * kByte;
  if (used_up_ && left_ < kResume) return false;
  used_up_ = left_ < bytes;
  if (!used_up_) left_ -= bytes;
  return !used_up_;
}

LimitedLog::LimitedLog(std::string subject)
    : subject_(std::move(subject)), allowance_(Clock::now()) {}

LimitedLog::~LimitedLog() { say_left_out(); }

void LimitedLog::say_left_out() {
  if (left_out_ == 0) return;
  log_event(subject_ + " left out lines=" + std::to_string(left_out_));
  left_out_ = 0;
}

void LimitedLog::event(const std::string& event) {
  const std::string line = subject_ + " " + event;
  if (allowance_.take(line.size() + kTimeSize, Clock::now())) {
    say_left_out();
    log_event(line);
  } else if (left_out_++ == 0) {
    log_event(subject_ + " too often: lines are left out");
  }
}

}  // namespace talk
