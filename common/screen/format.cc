#include "common/screen/format.h"

#include <array>
#include <cstdio>
#include <ctime>

#include "common/text/display.h"
#include "common/text/width.h"

namespace talk {
namespace {

std::string transfer_text(const TransferView& transfer) {
  constexpr int kNameColumns = 20;
  const std::string name = display_text(transfer.name);
  const double part = transfer.total == 0 ? 1.0
                                          : static_cast<double>(transfer.done) /
                                                static_cast<double>(transfer.total);
  std::string text = std::string(transfer.outgoing ? "> " : "< ");
  text += fit_width(name, kNameColumns);
  text += " " + std::to_string(static_cast<int>(part * 100)) + "% " +
          human_size(static_cast<double>(transfer.done)) + " of " +
          human_size(static_cast<double>(transfer.total));
  if (transfer.rate > 0) text += " " + human_size(transfer.rate) + "/s";
  if (transfer.left) {
    std::array<char, 32> left{};
    std::snprintf(left.data(), left.size(), " %lld:%02lld left",
                  static_cast<long long>(transfer.left->count() / 60),
                  static_cast<long long>(transfer.left->count() % 60));
    text += left.data();
  }
  return text;
}

}  // namespace

std::string clock_time(std::chrono::system_clock::time_point when) {
  const std::time_t time = std::chrono::system_clock::to_time_t(when);
  std::tm local{};
  ::localtime_r(&time, &local);
  std::array<char, 16> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%H:%M", &local)};
}

std::string line_prefix(const Entry& entry) {
  const std::string time = clock_time(entry.when) + " ";
  switch (entry.kind) {
    case Entry::Kind::theirs:
    case Entry::Kind::mine:
      return time + "<" + safe_name(entry.who) + "> ";
    case Entry::Kind::peer_notice:
      return time + "-- notice from <" + safe_name(entry.who) + ">: ";
    case Entry::Kind::error:
      return time + "-- ERROR: ";
    default:
      return time + "-- ";
  }
}

std::string line_text(const Entry& entry) { return display_text(entry.text); }

std::string brief_status(const Status& status) {
  std::string text;
  if (status.silent_for)
    text = "heard " + std::to_string(status.silent_for->count()) + " s ago, /bye leaves";
  for (const TransferView& transfer : status.transfers)
    text += (text.empty() ? "" : " | ") + transfer_text(transfer);
  return text;
}

std::string human_size(double bytes) {
  constexpr std::array<const char*, 5> kUnits = {"B", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  while (bytes >= 1000 && unit + 1 < kUnits.size()) {
    bytes /= 1024;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 || bytes >= 100 ? "%.0f %s" : "%.1f %s", bytes,
                kUnits[unit]);
  return text.data();
}

}  // namespace talk
