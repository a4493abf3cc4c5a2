#include "common/screen/plain_screen.h"

#include <algorithm>

#include "common/posix/locale.h"
#include "common/screen/entry.h"
#include "common/screen/window_title.h"
#include "common/text/display.h"
#include "common/text/width.h"
#include "common/wire/limits.h"

namespace talk {
namespace {

constexpr int kRoomForWords = 24;  // columns that a prompt leaves
constexpr std::size_t kOutputFull = std::size_t{64} << 10;

std::unique_ptr<InputRow> row_for(PlainScreen::Way way) {
  if (way == PlainScreen::Way::writing) return std::make_unique<WrittenRow>();
  return std::make_unique<RepaintedRow>();
}

}  // namespace

PlainScreen::PlainScreen(const WindowKind& window, Way way, Titles titles)
    : tty_({TtyMode::Controls::signals}),
      editor_(kMaxText),
      row_(row_for(way)),
      window_(window),
      titles_(std::move(titles)),
      looked_at_(Clock::now()) {
  if (way == Way::writing) announcer_.emplace();
  if (window.opened_for_visitor) type_ahead_.window_opened(looked_at_, window.typing_elsewhere);
}

PlainScreen::~PlainScreen() { finish(Clock::now()); }

// ---- Out ----

void PlainScreen::show(const Entry& entry) {
  if (entry.kind == Entry::Kind::mine && stands_already(entry.text)) return;
  std::string lines;
  for (const std::string& row : entry_rows(entry, tty_.size().columns - 1))
    lines += row + end_of_row();
  put(lines);
  if (entry.kind == Entry::Kind::theirs) ++unread_;
}

bool PlainScreen::stands_already(const std::string& words) {
  const auto at = std::find(entered_.begin(), entered_.end(), words);
  if (at == entered_.end()) return false;
  entered_.erase(at);
  return true;
}

// The terminal returns its carriage by itself; a second time is one more that is painted over.
const char* PlainScreen::end_of_row() const { return announcer_ ? "\n" : "\r\n"; }

void PlainScreen::remark(const std::string& text) {
  show({Entry::Kind::info, {}, text, std::chrono::system_clock::now()});
}

void PlainScreen::put(const std::string& text) {
  tty_.put(row_->make_way() + text);
  stale_ = true;
}

std::string PlainScreen::prompt() const {
  if (ended_) {
    const std::string vain = closing_.not_sent_lately();
    return "-- left" + (closes_by_key() ? std::string(": ") + closing_.how_to_close() : "") +
           (vain.empty() ? "" : "; not sent: " + display_text(quoted(vain))) + " ";
  }
  if (type_ahead_.keeping() && !type_ahead_.empty()) return "-- kept, not sent, up to Enter ";
  if (type_ahead_.keeping()) return *type_ahead_.hint() != 0 ? "-- kept, not sent " : "";
  return status_text_.empty() ? "> " : "[" + status_text_ + "] > ";
}

void PlainScreen::draw_input() {
  stale_ = false;
  const bool typing = !ended_ && !type_ahead_.keeping();
  tty_.put(row_->draw(prompt(), typing ? &editor_ : nullptr, tty_.size().columns));
}

void PlainScreen::set_status(const Status& status) {
  status_ = status;
  const Time now = Clock::now();
  if (announcer_) {
    for (const std::string& line : announcer_->news(status, now)) remark(line);
    return;
  }
  unheard_.set(status.unheard, now);
  say_status(now);
}

void PlainScreen::say_status(Time now) {
  if (announcer_) return;
  const int most = std::max(0, tty_.size().columns - kRoomForWords);
  std::string text = plain_status(status_, unheard_.shown(now), most);
  if (text == status_text_) return;
  status_text_ = std::move(text);
  stale_ = true;
}

void PlainScreen::set_title() {
  if (!titles_ || !has_room()) return;
  std::string title = window_title(status_, window_, unread_, locale_is_utf8());
  if (title == title_) return;
  title_ = std::move(title);
  tty_.put(titles_(title_));
}

void PlainScreen::talk_ended() {
  ended_ = true;
  closing_.talk_ended(Clock::now(), !editor_.empty() || !type_ahead_.empty());
  closing_.add_not_sent(type_ahead_.talk_ended());
  if (!editor_.empty() && window_.opened_for_visitor) tell_not_sent(editor_.text());
  stale_ = true;
}

Attention PlainScreen::attention() const {
  const bool half_typed = !editor_.empty() || !type_ahead_.empty() || unsent_.waiting();
  return {unread_, half_typed, typed_at_, looked_at_, ended_ && !closing_.ready()};
}

// ---- The wait ----

void PlainScreen::prepare(WaitSet& wait, bool listening) {
  tty_.prepare(wait);
  unsent_.listen(listening);
  if (unsent_.due() || (stale_ && has_room())) wait.wake_by(Time{});  // at once
  wait.wake_by(type_ahead_.due());
  wait.wake_by(unheard_.due(Clock::now()));
  if (ended_) wait.wake_by(closing_.due());
}

void PlainScreen::turn(const WaitSet& wait, Time now, std::vector<Input>& inputs) {
  take_keys(tty_.read_keys(wait, now), now, inputs);
  unsent_.release(inputs);
  say_status(now);
  if (stale_ && has_room()) draw_input();
  set_title();
  tty_.write(wait);
  if (tty_.gone()) inputs.push_back({Input::Kind::quit, "the window was closed"});
}

void PlainScreen::take_keys(const std::vector<Key>& keys, Time now, std::vector<Input>& inputs) {
  if (!keys.empty() && editor_.empty() && turns_.another_has_closed(now, typed_at_))
    type_ahead_.keyboard_given(now);
  for (const Key& key : keys) obey(key, inputs);
  if (!keys.empty()) {
    typed_at_ = now;
    stale_ = true;
  }
  if (!keys.empty() && !type_ahead_.keeping()) {  // else they were meant for another window
    unread_ = 0;
    looked_at_ = now;
  }
  if (ended_) {
    const ClosingKeys::Turn turn = closing_.turn(!keys.empty(), now);
    stale_ |= turn == ClosingKeys::Turn::ready;
    if (announcer_) tell_how_to_close(turn);
    if (turn == ClosingKeys::Turn::close) inputs.push_back({Input::Kind::end, {}});
  }
  if (type_ahead_.turn(!keys.empty(), now)) end_type_ahead();
}

void PlainScreen::end_type_ahead() {
  stale_ = true;  // there is a prompt now
  if (type_ahead_.empty()) return;
  std::string kept = type_ahead_.take();
  std::replace(kept.begin(), kept.end(), '\n', ' ');
  editor_.keep_for_yank(std::move(kept));
  remark(kWasKept);
}

// What stands in the prompt elsewhere.
void PlainScreen::tell_how_to_close(ClosingKeys::Turn turn) {
  if (turn == ClosingKeys::Turn::ready && closes_by_key())
    remark(std::string("left: ") + closing_.how_to_close());
  if (closing_.not_sent().empty() || std::exchange(vain_told_, true)) return;
  remark("what is typed now is not sent");
}

void PlainScreen::obey(const Key& key, std::vector<Input>& inputs) {
  using Code = Key::Code;
  if (ended_) return closing_.press(key);
  if (type_ahead_.is_taken_back_by(key)) end_type_ahead();
  if (type_ahead_.keeping()) {
    if (announcer_ && type_ahead_.empty()) remark(kIsKept);
    return type_ahead_.keep(key);
  }
  if (key.code == Code::enter) return enter(inputs);
  if (key.code == Code::text || key.code == Code::paste) return insert(key.text);
  if (key.code == Code::control && key.letter == 'D' && editor_.empty())
    return say({Input::Kind::end, {}}, inputs);
  editor_.apply(key);
}

void PlainScreen::enter(std::vector<Input>& inputs) {
  if (editor_.empty()) return inputs.push_back({Input::Kind::nudge, {}});
  const bool said = is_said(editor_.text());
  if (said && !unsent_.has_room()) return remark(kNotSentYet);
  if (announcer_) draw_input();  // whole, it stays
  const std::string line = editor_.take();
  if (announcer_) {
    put("");
    if (said) entered_.push_back(words_of(line));
  } else if (!said) {
    put("> " + display_text(line) + "\r\n");
  }
  if (said) return say({Input::Kind::line, line}, inputs);
  unsent_.obey(line, inputs);
}

void PlainScreen::say(Input input, std::vector<Input>& inputs) {
  const bool waited = unsent_.waiting();
  unsent_.say(std::move(input), inputs);
  if (unsent_.waiting() && !waited && !unsent_.due()) remark(kNotSentYet);
}

void PlainScreen::insert(const std::string& text) {
  if (!editor_.insert(text)) remark(kLineIsFull);
}

bool PlainScreen::has_room() const { return tty_.queued() < kOutputFull; }

void PlainScreen::resized() {
  tty_.resized();
  stale_ = true;
}

void PlainScreen::suspend() { give_back(Clock::now() + seconds(1), TtyMode::Typed::stays); }

void PlainScreen::resume() {
  tty_.take();
  resized();
}

// Where a shell goes on, what is typed by now was not meant for it.
void PlainScreen::finish(Time deadline) {
  if (std::exchange(finished_, true)) return;
  const bool drops = ended_ && !window_.opened_for_visitor;
  if (drops) tell_not_sent(editor_.take() + closing_.not_sent());
  give_back(deadline, drops ? TtyMode::Typed::is_dropped : TtyMode::Typed::stays);
}

void PlainScreen::tell_not_sent(const std::string& words) {
  if (!words.empty()) remark("not sent: " + quoted(words));
}

void PlainScreen::give_back(Time deadline, TtyMode::Typed typed) {
  put("");
  stale_ = false;
  tty_.give_back(deadline, "", typed);
}

}  // namespace talk
