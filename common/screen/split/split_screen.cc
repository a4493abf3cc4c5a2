#include "common/screen/split/split_screen.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "common/posix/crash_guard.h"
#include "common/posix/io.h"
#include "common/screen/split/completion.h"
#include "common/screen/split/input_area.h"
#include "common/text/display.h"
#include "common/text/width.h"
#include "common/wire/limits.h"

namespace talk {
namespace {

constexpr milliseconds kBetweenPaints{16};
constexpr milliseconds kSequencePause{50};
constexpr seconds kBetweenBells{5};
constexpr seconds kClockTick{30};  // the status line's minutes
constexpr std::size_t kOutputMost = std::size_t{16} << 20;
constexpr std::size_t kNearTheLimit = 4096;  // bytes of the line that are left
constexpr std::size_t kReadAtOnce = 4096;    // bytes of keys
constexpr int kWheelRows = 3;

}  // namespace

SplitScreen::SplitScreen(const Terminfo& terminal, std::string home)
    : terminal_(terminal),
      home_(std::move(home)),
      tty_(STDIN_FILENO, TtyMode::Controls::keys),
      terminal_out_(open_terminal_output(STDOUT_FILENO)),
      keys_(kMaxText),
      editor_(kMaxText),
      output_(kOutputMost) {
  take_terminal();
}

SplitScreen::~SplitScreen() { finish(Clock::now() + milliseconds(200)); }

void SplitScreen::take_terminal() {
  output_.append(terminal_.begin());
  guard_terminal(STDOUT_FILENO, tty_.before(), terminal_.end());
  taken_ = true;
  title_.clear();
  resized();
}

// ---- What is to be shown ----

void SplitScreen::show(const Entry& entry) {
  talk_.add(entry);
  dirty_ = true;
  if (entry.kind == Entry::Kind::mine) {
    talk_.unmark();
    return;
  }
  if (focused_ || entry.kind != Entry::Kind::theirs) return;
  ++unread_;
  bell_due_ = true;
}

void SplitScreen::set_status(const Status& status) {
  if (status == status_) return;
  status_ = status;
  dirty_ = true;
}

bool SplitScreen::command(Verb verb, const std::string& argument) {
  dirty_ = true;
  if (verb == Verb::clear)
    talk_.clear();
  else if (verb != Verb::find)
    return false;
  else if (!talk_.find(display_text(argument), pane_.columns, pane_.rows))
    hint("not found: " + display_text(argument));
  return true;
}

void SplitScreen::talk_ended() {
  ended_ = true;
  dirty_ = true;
}

// ---- The wait ----

void SplitScreen::prepare(WaitSet& wait, Time now, bool listening) {
  if (broken_) return wait.wake_by(now);
  if (dirty_ && output_.empty()) {
    const Time due = painted_at_ ? *painted_at_ + kBetweenPaints : now;
    if (now >= due)
      paint(now);
    else
      wait.wake_by(due);
  }
  listening_ = listening;
  if (listening || editor_.room() > kReadAtOnce) wait.want_read(STDIN_FILENO);
  if (!output_.empty()) wait.want_write(terminal_out_.get());
  if (last_key_) wait.wake_by(*last_key_ + kSequencePause);
  if (painted_at_) wait.wake_by(*painted_at_ + kClockTick);
  if (bell_due_ && rang_) wait.wake_by(*rang_ + kBetweenBells);
}

void SplitScreen::turn(const WaitSet& wait, Time now, std::vector<Input>& inputs) {
  if (wait.can_read(STDIN_FILENO)) read_keys(now, inputs);
  if (last_key_ && now >= *last_key_ + kSequencePause) {
    last_key_.reset();
    for (const Key& key : keys_.flush()) obey(key, inputs);
  }
  if (painted_at_ && now >= *painted_at_ + kClockTick) dirty_ = true;
  if (bell_due_ && rang_ && now >= *rang_ + kBetweenBells) dirty_ = true;
  if (wait.can_write(terminal_out_.get())) write_output();
  if (broken_) inputs.push_back({Input::Kind::quit, "the window was closed"});
}

void SplitScreen::write_output() {
  const IoResult result = write_some(terminal_out_.get(), output_.view());
  if (result.failed()) broken_ = true;
  output_.consume(result.failed() ? output_.size() : result.count);
}

// ---- Keys ----

void SplitScreen::read_keys(Time now, std::vector<Input>& inputs) {
  std::array<char, kReadAtOnce> bytes;
  const IoResult result = read_some(STDIN_FILENO, bytes);
  if (result.end() || result.failed()) {
    broken_ = true;
    return;
  }
  for (const Key& key : keys_.read({bytes.data(), result.count})) obey(key, inputs);
  last_key_ = keys_.holding() ? std::optional(now) : std::nullopt;
}

void SplitScreen::obey(const Key& key, std::vector<Input>& inputs) {
  using Code = Key::Code;
  dirty_ = true;
  if (focus_key(key) || scroll_key(key)) return;
  if (key.code == Code::other) return;
  if (ended_) return inputs.push_back({Input::Kind::end, {}});
  hint_.clear();
  const bool interrupting = key.code == Code::control && key.letter == 'C';
  if (!interrupting) leave_asked_ = false;
  if (search_) return search_key(key);
  switch (key.code) {
    case Code::enter:
      return enter(inputs);
    case Code::text:
    case Code::paste:
      return insert(key.text);
    case Code::tab:
      return complete_line();
    case Code::control:
      return control(key, inputs);
    default:
      editor_.apply(key);
  }
}

void SplitScreen::control(const Key& key, std::vector<Input>& inputs) {
  if (key.letter == 'C') return interrupt(inputs);
  if (key.letter == 'L') return resized();
  if (key.letter == 'D' && editor_.empty()) return inputs.push_back({Input::Kind::end, {}});
  if (key.letter == 'Z') ::kill(::getpid(), SIGTSTP);  // noted, and done between two turns
  if (key.letter == 'R')
    search_ = "";
  else
    editor_.apply(key);
}

bool SplitScreen::focus_key(const Key& key) {
  if (key.code == Key::Code::focus_out) {
    focused_ = false;
    talk_.mark_unread();
    return true;
  }
  if (key.code != Key::Code::focus_in) return false;
  focused_ = true;
  unread_ = 0;
  bell_due_ = false;
  talk_.unmark_if_all_read();
  return true;
}

bool SplitScreen::scroll_key(const Key& key) {
  using Code = Key::Code;
  const int page = std::max(1, pane_.rows - 1);
  const auto scroll = [&](int rows) {
    if (rows < 0 && talk_.at_bottom() && !talk_.marked()) talk_.mark_unread();
    talk_.scroll(rows, pane_.columns, pane_.rows);
    if (talk_.at_bottom() && focused_) talk_.unmark_if_all_read();
    return true;
  };
  if (key.code == Code::page_up) return scroll(-page);
  if (key.code == Code::page_down) return scroll(page);
  if (key.code == Code::wheel_up) return scroll(-kWheelRows);
  if (key.code == Code::wheel_down) return scroll(kWheelRows);
  if (key.code != Code::meta) return false;
  if (key.letter == '<')
    talk_.to_top();
  else if (key.letter == '>')
    talk_.to_bottom();
  else
    return false;
  if (talk_.at_bottom() && focused_) talk_.unmark_if_all_read();
  return true;
}

void SplitScreen::search_key(const Key& key) {
  using Code = Key::Code;
  const bool again = key.code == Code::control && key.letter == 'R';
  if (key.code == Code::text)
    *search_ += key.text;
  else if (key.code == Code::backspace && !search_->empty())
    search_->resize(cluster_before(*search_, search_->size()));
  else if (!again) {  // Enter or any other key: what was found is edited on
    search_.reset();
    if (key.code == Code::control && (key.letter == 'C' || key.letter == 'G'))
      editor_.clear();
    else if (key.code != Code::enter)
      editor_.apply(key);
    return;
  }
  if (!search_->empty() && !editor_.search_back(*search_, again)) hint("not in the history");
}

// Pasted lines are said as they are: none of them is a command.
void SplitScreen::enter(std::vector<Input>& inputs) {
  const bool says = !editor_.text().starts_with('/') || editor_.text().starts_with("//");
  if (!listening_ && says && !editor_.empty()) {
    // What comes next, of a paste perhaps, is a line of its own.
    if (!editor_.text().ends_with('\n')) insert("\n");
    return hint("not sent yet: the other side does not take more now");
  }
  std::string text = editor_.take();
  if (text.empty()) return;
  talk_.to_bottom();
  if (text.find('\n') == std::string::npos) return inputs.push_back({Input::Kind::line, text});
  if (text.ends_with('\n')) text.pop_back();
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string line = text.substr(start, end - start);
    inputs.push_back({Input::Kind::line, (line.starts_with('/') ? "/" : "") + line});
    start = end + 1;
  }
}

