#include "common/screen/split/split_screen.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "common/text/display.h"

namespace talk {
namespace {

constexpr milliseconds kBetweenPaints{16};
constexpr seconds kBetweenBells{5};
constexpr seconds kClockTick{30};  // the status line's minutes
constexpr int kWheelRows = 3;

}  // namespace

SplitScreen::SplitScreen(const Terminfo& terminal, std::string home)
    : tty_({TtyMode::Controls::keys, terminal.begin(), terminal.end()}),
      painter_(terminal, tty_),
      line_(std::move(home)) {}

SplitScreen::~SplitScreen() { finish(Clock::now() + milliseconds(200)); }

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
    line_.set_hint("not found: " + display_text(argument));
  return true;
}

void SplitScreen::talk_ended() {
  ended_ = true;
  dirty_ = true;
}

// ---- The wait ----

void SplitScreen::prepare(WaitSet& wait, bool listening) {
  tty_.prepare(wait);
  line_.unsent().listen(listening);
  if (line_.unsent().due()) wait.wake_by(Time{});  // at once
  // Until the terminal has taken what it was sent, time brings nothing to be done.
  if (tty_.queued() > 0) return;
  if (dirty_) wait.wake_by(painted_at_ ? *painted_at_ + kBetweenPaints : Time{});
  if (painted_at_) wait.wake_by(*painted_at_ + kClockTick);
  if (bell_due_ && rang_) wait.wake_by(*rang_ + kBetweenBells);
}

void SplitScreen::turn(const WaitSet& wait, Time now, std::vector<Input>& inputs) {
  for (const Key& key : tty_.read_keys(wait, now)) obey(key, inputs);
  if (line_.unsent().due()) {
    line_.unsent().release(inputs);
    dirty_ = true;
  }
  tty_.write(wait);
  if (tty_.queued() == 0) {
    paint_if_due(now);
    tty_.write(wait);
  }
  if (tty_.gone()) inputs.push_back({Input::Kind::quit, "the window was closed"});
}

// ---- Keys ----

void SplitScreen::obey(const Key& key, std::vector<Input>& inputs) {
  dirty_ = true;
  if (focus_key(key) || scroll_key(key) || key.code == Key::Code::other) return;
  if (ended_) return inputs.push_back({Input::Kind::end, {}});
  if (screen_key(key)) return;
  const std::size_t before = inputs.size();
  line_.obey(key, inputs);
  if (inputs.size() > before) talk_.to_bottom();
}

bool SplitScreen::screen_key(const Key& key) {
  if (key.code != Key::Code::control) return false;
  if (key.letter == 'Z') ::kill(::getpid(), SIGTSTP);  // noted, and done between two turns
  if (key.letter == 'L') resized();
  return key.letter == 'Z' || key.letter == 'L';
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
  const bool to_top = key.code == Code::meta && key.letter == '<';
  const bool to_bottom = key.code == Code::meta && key.letter == '>';
  if (key.code == Code::page_up)
    scroll(-page);
  else if (key.code == Code::page_down)
    scroll(page);
  else if (key.code == Code::wheel_up)
    scroll(-kWheelRows);
  else if (key.code == Code::wheel_down)
    scroll(kWheelRows);
  else if (to_top)
    talk_.to_top();
  else if (to_bottom)
    talk_.to_bottom();
  else
    return false;
  if (talk_.at_bottom() && focused_) talk_.unmark_if_all_read();
  return true;
}

void SplitScreen::scroll(int rows) {
  if (rows < 0 && talk_.at_bottom() && !talk_.marked()) talk_.mark_unread();
  talk_.scroll(rows, pane_.columns, pane_.rows);
}

// ---- Painting ----

void SplitScreen::resized() {
  tty_.resized();
  painter_.forget();
  dirty_ = true;
}

void SplitScreen::paint_if_due(Time now) {
  const bool minute_passed = painted_at_ && now >= *painted_at_ + kClockTick;
  const bool bell_waited = bell_due_ && rang_ && now >= *rang_ + kBetweenBells;
  if (!dirty_ && !minute_passed && !bell_waited) return;
  if (painted_at_ && now < *painted_at_ + kBetweenPaints) return;
  painter_.paint(compose(now));
  ring(now);
  painted_at_ = now;
  dirty_ = false;
}

Page SplitScreen::compose(Time now) {
  const auto [columns, rows] = tty_.size();
  const int most_input = std::clamp(rows / 3, 1, 6);
  const InputArea input = line_.lay_out(columns, most_input);
  const int input_rows = static_cast<int>(input.rows.size());
  const int status_rows = rows > input_rows ? 1 : 0;
  pane_ = {columns, std::max(0, rows - input_rows - status_rows)};

  Page page{talk_.view(pane_.columns, pane_.rows)};
  page.rows.resize(static_cast<std::size_t>(pane_.rows));
  if (status_rows > 0) {
    const StatusExtras extras{talk_.new_below(), line_.hint()};
    page.rows.push_back({{Style::status, status_line(status_, extras, now, columns)}});
  }
  for (const std::string& row : input.rows) page.rows.push_back({{Style::plain, row}});
  page.cursor_row = pane_.rows + status_rows + input.cursor_row;
  page.cursor_column = std::min(input.cursor_column, columns - 1);
  page.title = window_title(status_, unread_);
  return page;
}

void SplitScreen::ring(Time now) {
  if (!bell_due_ || (rang_ && now < *rang_ + kBetweenBells)) return;
  bell_due_ = false;
  rang_ = now;
  painter_.ring();
}

// ---- The terminal, given back and taken again ----

void SplitScreen::suspend() { finish(Clock::now() + seconds(1)); }

void SplitScreen::resume() {
  tty_.take();
  painter_.forget_title();
  resized();
}

void SplitScreen::finish(Time deadline) { tty_.give_back(deadline); }

}  // namespace talk
