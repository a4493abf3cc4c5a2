#include "talk_server/board/board.h"

#include <unistd.h>

#include <algorithm>
#include <stdexcept>

#include "common/desk/typing_elsewhere.h"
#include "common/posix/crash_guard.h"
#include "common/posix/locale.h"
#include "common/screen/screens.h"
#include "common/wire/limits.h"
#include "talk_server/board/raise.h"
#include "talk_server/board/table.h"

namespace talk {
namespace {

constexpr milliseconds kBetweenPaints{50};
constexpr milliseconds kLastBytes{200};
constexpr milliseconds kForWindow{300};  // the board stands still meanwhile
constexpr std::ptrdiff_t kPageStep = 10;
constexpr const char* kRaised = "raised";
constexpr const char* kKeysComeHere = "keys come here: click the window to talk";

Terminfo usable_terminal() {
  if (!at_terminal())
    throw std::runtime_error("show the board: this is no terminal (for scripts: talk_desk list)");
  Terminfo terminal;
  if (!terminal.shortcoming().empty())
    throw std::runtime_error("show the board: " + terminal.shortcoming() +
                             " (talk_desk list says the same in lines)");
  return terminal;
}

}  // namespace

Board::Board(const RegisteredServer& server, Opened opened)
    : server_(server.name),
      opened_(opened),
      signals_({SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH}),
      terminal_(usable_terminal()),
      tty_({TtyMode::Controls::keys, terminal_.begin(), terminal_.end()}),
      painter_(terminal_, tty_),
      house_(server.directory),
      orders_(server.directory),
      presence_(server.directory, [this] { return is_typing(); }) {}

void Board::run() {
  while (!leaving_ && !tty_.gone()) {
    WaitSet wait;
    const Time before = Clock::now();
    if (dirty_) paint(before);
    prepare(wait, before);
    wait.wait(signals_.wait_mask());
    if (take_signals()) break;
    turn(wait, Clock::now());
  }
  tty_.give_back(Clock::now() + kLastBytes);
}

void Board::prepare(WaitSet& wait, Time now) const {
  tty_.prepare(wait);
  house_.prepare(wait, now);
  orders_.prepare(wait);
  presence_.prepare(wait, now);
  if (dirty_ && painted_at_) wait.wake_by(*painted_at_ + kBetweenPaints);
}

void Board::turn(const WaitSet& wait, Time now) {
  tty_.write(wait);
  for (const Key& key : tty_.read_keys(wait, now)) {
    look_at_sessions();
    obey(key, now);
    painted_at_.reset();  // what a key does is seen at once
  }
  house_.turn(wait, now);
  orders_.turn(wait, now);
  presence_.turn(wait, now);
  hear_results();
  dirty_ = true;
  leaving_ |= is_left_behind();
}

bool Board::is_left_behind() {
  server_seen_ |= house_.listener().has_value();
  return opened_ == Opened::by_the_server && server_seen_ && !house_.listener() &&
         house_.settled() && house_.sessions().empty();
}

bool Board::take_signals() {
  bool ending = false;
  for (const int signal : {SIGINT, SIGTERM, SIGQUIT, SIGHUP}) ending |= signals_.take(signal);
  if (signals_.take(SIGTSTP)) suspend();
  if (signals_.take(SIGWINCH) || signals_.take(SIGCONT)) {
    tty_.resized();
    painter_.forget();
    painted_at_.reset();
  }
  return ending;
}

void Board::suspend() {
  tty_.give_back(Clock::now() + kLastBytes);
  Signals::stop_by(SIGTSTP);
  tty_.take();
  painter_.forget();
  painter_.forget_title();
}

// ---- The sessions ----

// The chosen one stays chosen while others come and go.
void Board::look_at_sessions() {
  sessions_ = house_.sessions();
  const auto at = std::lower_bound(
      sessions_.begin(), sessions_.end(), chosen_.value_or(0),
      [](const SessionRow& row, std::uint64_t number) { return row.number < number; });
  selected_ = static_cast<std::size_t>(at - sessions_.begin());
  if (selected_ == sessions_.size() && selected_ > 0) --selected_;
}

const SessionRow* Board::selected() const {
  return selected_ < sessions_.size() ? &sessions_[selected_] : nullptr;
}

void Board::move(std::ptrdiff_t step) {
  if (sessions_.empty()) return;
  const auto last = static_cast<std::ptrdiff_t>(sessions_.size()) - 1;
  const auto to =
      std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(selected_) + step, 0, last);
  selected_ = static_cast<std::size_t>(to);
  chosen_ = sessions_[selected_].number;
}

// ---- Keys ----

void Board::obey(const Key& key, Time now) {
  using Code = Key::Code;
  if (key.code == Code::control && key.letter == 'Z') return suspend();
  if (key.code == Code::control && key.letter == 'L') return painter_.forget();
  if (key.code == Code::focus_in) meant_for_window_ = false;
  if (key.code == Code::focus_in || key.code == Code::focus_out || key.code == Code::other) return;
  if (question_) {
    typed_at_ = now;
    return question_->to_be_confirmed ? confirm(key, now) : answer(key, now);
  }
  message_.clear();
  if (meant_for_window_ && key.code == Code::text) {
    message_ = kKeysComeHere;
    return;
  }
  if (key.code != Code::enter) meant_for_window_ = false;
  act_on(key, now);
}