void SplitScreen::insert(std::string text) {
  std::string lines;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r')
      lines += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      lines += '\n';
  }
  if (!editor_.insert(lines))
    hint("a line is at most 64 KiB: this did not fit and was not taken");
  else if (editor_.room() < kNearTheLimit)
    hint(std::to_string(editor_.room()) + " bytes are left on this line");
}

void SplitScreen::complete_line() {
  const std::string before = editor_.text().substr(0, editor_.cursor());
  const Completion completion = complete(before, home_, list_directory);
  if (completion.text != before)
    editor_.replace(completion.text + editor_.text().substr(editor_.cursor()),
                    completion.text.size());
  std::string names;
  for (const std::string& name : completion.candidates) names += display_text(name) + "  ";
  if (completion.text == before && !names.empty()) hint(names);
}

void SplitScreen::interrupt(std::vector<Input>& inputs) {
  if (!editor_.empty()) {
    editor_.take();  // into the history: it can be had back
    return;
  }
  if (leave_asked_) return inputs.push_back({Input::Kind::quit, {}});
  leave_asked_ = true;
  hint("press ^C again to leave the talk");
}

// ---- Painting ----

void SplitScreen::resized() {
  size_ = window_size(STDOUT_FILENO);
  painted_.clear();
  dirty_ = true;
}

