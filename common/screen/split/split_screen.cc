#include "common/screen/split/split_screen.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>

#include "common/posix/locale.h"
#include "common/screen/window_title.h"
#include "common/text/display.h"

namespace talk {
namespace {

constexpr milliseconds kBetweenPaints{16};
constexpr seconds kBetweenBells{5};
constexpr seconds kClockTick{30};  // the status line's minutes
constexpr seconds kLooking{5};     // behind a key or a turn to the window
constexpr int kWheelRows = 3;

}  // namespace

SplitScreen::SplitScreen(const Terminfo& terminal, const WindowKind& window, std::string home,
                         ListDirectory list)
    : terminal_(terminal),
      window_(window),
      utf8_(locale_is_utf8()),
      tty_({TtyMode::Controls::keys, terminal.begin(), terminal.end()}),
      painter_(terminal, tty_),
      line_(std::move(home), std::move(list)),
      talk_(!terminal.shows_dimness()),
      focus_(window.opened_for_visitor ? Focus::unknown : Focus::here),
      looked_at_(Clock::now()),
      seen_(!window.opened_for_visitor) {
  if (!window.opened_for_visitor) return;
  turns_.window_opened(looked_at_);
  type_ahead_.window_opened(looked_at_, window.typing_elsewhere);
}

SplitScreen::~SplitScreen() { finish(Clock::now() + milliseconds(200)); }

// ---- What is to be shown ----

void SplitScreen::show(const Entry& entry) {
  talk_.add(entry);
  dirty_ = true;
  if (entry.kind == Entry::Kind::mine) {
    talk_.unmark();
    return;
  }
  if (entry.kind != Entry::Kind::theirs) return;
  if (!is_looked_at(Clock::now())) ++unread_;
  if (focus_ == Focus::gone || !seen_) bell_due_ = true;
}

void SplitScreen::set_status(const Status& status) {
  if (status == status_) return;
  status_ = status;
  talk_.set_unheard(status.unheard);
  dirty_ = true;
}

bool SplitScreen::command(Verb verb, const std::string& argument) {
  dirty_ = true;
  if (verb == Verb::clear)
    talk_.clear();
  else if (verb != Verb::find)
    return false;
  else
    tell_found(talk_.find(display_text(argument), pane_.columns, pane_.rows));
  return true;
}

std::vector<std::string> SplitScreen::key_help() const {
  return {"Tab             complete a command or a file's name",
          "Up, Down        what you said before; ^R looks for it",
          "  (or ^P, ^N)   after /find: the next older, newer one; Esc ends",
          "PageUp, wheel   read back; Alt-> goes back to the end",
          "^U, ^Y          drop the line; bring it back",
          "^C              drop the line; on an empty one, twice: leave",
          "^D              on an empty line: end the talk",
          "^Z, ^L          stop for a while (fg comes back); paint anew"};
}

void SplitScreen::tell_found(const std::optional<Scrollback::Found>& found) {
  const std::string what = quoted(talk_.sought());
  if (found)
    line_.set_hint(std::to_string(found->number) + " of " + std::to_string(found->of) +
                   " lines with " + what + ": Up older, Down newer, Esc ends");
  else
    line_.set_hint("not found" + std::string(talk_.at_bottom() ? ": " : " any more: ") + what);
}

// While a search is on and nothing is being typed.
bool SplitScreen::find_key(const Key& key) {
  if (!talk_.searching() || !line_.empty()) return false;
  const bool control = key.code == Key::Code::control;
  const bool up = key.code == Key::Code::up || (control && key.letter == 'P');
  const bool down = key.code == Key::Code::down || (control && key.letter == 'N');
  if (up || down) {
    tell_found(talk_.find_next(up, pane_.columns, pane_.rows));
    return true;
  }
  talk_.end_search();
  line_.set_hint("");
  return key.code == Key::Code::escape;
}

void SplitScreen::talk_ended() {
  ended_ = true;
  closing_.talk_ended(Clock::now(), !line_.empty() || !type_ahead_.empty());
  closing_.add_not_sent(type_ahead_.talk_ended());
  dirty_ = true;
}

Attention SplitScreen::attention() const {
  const bool half_typed = !line_.empty() || !type_ahead_.empty() || line_.unsent_waits();
  return {unread_, half_typed, typed_at_, looked_at_, ended_ && !closing_.ready()};
}

// ---- The wait ----

void SplitScreen::prepare(WaitSet& wait, bool listening) {
  tty_.prepare(wait);
  line_.unsent().listen(listening);
  if (line_.unsent().due()) wait.wake_by(Time{});  // at once
  wait.wake_by(type_ahead_.due());
  if (ended_) wait.wake_by(closing_.due());
  // Until the terminal has taken what it was sent, time brings nothing to be done.
  if (tty_.queued() > 0) return;
  if (dirty_) wait.wake_by(painted_at_ ? *painted_at_ + kBetweenPaints : Time{});
  if (painted_at_) wait.wake_by(*painted_at_ + kClockTick);
  if (bell_due_ && rang_) wait.wake_by(*rang_ + kBetweenBells);
}

void SplitScreen::turn(const WaitSet& wait, Time now, std::vector<Input>& inputs) {
  take_keys(tty_.read_keys(wait, now), now, inputs);
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

void SplitScreen::take_keys(const std::vector<Key>& keys, Time now, std::vector<Input>& inputs) {
  if (!focus_is_told_ && line_.empty() && !keys.empty() &&
      turns_.another_has_closed(now, typed_at_))
    type_ahead_.keyboard_given(now);
  bool typed = false;
  for (const Key& key : keys) {
    typed |= obey(key, now, inputs);
    if (is_sign(key)) looked(now);
  }
  if (typed) typed_at_ = now;
  if (typed && terminal_.reports_focus() && !type_ahead_.keeping()) focus_ = Focus::here;
  if (ended_) {
    const ClosingKeys::Turn turn = closing_.turn(typed, now);
    dirty_ |= turn == ClosingKeys::Turn::ready;
    if (turn == ClosingKeys::Turn::close) inputs.push_back({Input::Kind::end, {}});
  }
  if (type_ahead_.turn(typed, now)) end_type_ahead();
}

bool SplitScreen::obey(const Key& key, Time now, std::vector<Input>& inputs) {
  dirty_ = true;
  if (focus_key(key, now) || scroll_key(key) || key.code == Key::Code::other) return false;
  if (type_ahead_.is_taken_back_by(key)) end_type_ahead();
  if (ended_) {
    closing_.press(key);
  } else if (type_ahead_.keeping()) {
    type_ahead_.keep(key);
  } else if (!screen_key(key) && !find_key(key)) {
    const std::size_t before = inputs.size();
    line_.obey(key, inputs);
    if (inputs.size() > before) talk_.to_bottom();
  }
  return true;
}

// That somebody looks: not a focus that came by itself, which has left it unknown, and not what was
// typed for another window.
bool SplitScreen::is_sign(const Key& key) const {
  using Code = Key::Code;
  if (key.code == Code::focus_in) return focus_ == Focus::here;
  if (type_ahead_.keeping()) return false;
  return key.code != Code::focus_out && key.code != Code::other;
}

// In a window of the desk only for a while: its person may be away from it.
bool SplitScreen::is_looked_at(Time now) const {
  const bool lately = !window_.opened_for_visitor || now < looked_at_ + kLooking;
  return focus_ == Focus::here && talk_.at_bottom() && lately;
}

void SplitScreen::looked(Time now) {
  looked_at_ = now;
  seen_ = true;
  bell_due_ = false;
  if (talk_.at_bottom()) unread_ = 0;
}

void SplitScreen::end_type_ahead() {
  dirty_ = true;
  if (type_ahead_.empty()) return;
  line_.keep_for_yank(type_ahead_.take());
  show({Entry::Kind::info, {}, kWasKept, std::chrono::system_clock::now()});
}

bool SplitScreen::screen_key(const Key& key) {
  if (key.code != Key::Code::control) return false;
  if (key.letter == 'Z') ::kill(::getpid(), SIGTSTP);  // noted, and done between two turns
  if (key.letter == 'L') resized();
  return key.letter == 'Z' || key.letter == 'L';
}

bool SplitScreen::focus_key(const Key& key, Time now) {
  if (key.code != Key::Code::focus_out && key.code != Key::Code::focus_in) return false;
  focus_is_told_ = true;
  if (key.code == Key::Code::focus_out) {
    focus_ = Focus::gone;
    talk_.mark_unread();
  } else if (turns_.was_given(now) || turns_.is_opening(now)) {
    focus_ = Focus::unknown;
    if (turns_.was_given(now)) type_ahead_.keyboard_given(now);
  } else {
    focus_ = Focus::here;
    type_ahead_.person_turned();
    talk_.unmark_if_all_read();
  }
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
  if (talk_.at_bottom() && focus_ == Focus::here) talk_.unmark_if_all_read();
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
  const bool takes_words = !ended_ && !type_ahead_.keeping();
  const InputArea input = line_.lay_out(takes_words, columns, most_input);
  const int input_rows = static_cast<int>(input.rows.size());
  const int status_rows = rows > input_rows ? 1 : 0;
  pane_ = {columns, std::max(0, rows - input_rows - status_rows)};

  Page page{talk_.view(pane_.columns, pane_.rows)};
  page.rows.resize(static_cast<std::size_t>(pane_.rows));
  if (status_rows > 0) {
    const bool closes_by_key = ended_ && closing_.ready() && window_.opened_for_visitor;
    const StatusExtras extras{talk_.new_below(), hint(),
                              closes_by_key ? closing_.how_to_close() : ""};
    page.rows.push_back({{Style::status, status_line(status_, extras, now, columns)}});
  }
  for (const std::string& row : input.rows) page.rows.push_back({{Style::plain, row}});
  page.cursor_row = pane_.rows + status_rows + input.cursor_row;
  page.cursor_column = std::min(input.cursor_column, columns - 1);
  page.title = window_title(status_, window_, unread_, utf8_);
  return page;
}

std::string SplitScreen::hint() const {
  if (ended_ && !closing_.not_sent().empty())
    return "not sent: " + display_text(quoted(closing_.not_sent_lately()));
  if (const char* const kept = type_ahead_.hint(); *kept != 0) return kept;
  return line_.hint(tty_.size().columns);
}

void SplitScreen::ring(Time now) {
  if (!bell_due_ || (rang_ && now < *rang_ + kBetweenBells)) return;
  bell_due_ = false;
  rang_ = now;
  painter_.ring();
}

}  // namespace talk