void Board::act_on(const Key& key, Time now) {
  using Code = Key::Code;
  const auto all = static_cast<std::ptrdiff_t>(sessions_.size());
  switch (key.code) {
    case Code::up:
    case Code::wheel_up:
      return move(-1);
    case Code::down:
    case Code::wheel_down:
      return move(1);
    case Code::page_up:
      return move(-kPageStep);
    case Code::page_down:
      return move(kPageStep);
    case Code::home:
      return move(-all);
    case Code::end:
      return move(all);
    case Code::enter:
      return raise(now);
    case Code::control:
      leaving_ = key.letter == 'C';
      return;
    case Code::text:
      for (std::size_t i = 0; i < key.text.size(); ++i) {
        command(key.text[i], now);
        if (question_) return answer({Code::text, key.text.substr(i + 1)}, now);  // typed at once
      }
      return;
    default:
      return;
  }
}

void Board::command(char letter, Time now) {
  switch (letter) {
    case 'q':
      leaving_ = true;
      return;
    case 'k':
      return move(-1);
    case 'j':
      return move(1);
    case 'r':
      return raise(now);
    case 's':
      return ask("say", false);
    case 'a':
      return ask("say", true);
    case 'c':
      return ask("close", false);
    default:
      return;
  }
}

bool Board::is_typing() const { return question_ || Clock::now() < typed_at_ + kTypedLately; }

void Board::ask(const std::string& request, bool all) {
  std::vector<std::uint64_t> to;
  for (const SessionRow& row : sessions_)
    if (all ? state_of(row) != SessionState::left : &row == selected()) to.push_back(row.number);
  if (to.empty()) {
    message_ = "nobody is here";
    return;
  }
  const std::string whom =
      all ? "all (" + std::to_string(to.size()) + ")" : session_title(*selected());
  const std::string label =
      request == "say" ? "say to " + whom + ": " : "close " + whom + ", why? ";
  question_ = Question{request, std::move(to), label, LineEditor(kMaxText)};
  question_->editor.keep_for_yank(unsaid_);
  message_ = request == "say" ? "Enter says it, Esc does not" : "Enter, then y ends the talk";
}

void Board::answer(const Key& key, Time now) {
  using Code = Key::Code;
  const bool interrupted = key.code == Code::control && (key.letter == 'C' || key.letter == 'G');
  if (interrupted || key.code == Code::escape) return drop_question();
  if (key.code == Code::enter && question_->request == "close") {
    question_->to_be_confirmed = true;
    message_ = "y ends the talk, any other key does not";
    return;
  }
  if (key.code == Code::enter) {
    const Question question = std::move(*question_);
    question_.reset();
    return give(question, now);
  }
  if (key.code == Code::text || key.code == Code::paste) {
    std::string text = key.text;
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    if (!question_->editor.insert(text)) message_ = "the line is full";
    return;
  }
  question_->editor.apply(key);
}

// A sentence that was typed at the board by mistake ends no talk.
void Board::confirm(const Key& key, Time now) {
  const bool confirmed = key.code == Key::Code::text && (key.text == "y" || key.text == "c");
  const Question question = std::move(*question_);
  drop_question();
  if (confirmed) return give(question, now);
  message_ = "not closed";
}

void Board::drop_question() {
  question_.reset();
  message_.clear();
}

// ---- What is done ----

void Board::give(const Question& question, Time now) {
  message_.clear();
  const std::string& text = question.editor.text();
  const bool says = question.request == "say";
  if (says && text.empty()) return;
  doing_ = {says ? "said" : "closed", says ? text : "", question.to.size(), 0, ""};
  for (const std::uint64_t number : question.to)
    orders_.give(number, question.request + " " + text, now);
}

void Board::raise(Time now) {
  if (selected() == nullptr) return;
  doing_ = {kRaised, "", 1, 0, ""};
  meant_for_window_ = true;
  orders_.give(selected()->number, "raise", now);
}

void Board::hear_results() {
  for (const OrderResult& result : orders_.take_results()) hear(result);
}

void Board::hear(const OrderResult& result) {
  using Kind = OrderResult::Kind;
  const std::string problem = problem_text(result);
  if (!problem.empty()) {
    meant_for_window_ = false;  // for there is none
    doing_.problem = problem;
    if (result.kind != Kind::unanswered && !doing_.words.empty()) {
      unsaid_ = doing_.words;
      doing_.problem += "; ^Y in the next line brings your words back";
    }
  } else if (doing_.what == kRaised) {
    doing_.problem = give_keyboard(result, kForWindow);
    meant_for_window_ = !doing_.problem.empty();  // else the keyboard has gone there
  }
  if (problem.empty()) ++doing_.done;
  const std::string count = doing_.of > 1 ? " to " + std::to_string(doing_.done) : "";
  if (doing_.problem.empty())
    message_ = doing_.what + count;
  else
    message_ = (doing_.of > 1 ? doing_.what + count + "; " : "") + doing_.problem;
}

void Board::paint(Time now) {
  if (tty_.queued() > 0 || (painted_at_ && now < *painted_at_ + kBetweenPaints)) return;
  look_at_sessions();
  BoardView view{server_,
                 house_.listener(),
                 sessions_,
                 selected_,
                 message_,
                 std::nullopt,
                 std::chrono::system_clock::now(),
                 locale_is_utf8()};
  if (question_)
    view.prompt =
        BoardPrompt{question_->label, question_->editor.text(), question_->editor.cursor()};
  painter_.paint(compose_board(view, tty_.size()));
  painted_at_ = now;
  dirty_ = false;
}

}  // namespace talk
