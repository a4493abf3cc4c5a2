// talk_clinic: examines somebody's server or client of an exercise.
#include <fcntl.h>
#include <signal.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/program.h"
#include "common/posix/signals.h"
#include "common/posix/terminal_kind.h"
#include "common/posix/tty.h"
#include "common/posix/wait_set.h"
#include "common/text/display.h"
#include "talk_client/clinic/examination.h"
#include "talk_client/clinic/reports.h"

namespace talk::clinic {
namespace {

constexpr std::size_t kAtOnce = 4;  // servers of a list; each has at most 64 connections

// The reports as they grow in threads, and their progress on the terminal.
class Run {
 public:
  Run(const ClinicOptions& options, const std::vector<Subject>& subjects);
  // Examines all; returns the signal that broke it off, or 0.
  int examine();
  // The reports that were asked for, of what is known. Throws where one cannot be written.
  void report();
  int exit_code() const;

 private:
  void work();
  void one(std::size_t number);
  Listener listener();
  void say(const std::string& text) const {
    write_all(STDOUT_FILENO, text, "write to standard output");
  }
  void progress(const Report& report, const Case& next, bool again) const;

  const ClinicOptions& options_;
  const std::vector<Subject>& subjects_;
  std::vector<Report> working_;  // each its thread's own
  mutable std::mutex mutex_;
  std::vector<Report> known_;  // copies, under the mutex
  std::string failure_;        // of this program, under the mutex
  std::atomic<std::size_t> next_ = 0;
  std::atomic<bool> stop_ = false;
  std::atomic<std::size_t> working_threads_ = 0;
  OwnedFd wake_read_;
  OwnedFd wake_write_;
  bool many_;
  bool page_;      // a page, not TAP nor a table
  bool terminal_;  // stdout is one
  Look look_;
};

Run::Run(const ClinicOptions& options, const std::vector<Subject>& subjects)
    : options_(options),
      subjects_(subjects),
      many_(!options.list.empty()),
      page_(!options.tap && options.list.empty()),
      terminal_(::isatty(STDOUT_FILENO) != 0 && !terminal_is_dumb()) {
  look_.colours = terminal_ && colour_is_wanted();
  if (terminal_)
    look_.width = static_cast<std::size_t>(std::clamp(window_size(STDOUT_FILENO).columns, 40, 120));
  for (const Subject& subject : subjects) {
    Report report;
    report.kind = options.kind;
    report.subject = options.serve ? "client" : "server";
    report.name = subject.name;
    report.place = subject.host + " port " + subject.port;
    working_.push_back(report);
  }
  known_ = working_;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("make a pipe");
  wake_read_.reset(ends[0]);
  wake_write_.reset(ends[1]);
}

void Run::progress(const Report& report, const Case& next, bool again) const {
  if (options_.serve) {
    const char* const how = again                    ? " once more, to be sure"
                            : report.results.empty() ? ""
                                                     : ", as each time before";
    const std::string text = report.place + ": " + next.id + ": " + next.story +
                             "\n        start the client now" + how + "\n";
    write_all(page_ ? STDOUT_FILENO : STDERR_FILENO, text, "write");
  } else if (page_ && terminal_) {
    say("\r\x1b[K... " + next.id);
  }
}

Listener Run::listener() {
  Listener listener;
  listener.begins = [this](const Report& report, const Case& next, bool again) {
    const std::lock_guard lock(mutex_);
    if (!stop_) progress(report, next, again);
  };
  listener.found = [this](const Report& report, const Result& result) {
    const std::lock_guard lock(mutex_);
    known_[static_cast<std::size_t>(&report - working_.data())] = report;
    if (!page_ || stop_) return;
    say((terminal_ ? "\r\x1b[K" : "") + page_line(result, look_) + page_details(result, look_));
  };
  return listener;
}

void Run::one(std::size_t number) {
  Report& report = working_[number];
  const Listener told = listener();
  try {
    if (options_.serve)
      examine_client(options_, stop_, report, told);
    else
      examine_server(options_, subjects_[number], stop_, report, told);
  } catch (const std::exception& error) {
    const std::lock_guard lock(mutex_);
    failure_ = error.what();
  }
  const std::lock_guard lock(mutex_);
  known_[number] = report;
  if (many_ && !options_.tap && !stop_) {
    const std::string line = shown_name(report.name) + ": " + summary(report) + "\n";
    write_all(STDERR_FILENO, line, "write to standard error");
  }
}

void Run::work() {
  for (std::size_t number = next_++; number < subjects_.size() && !stop_; number = next_++)
    one(number);
  if (--working_threads_ == 0) write_all(wake_write_.get(), "x", "wake");
}

int Run::examine() {
  Signals signals({SIGINT, SIGTERM, SIGHUP});
  std::vector<std::thread> threads;
  {
    const AllSignalsBlocked blocked;
    const std::size_t count = std::min(kAtOnce, subjects_.size());
    working_threads_ = count;
    for (std::size_t i = 0; i < count; ++i) threads.emplace_back([this] { work(); });
  }
  int broken_by = 0;
  while (broken_by == 0) {
    WaitSet waits;
    waits.want_read(wake_read_.get());
    waits.wait(signals.wait_mask());
    for (const int signal : {SIGINT, SIGTERM, SIGHUP})
      if (signals.take(signal)) broken_by = signal;
    if (waits.can_read(wake_read_.get())) break;
  }
  stop_ = true;
  // A thread may still be connecting: at a signal nobody waits for it, the process ends soon.
  for (std::thread& thread : threads) broken_by == 0 ? thread.join() : thread.detach();
  const std::lock_guard lock(mutex_);
  if (broken_by != 0)
    for (Report& report : known_) report.broken_off = "interrupted";
  return broken_by;
}

void write_file(const std::string& path, const std::string& text) {
  const OwnedFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file) throw_errno("write '" + path + "'");
  write_all(file.get(), text, "write '" + path + "'");
}

void Run::report() {
  const std::lock_guard lock(mutex_);
  if (!options_.junit.empty()) write_file(options_.junit, junit(known_));
  if (!options_.html.empty()) write_file(options_.html, html(known_));
  if (options_.tap) return say(tap(known_));
  if (many_) return say(table(known_));
  if (!known_[0].unreachable.empty() || !failure_.empty()) return;  // an error says it
  say((terminal_ ? "\r\x1b[K" : "") + page_end(known_[0], look_));
}

int Run::exit_code() const {
  const std::lock_guard lock(mutex_);
  if (!failure_.empty()) throw std::runtime_error(failure_);
  if (!many_ && !known_[0].unreachable.empty()) throw ExitError(3, known_[0].unreachable);
  int code = 0;
  for (const Report& report : known_) code = std::max(code, report.exit_code());
  return code;
}

int run(const std::vector<std::string>& arguments) {
  const ClinicOptions options = parse_clinic_options(arguments);
  if (options.answer) {
    print_out(*options.answer);
    return 0;
  }
  std::vector<Subject> subjects = {options.subject};
  if (!options.list.empty()) {
    try {
      subjects = parse_list(read_bounded(options.list));
    } catch (const std::runtime_error& error) {
      throw std::runtime_error("read the list '" + options.list + "': " + error.what());
    }
  }
  Run examination(options, subjects);
  const int broken_by = examination.examine();
  examination.report();
  if (broken_by != 0) Signals::die_by(broken_by);
  return examination.exit_code();
}

}  // namespace
}  // namespace talk::clinic

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return talk::run_program("talk_clinic", [&] { return talk::clinic::run(arguments); });
}
