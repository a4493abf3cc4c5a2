#include "common/files/progress.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "common/text/display.h"
#include "common/text/width.h"

namespace talk {
namespace {

constexpr milliseconds kSample{500};
constexpr double kMemory = 3.0;  // seconds after which an old rate counts for 1/e

struct Unit {
  double size;
  const char* name;
};
constexpr std::array<Unit, 6> kUnits{{{1, "bytes"},
                                      {1024.0, "KiB"},
                                      {1024.0 * 1024, "MiB"},
                                      {1024.0 * 1024 * 1024, "GiB"},
                                      {1024.0 * 1024 * 1024 * 1024, "TiB"},
                                      {1024.0 * 1024 * 1024 * 1024 * 1024, "PiB"}}};

// 1023.9 KiB would be written "1024 KiB": the next unit begins a little earlier.
const Unit& unit_for(double bytes) {
  std::size_t i = 0;
  while (i + 1 < kUnits.size() && bytes >= kUnits[i].size * (i == 0 ? 1024 : 1023.5)) ++i;
  return kUnits[i];
}

std::string number_text(double value, const Unit& unit) {
  const double scaled = value / unit.size;
  const int digits = unit.size > 1 && scaled < 99.95 ? 1 : 0;
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, scaled);
  return text.data();
}

double seconds_between(Time from, Time to) {
  return std::chrono::duration<double>(to - from).count();
}

}  // namespace

void RateMeter::start(std::uint64_t done, Time now) {
  *this = RateMeter();
  started_ = sampled_ = now;
  at_start_ = at_sample_ = done;
}

void RateMeter::update(std::uint64_t done, Time now) {
  if (now - sampled_ < kSample || done < at_sample_) return;
  const double elapsed = seconds_between(sampled_, now);
  const double rate = static_cast<double>(done - at_sample_) / elapsed;
  const double weight = has_sample_ ? 1 - std::exp(-elapsed / kMemory) : 1;
  smoothed_ += weight * (rate - smoothed_);
  has_sample_ = true;
  sampled_ = now;
  at_sample_ = done;
}

// While nothing moves the rate falls without being updated.
double RateMeter::rate(Time now) const {
  if (!has_sample_) return 0;
  const double silent = std::max(0.0, seconds_between(sampled_ + kSample, now));
  return smoothed_ * std::exp(-silent / kMemory);
}

std::optional<seconds> RateMeter::left(std::uint64_t done, std::uint64_t total, Time now) const {
  const double bytes_a_second = rate(now);
  if (done >= total || bytes_a_second < 1) return std::nullopt;
  const double left = static_cast<double>(total - done) / bytes_a_second;
  if (left > 1e7) return std::nullopt;
  return seconds(static_cast<seconds::rep>(std::ceil(left)));
}

std::string size_text(std::uint64_t bytes) {
  if (bytes == 1) return "1 byte";
  const auto value = static_cast<double>(bytes);
  const Unit& unit = unit_for(value);
  return number_text(value, unit) + " " + unit.name;
}

std::string file_title(const std::string& name, std::uint64_t bytes) {
  return quoted(name) + " (" + size_text(bytes) + ")";
}

std::string duration_text(seconds duration) {
  const auto total = static_cast<long long>(duration.count());
  std::array<char, 48> text{};
  if (total >= 3600)
    std::snprintf(text.data(), text.size(), "%lld:%02lld:%02lld", total / 3600, total / 60 % 60,
                  total % 60);
  else
    std::snprintf(text.data(), text.size(), "%lld:%02lld", total / 60, total % 60);
  return text.data();
}

std::string percent_text(std::uint64_t done, std::uint64_t total) {
  const double part = total == 0 ? 1 : static_cast<double>(done) / static_cast<double>(total);
  return std::to_string(static_cast<int>(100 * std::min(part, 1.0))) + " %";
}

std::string amount_text(std::uint64_t done, std::uint64_t total, double rate,
                        std::optional<seconds> left) {
  std::string text = number_text(static_cast<double>(done), unit_for(static_cast<double>(total))) +
                     " of " + size_text(total);
  if (rate >= 1) text += ", " + size_text(static_cast<std::uint64_t>(rate)) + "/s";
  if (left) text += ", " + duration_text(*left) + " left";
  return text;
}

std::string progress_text(const std::string& what, std::uint64_t done, std::uint64_t total,
                          double rate, std::optional<seconds> left) {
  return what + " " + percent_text(done, total) + " " + amount_text(done, total, rate, left);
}

std::string bar_text(std::uint64_t done, std::uint64_t total, int columns, bool blocks) {
  constexpr std::array<const char*, 8> kEighths = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const double all = static_cast<double>(total);
  const double part = total == 0 ? 1 : std::min(1.0, static_cast<double>(done) / all);
  if (!blocks) columns -= 2;  // brackets
  const auto eighths = static_cast<int>(part * columns * 8);
  const int full = eighths / 8;
  std::string bar;
  for (int i = 0; i < full; ++i) bar += blocks ? "█" : "#";
  int left = columns - full;
  if (blocks && left > 0 && eighths % 8 > 0) {
    bar += kEighths[static_cast<std::size_t>(eighths % 8)];
    --left;
  }
  for (int i = 0; i < left; ++i) bar += blocks ? "░" : " ";
  return blocks ? bar : "[" + bar + "]";
}

std::string progress_bar(const std::string& what, std::uint64_t done, std::uint64_t total,
                         double rate, std::optional<seconds> left, int columns, bool blocks) {
  const int shortest = blocks ? 5 : 7;
  const std::string before = what + " " + percent_text(done, total) + " ";
  const std::string after = amount_text(done, total, rate, left);
  const int taken = text_width(before) + text_width(after) + 1;
  if (taken + shortest > columns) return std::string(fit_width(before + after, columns));
  return before + bar_text(done, total, columns - taken, blocks) + " " + after;
}

}  // namespace talk
