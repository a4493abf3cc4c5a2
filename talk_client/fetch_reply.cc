#include "talk_client/fetch_reply.h"

#include <algorithm>
#include <utility>

#include "common/text/decimal.h"
#include "common/wire/greeting.h"

namespace talk {
namespace {

constexpr std::string_view kNo = "NO";
constexpr const char* kNotFound = "not found";
constexpr std::size_t kMostDigits = 20;
constexpr std::size_t kLongestLine = 512;

std::size_t digits_in(std::string_view text) {
  const auto other = [](char c) { return c < '0' || c > '9'; };
  return static_cast<std::size_t>(std::ranges::find_if(text, other) - text.begin());
}

std::size_t line_end_in(std::string_view text) {
  if (text.starts_with("\r\n")) return 2;
  return !text.empty() && (text[0] == '\n' || text[0] == '\0') ? 1 : 0;
}

}  // namespace

// `8402 OK 1234` or `8402 NO reason`; what is behind the line stays. False where it is neither.
bool FetchReply::judge_line() {
  const std::size_t end = head_.find('\n');
  if (end == std::string::npos) return false;
  std::string_view line(head_.data(), end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  const std::size_t digits = digits_in(line);
  const std::string_view rest = line.substr(digits);
  if (rest == " NO" || rest.starts_with(" NO ")) {
    refused_ = rest.size() > 4 ? std::string(rest.substr(4)) : kNotFound;
  } else if (rest == " OK" || rest.starts_with(" OK ")) {
    const auto size = decimal<std::int64_t>(rest.substr(std::min<std::size_t>(4, rest.size())));
    malformed_ = !size || *size < 0;
    if (!malformed_) size_ = static_cast<std::uint64_t>(*size);
  } else {
    return false;
  }
  process_id_ = line.substr(0, digits);
  head_.erase(0, end + 1);
  return true;
}

// False while it could still become one.
bool FetchReply::judge_greeting(bool at_end) {
  const FirstBytes verdict = judge_first_bytes(head_);
  greeted_ = verdict.kind == FirstBytes::Kind::greeting;
  return at_end || verdict.kind != FirstBytes::Kind::could_become_one;
}

// The digits at the beginning of the first receive, and the line end behind them.
void FetchReply::take_process_id() {
  const std::size_t digits = std::min(digits_in(head_), *first_receive_);
  process_id_taken_ = true;
  if (digits == 0 || digits > kMostDigits) return;
  process_id_ = head_.substr(0, digits);
  const bool more = digits < *first_receive_;
  head_.erase(0, digits + (more ? line_end_in(std::string_view(head_).substr(digits)) : 0));
}

// False while more is needed to know where the file begins, or whether there is one.
bool FetchReply::judge_head(bool at_end) {
  if (!process_id_taken_ && lines_) {
    if (!judge_greeting(at_end) || greeted_) return false;
    const std::size_t digits = digits_in(head_);
    const bool all_digits = digits == head_.size();
    const bool line = digits > 0 && !all_digits && head_[digits] == ' ';
    if (line && judge_line()) return true;
    const bool unfinished = line && head_.find('\n') == std::string::npos;
    if (!at_end && (unfinished || all_digits) && head_.size() < kLongestLine) return false;
  }
  if (!process_id_taken_) take_process_id();
  if (!at_end && kNo.starts_with(head_)) return false;  // could still be all of the reply
  if (at_end && head_ == kNo) refused_ = kNotFound;
  return true;
}

std::string FetchReply::file_bytes(std::string_view bytes) {
  if (size_) bytes = bytes.substr(0, std::min<std::uint64_t>(bytes.size(), *size_ - received_));
  received_ += bytes.size();
  return std::string(bytes);
}

std::string FetchReply::receive(std::string_view bytes) {
  if (in_file_) return file_bytes(bytes);
  head_.append(bytes);
  if (!first_receive_) first_receive_ = bytes.size();
  if (!judge_head(false) || refused_ || malformed_) return {};
  in_file_ = true;
  return file_bytes(std::exchange(head_, {}));
}

std::string FetchReply::end() {
  if (in_file_ || !first_receive_ || refused_ || malformed_) return {};
  judge_head(true);
  if (greeted_ || malformed_) return {};
  in_file_ = true;
  return refused_ ? std::string() : file_bytes(std::exchange(head_, {}));
}

}  // namespace talk