std::vector<Row> SplitScreen::compose(Time now, int& cursor_row, int& cursor_column) {
  const int columns = size_.columns;
  const int rows = size_.rows;
  const std::string prompt = search_ ? "search '" + display_text(*search_) + "': " : "> ";
  const int most_input = std::clamp(rows / 3, 1, 6);
  const InputArea input =
      lay_out_input(prompt, editor_.text(), editor_.cursor(), columns, most_input);
  const int input_rows = static_cast<int>(input.rows.size());
  const int status_rows = rows > input_rows ? 1 : 0;
  pane_ = {columns, std::max(0, rows - input_rows - status_rows)};

  std::vector<Row> screen = talk_.view(pane_.columns, pane_.rows);
  screen.resize(static_cast<std::size_t>(pane_.rows));
  if (status_rows > 0) {
    const StatusExtras extras{talk_.new_below(), hint_};
    screen.push_back({{Style::status, status_line(status_, extras, now, columns)}});
  }
  for (const std::string& row : input.rows) screen.push_back({{Style::plain, row}});
  cursor_row = pane_.rows + status_rows + input.cursor_row;
  cursor_column = std::min(input.cursor_column, columns - 1);
  return screen;
}

// A row is emptied and painted whole whenever anything in it has changed, and the terminal does not
// wrap: where it disagrees about the width of a character, nothing of the old row is left and
// nothing runs into the next.
void SplitScreen::paint_row(int row, const Row& content) {
  std::string bytes = terminal_.move(row, 0) + terminal_.erase_to_end();
  int left = size_.columns;
  for (const Piece& piece : content) {
    const std::string_view text = fit_width(piece.text, left);
    left -= text_width(text);
    const std::string style = terminal_.style(piece.style, piece.hue);
    bytes += style;
    bytes += text;
    if (!style.empty()) bytes += terminal_.plain();
  }
  output_.append(bytes);
}

void SplitScreen::paint(Time now) {
  int cursor_row = 0;
  int cursor_column = 0;
  std::vector<Row> screen = compose(now, cursor_row, cursor_column);
  if (painted_.size() != screen.size()) {
    painted_.clear();
    output_.append(terminal_.clear());
  }
  for (std::size_t row = 0; row < screen.size(); ++row) {
    const bool unchanged =
        row < painted_.size() ? painted_[row] == screen[row] : screen[row].empty();
    if (!unchanged) paint_row(static_cast<int>(row), screen[row]);
  }
  output_.append(terminal_.move(cursor_row, cursor_column));
  const std::string title = window_title(status_, unread_);
  if (title != title_) output_.append(terminal_.title(title));
  title_ = title;
  ring(now);
  painted_ = std::move(screen);
  painted_at_ = now;
  dirty_ = false;
}

void SplitScreen::ring(Time now) {
  if (!bell_due_ || (rang_ && now < *rang_ + kBetweenBells)) return;
  bell_due_ = false;
  rang_ = now;
  output_.append(terminal_.bell());
}

// ---- The terminal, taken and given back ----

void SplitScreen::suspend() { finish(Clock::now() + seconds(1)); }

void SplitScreen::resume() {
  tty_.take();
  take_terminal();
}

void SplitScreen::finish(Time deadline) {
  if (!taken_) return;
  taken_ = false;
  output_.append(terminal_.end());
  sigset_t mask;
  ::sigprocmask(SIG_SETMASK, nullptr, &mask);
  while (!broken_ && !output_.empty() && Clock::now() < deadline) {
    WaitSet wait;
    wait.want_write(terminal_out_.get());
    wait.wake_by(deadline);
    wait.wait(mask);
    if (wait.can_write(terminal_out_.get())) write_output();
  }
  tty_.give_back();
  guard_terminal(STDOUT_FILENO, tty_.before(), "");
}

}  // namespace talk
