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

// A report that is asked for is opened before the examination, which takes long: what cannot be
// written is known then. Its old content stays until there is a new one.
OwnedFd open_report(const std::string& path) {
  if (path.empty()) return {};
  constexpr int kHow = O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK;  // a FIFO has no reader yet
  OwnedFd file(::open(path.c_str(), kHow, 0666));
  if (!file && errno == ENXIO)
    throw std::runtime_error("write '" + path + "': nobody reads what is written to it");
  if (!file) throw_errno("write '" + path + "'");
  ::fcntl(file.get(), F_SETFL, 0);  // whoever reads may take their time
  return file;
}

void write_report(const OwnedFd& file, const std::string& path, const std::string& text) {
  if (!file) return;
  if (::ftruncate(file.get(), 0) != 0 && errno != EINVAL) throw_errno("write '" + path + "'");
  write_all(file.get(), text, "write '" + path + "'");
}

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
  ProgressListener listener();
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
  OwnedFd junit_;
  OwnedFd html_;
  bool many_;
  bool page_;      // a page, not TAP nor a table
  bool terminal_;  // stdout is one
  Look look_;
};

Run::Run(const ClinicOptions& options, const std::vector<Subject>& subjects)
    : options_(options),
      subjects_(subjects),
      junit_(open_report(options.junit)),
      html_(open_report(options.html)),
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

ProgressListener Run::listener() {
  ProgressListener listener;
  listener.begins = [this](const Report& report, const Case& next, bool again) {
    const std::lock_guard lock(mutex_);
    known_[static_cast<std::size_t>(&report - working_.data())].doing = report.doing;
    if (!stop_) progress(report, next, again);
  };
  listener.found = [this](const Report& report, const Result& result) {
    const std::lock_guard lock(mutex_);
    known_[static_cast<std::size_t>(&report - working_.data())] = report;
    if (!page_ || stop_) return;
    say((terminal_ ? "\r\x1b[K" : "") + page_line(result, look_) +
        page_details(result, look_, told_before(report, result)));
  };
  return listener;
}

void Run::one(std::size_t number) {
  Report& report = working_[number];
  const ProgressListener told = listener();
  {
    const std::lock_guard lock(mutex_);
    report.begun = known_[number].begun = true;
  }
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
    for (Report& report : known_)
      if (!report.complete && report.unreachable.empty()) report.break_off("interrupted");
  if (broken_by != 0 && page_ && known_[0].unfinished)
    say((terminal_ ? "\r\x1b[K" : "") + page_line(known_[0].results.back(), look_));
  return broken_by;
}

void Run::report() {
  const std::lock_guard lock(mutex_);
  write_report(junit_, options_.junit, junit(known_));
  write_report(html_, options_.html, html(known_));
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
    check_readable("--list", options.list);
    try {
      subjects = parse_list(read_bounded(options.list));
    } catch (const std::runtime_error& error) {
      throw UsageError("the list '" + options.list + "': " + error.what());
    }
  }
  Run examination(options, subjects);
  const int broken_by = examination.examine();
  reset_inherited_signals();  // a reader of the reports who takes their time can be given up
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
