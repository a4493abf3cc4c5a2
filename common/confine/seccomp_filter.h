// The program by which the kernel judges each system call (seccomp(2)), made of rules: a binary
// search, for when a filter is set the kernel runs it once for every call that there is; and made
// by the compiler, so that a process only hands it over. On Linux; for system_calls.h only.
#pragma once

#ifdef __linux__
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <stdexcept>

namespace talk {

class SeccompFilter {
 public:
  // Each call has one rule at most. What no rule allows is refused with EPERM.
  constexpr void allow(std::span<const int> calls) {
    for (const int call : calls) rule(call, {SECCOMP_RET_ALLOW});
  }
  constexpr void refuse(int call, std::uint32_t error) { rule(call, {SECCOMP_RET_ERRNO | error}); }
  // Where the argument (its lower half; counted from 0), as far as `mask` shows it, is one of
  // `values`.
  constexpr void allow_one_of(int call, unsigned argument, std::span<const std::uint32_t> values,
                              std::uint32_t mask = kWhole) {
    rule(call, {SECCOMP_RET_ALLOW});
    and_one_of(argument, values, mask);
  }
  // Where the argument has all bits of `with` and none of `without`.
  constexpr void allow_flags(int call, unsigned argument, std::uint32_t with,
                             std::uint32_t without) {
    rule(call, {SECCOMP_RET_ALLOW});
    and_flags(argument, with, without);
  }
  // A second condition of the rule that was made last.
  constexpr void and_one_of(unsigned argument, std::span<const std::uint32_t> values,
                            std::uint32_t mask = kWhole) {
    Verdict& verdict = rule_.at(rules_ - 1).verdict;
    verdict.condition.at(verdict.conditions++) = {values_, values.size(), argument, mask};
    for (const std::uint32_t value : values) value_.at(values_++) = value;
  }
  constexpr void and_flags(unsigned argument, std::uint32_t with, std::uint32_t without) {
    and_one_of(argument, std::span(&with, 1), with | without);
  }

  static constexpr std::size_t kMostSteps = 512;
  struct Program {
    std::array<sock_filter, kMostSteps> step{};
    std::size_t steps = 0;
  };
  // For the calls of `processor` (AUDIT_ARCH_…): one of another kind is the process's death.
  constexpr Program program(std::uint32_t processor);

 private:
  static constexpr std::uint32_t kWhole = ~std::uint32_t{0};
  // The argument, under the mask, is one of the values.
  struct Condition {
    std::size_t first_value = 0;
    std::size_t values = 0;
    unsigned argument = 0;
    std::uint32_t mask = kWhole;
  };
  struct Verdict {
    std::uint32_t answer = 0;  // where all conditions hold
    std::array<Condition, 2> condition{};
    std::size_t conditions = 0;
  };
  struct Interval {
    std::uint32_t first = 0;  // call; the next interval's is its end
    Verdict verdict{};
  };
  static constexpr std::size_t kMostRules = 160;
  static constexpr std::size_t kMostValues = 64;
  static constexpr std::uint32_t kRefuse = SECCOMP_RET_ERRNO | EPERM;

  constexpr void rule(int call, const Verdict& verdict) {
    rule_.at(rules_++) = {static_cast<std::uint32_t>(call), verdict};
  }
  constexpr void find_intervals();
  constexpr void begin_interval(std::uint32_t first, const Verdict& verdict);
  constexpr void search(std::span<const Interval> among);
  constexpr void judge(const Verdict& verdict);
  constexpr void add(std::uint32_t code, std::uint32_t value, std::size_t yes = 0,
                     std::size_t no = 0) {
    program_.step.at(program_.steps++) = {static_cast<std::uint16_t>(code),
                                          static_cast<std::uint8_t>(yes),
                                          static_cast<std::uint8_t>(no), value};
  }
  constexpr void load(std::size_t offset) {
    add(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
  }
  constexpr void answer(std::uint32_t what) { add(BPF_RET | BPF_K, what); }

  std::array<Interval, kMostRules> rule_{};  // of one call each
  std::size_t rules_ = 0;
  std::array<Interval, 2 * kMostRules + 1> interval_{};
  std::size_t intervals_ = 0;
  std::array<std::uint32_t, kMostValues> value_{};
  std::size_t values_ = 0;
  Program program_{};
};

constexpr SeccompFilter::Program SeccompFilter::program(std::uint32_t processor) {
  program_.steps = 0;
  load(offsetof(seccomp_data, arch));
  add(BPF_JMP | BPF_JEQ | BPF_K, processor, 1, 0);
  answer(SECCOMP_RET_KILL_PROCESS);
  load(offsetof(seccomp_data, nr));
  find_intervals();
  search(std::span(interval_).first(intervals_));
  return program_;
}

// What lies between the rules is refused; neighbours with the same answer are one interval.
constexpr void SeccompFilter::find_intervals() {
  std::sort(rule_.begin(), rule_.begin() + static_cast<std::ptrdiff_t>(rules_),
            [](const Interval& a, const Interval& b) { return a.first < b.first; });
  intervals_ = 0;
  std::uint32_t next = 0;
  for (const auto& [call, verdict] : std::span(rule_).first(rules_)) {
    if (call < next) throw std::logic_error("a system call has two rules");
    if (call > next) begin_interval(next, {kRefuse});
    begin_interval(call, verdict);
    next = call + 1;
  }
  begin_interval(next, {kRefuse});
}

constexpr void SeccompFilter::begin_interval(std::uint32_t first, const Verdict& verdict) {
  if (intervals_ > 0) {
    const Verdict& last = interval_[intervals_ - 1].verdict;
    if (last.conditions + verdict.conditions == 0 && last.answer == verdict.answer) return;
  }
  interval_.at(intervals_++) = {first, verdict};
}

constexpr void SeccompFilter::search(std::span<const Interval> among) {
  if (among.size() == 1) return judge(among.front().verdict);
  const std::size_t half = among.size() / 2;
  const std::size_t fork = program_.steps;
  add(BPF_JMP | BPF_JGE | BPF_K, among[half].first);
  search(among.first(half));
  const std::size_t skipped = program_.steps - fork - 1;
  if (skipped > 255) throw std::logic_error("a jump is too long");
  program_.step[fork].jt = static_cast<std::uint8_t>(skipped);
  search(among.subspan(half));
}

constexpr void SeccompFilter::judge(const Verdict& verdict) {
  for (const Condition& condition : std::span(verdict.condition).first(verdict.conditions)) {
    load(offsetof(seccomp_data, args) + condition.argument * sizeof(std::uint64_t));
    if (condition.mask != kWhole) add(BPF_ALU | BPF_AND | BPF_K, condition.mask);
    for (std::size_t i = 0; i < condition.values; ++i)
      add(BPF_JMP | BPF_JEQ | BPF_K, value_[condition.first_value + i], condition.values - i, 0);
    answer(kRefuse);
  }
  answer(verdict.answer);
}

}  // namespace talk
#endif
