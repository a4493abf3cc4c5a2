#include "common/desk/report.h"

#include <algorithm>
#include <concepts>
#include <functional>

#include "common/text/decimal.h"
#include "common/text/percent.h"
#include "common/text/utf8.h"

namespace talk {
namespace {

constexpr std::string_view kSession = "session";
constexpr std::string_view kListener = "listener";

class Writer {
 public:
  explicit Writer(std::string_view kind) : line_(kind) {}

  void add(std::string_view key, std::string_view value) {
    line_.append(" ").append(key).append("=").append(
        percent_encode(cut_utf8(value, kMostNameReported)));
  }
  void add(std::string_view key, std::integral auto value) { add(key, std::to_string(value)); }
  void add_if(std::string_view key, std::string_view value) {
    if (!value.empty()) add(key, value);
  }

  const std::string& line() const { return line_; }

 private:
  std::string line_;
};

// Calls `attribute` with each key and value of the line. False where it is of another kind.
bool read_line(std::string_view line, std::string_view kind,
               const std::function<void(std::string_view, const std::string&)>& attribute) {
  const ControlLine parts = split_control_line(line);
  if (parts.word != kind) return false;
  std::string_view rest = parts.text;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    const std::size_t equals = word.find('=');
    if (equals != std::string_view::npos)
      attribute(word.substr(0, equals), percent_decode(word.substr(equals + 1)));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  }
  return true;
}

template <typename T>
void read_number(const std::string& text, T& place) {
  place = decimal<T>(text).value_or(place);
}

// Far less than what a duration in nanoseconds holds.
constexpr std::int64_t kMostSeconds = 4'000'000'000;

seconds read_seconds(const std::string& text) {
  return seconds(
      std::clamp<std::int64_t>(decimal<std::int64_t>(text).value_or(0), 0, kMostSeconds));
}

std::string transfer_text(const TransferReport& transfer) {
  return std::string(transfer.outgoing ? "out" : "in") + "," + std::to_string(transfer.done) + "," +
         std::to_string(transfer.total) + "," + std::to_string(transfer.rate) + "," + transfer.name;
}

std::optional<TransferReport> read_transfer(std::string_view text) {
  const auto field = [&] {
    const std::string_view value = text.substr(0, text.find(','));
    text.remove_prefix(std::min(value.size() + 1, text.size()));
    return value;
  };
  TransferReport transfer;
  transfer.outgoing = field() == "out";
  const auto done = decimal<std::uint64_t>(field());
  const auto total = decimal<std::uint64_t>(field());
  const auto rate = decimal<std::uint64_t>(field());
  if (!done || !total || !rate) return std::nullopt;
  transfer.rate = *rate;
  transfer.done = *done;
  transfer.total = *total;
  transfer.name = text;
  return transfer;
}

std::optional<OfferReport> read_offer(const std::string& text) {
  const std::size_t comma = std::min(text.find(','), text.size());
  const auto total = decimal<std::uint64_t>(text.substr(0, comma));
  if (!total || comma == text.size()) return std::nullopt;
  return OfferReport{text.substr(comma + 1), *total};
}

void read_session_attribute(std::string_view key, const std::string& value, SessionReport& report) {
  if (key == "number") return read_number(value, report.number);
  if (key == "pid") return read_number(value, report.pid);
  if (key == "unread") return read_number(value, report.unread);
  if (key == "typing") report.typing = value == "1";
  if (key == "idle") report.idle = read_seconds(value);
  if (key == "silent") report.silent = read_seconds(value);
  if (key == "since") report.since = std::chrono::sys_seconds(read_seconds(value));
  if (key == "name") report.name = value;
  if (key == "address") report.address = value;
  if (key == "state") report.link = read_talk_link(value).value_or(TalkLink::here);
  if (key == "transfer" && report.transfers.size() < kMostTransfersReported)
    if (auto transfer = read_transfer(value)) report.transfers.push_back(std::move(*transfer));
  if (key == "offer" && report.offers.size() < kMostTransfersReported)
    if (auto offer = read_offer(value)) report.offers.push_back(std::move(*offer));
}

}  // namespace

std::string format_report(const SessionReport& report) {
  Writer writer(kSession);
  writer.add("number", report.number);
  writer.add("pid", report.pid);
  writer.add("state", word_of(report.link));
  if (report.silent) writer.add("silent", report.silent->count());
  writer.add("unread", report.unread);
  if (report.typing) writer.add("typing", 1);
  writer.add("idle", report.idle.count());
  writer.add("since", report.since.time_since_epoch().count());
  writer.add_if("name", report.name);
  writer.add_if("address", report.address);
  for (std::size_t i = 0; i < std::min(report.transfers.size(), kMostTransfersReported); ++i)
    writer.add("transfer", transfer_text(report.transfers[i]));
  for (std::size_t i = 0; i < std::min(report.offers.size(), kMostTransfersReported); ++i)
    writer.add("offer", std::to_string(report.offers[i].total) + "," + report.offers[i].name);
  return writer.line();
}

std::string format_report(const ListenerReport& report) {
  Writer writer(kListener);
  writer.add("pid", report.pid);
  if (report.waiting) writer.add("waiting", *report.waiting);
  writer.add("limit", report.limit);
  writer.add("since", report.since.time_since_epoch().count());
  return writer.line();
}

std::optional<SessionReport> read_session_report(std::string_view line) {
  SessionReport report;
  const bool read = read_line(line, kSession, [&](std::string_view key, const std::string& value) {
    read_session_attribute(key, value, report);
  });
  return read ? std::optional(std::move(report)) : std::nullopt;
}

std::optional<ListenerReport> read_listener_report(std::string_view line) {
  ListenerReport report;
  const bool read = read_line(line, kListener, [&](std::string_view key, const std::string& value) {
    if (key == "pid") read_number(value, report.pid);
    if (key == "waiting") report.waiting = decimal<std::uint64_t>(value);
    if (key == "limit") read_number(value, report.limit);
    if (key == "since") report.since = std::chrono::sys_seconds(read_seconds(value));
  });
  return read ? std::optional(report) : std::nullopt;
}

ControlLine split_control_line(std::string_view line) {
  const std::string_view word = line.substr(0, line.find(' '));
  return {word, line.substr(std::min(word.size() + 1, line.size()))};
}

std::string format_tmux_answer(const TmuxPane& window) {
  return "tmux " + percent_encode(window.server) + " " + percent_encode(window.pane);
}

std::string format_window_answer(std::uint32_t window) {
  return "window " + std::to_string(window);
}

std::optional<std::uint32_t> read_window_answer(std::string_view answer) {
  const auto [word, text] = split_control_line(answer);
  return word == "window" ? decimal<std::uint32_t>(text) : std::nullopt;
}

std::optional<TmuxPane> read_tmux_answer(std::string_view answer) {
  const auto [word, text] = split_control_line(answer);
  const auto [server, pane] = split_control_line(text);
  if (word != "tmux" || server.empty() || pane.empty()) return std::nullopt;
  return TmuxPane{percent_decode(server), percent_decode(pane)};
}

}  // namespace talk
