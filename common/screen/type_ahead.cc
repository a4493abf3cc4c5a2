#include "common/screen/type_ahead.h"

#include <algorithm>
#include <utility>

#include "common/text/utf8.h"
#include "common/wire/limits.h"

namespace talk {
namespace {

constexpr std::size_t kMostNamed = 30;   // bytes
constexpr std::size_t kMostKept = 1000;  // bytes

std::string end_of(std::string_view text, std::size_t most) {
  while (text.size() > most) text.remove_prefix(std::max<std::size_t>(1, decode_utf8(text).size));
  return std::string(text);
}

bool closes(const Key& key) {
  using Code = Key::Code;
  return key.code == Code::enter || key.code == Code::escape ||
         (key.code == Code::text && key.text == "q");
}

}  // namespace

bool Turns::another_has_closed(Time now, Time last_key) const {
  constexpr seconds kNotSeenYet{5};
  return closed_ && last_key < *closed_ && now < *closed_ + kNotSeenYet;
}

// ---- TypeAhead ----

TypeAhead::TypeAhead() : kept_(kMaxText) {}

void TypeAhead::window_opened(Time now, bool typing_elsewhere) {
  grown_up_ = now + kYouth;
  doubt_ = typing_elsewhere ? Doubt::elsewhere : Doubt::opening;
  ends_at_ = typing_elsewhere ? std::nullopt : std::optional(grown_up_);
  was_keeping_ = true;
}

void TypeAhead::keyboard_given(Time now) {
  if (over_ || doubt_ == Doubt::elsewhere || !kept_.empty()) return;
  doubt_ = Doubt::given;
  ends_at_ = now + kLong;
  was_keeping_ = true;
}

// An Enter alone is the end of a line that stands elsewhere, and not of anything here.
void TypeAhead::keep(const Key& key) {
  using Code = Key::Code;
  line_ended_ = key.code == Code::enter && !kept_.empty();
  if (line_ended_)
    kept_.insert("\n");
  else if (key.code == Code::text || key.code == Code::paste)
    kept_.insert(key.text);
  else
    kept_.apply(key);
}

bool TypeAhead::is_taken_back_by(const Key& key) {
  const bool taken = key.code == Key::Code::control && key.letter == 'Y' && !kept_.empty();
  if (taken) person_turned();
  return taken;
}

const char* TypeAhead::hint() const {
  if (keeping() && !kept_.empty()) return kIsKept;
  return doubt_ == Doubt::elsewhere ? kGoesElsewhere : doubt_ == Doubt::given ? kWasGiven : "";
}

// It ends in a turn without keys, so that those which waited while the program did not come to read
// them count as typed before.
bool TypeAhead::turn(bool keys_came, Time now) {
  if (keys_came && keeping()) {
    if (doubt_ == Doubt::opening) doubt_ = Doubt::rest;
    ends_at_ = line_ended_                  ? std::optional(std::max(now + kBreath, grown_up_))
               : doubt_ == Doubt::elsewhere ? std::nullopt
                                            : std::optional(now + kLong);
  } else if (ends_at_ && now >= *ends_at_) {
    doubt_ = Doubt::none;
  }
  if (!keeping()) ends_at_.reset();
  return std::exchange(was_keeping_, keeping()) && !keeping();
}

std::string TypeAhead::take() {
  line_ended_ = false;
  std::string text = kept_.take();
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::string TypeAhead::talk_ended() {
  over_ = true;
  person_turned();
  return take();
}

// ---- ClosingKeys ----

void ClosingKeys::talk_ended(Time now, bool line_begun) {
  ready_at_ = now + kYouth;
  line_begun_ = line_begun;
}

void ClosingKeys::press(const Key& key) {
  const bool ends_line = key.code == Key::Code::enter && line_begun_;
  closing_ = ready() && closes(key) && !ends_line;
  if (key.code == Key::Code::enter)
    add_not_sent(" ");
  else
    add_not_sent(key.text);
  line_begun_ = !ends_line && (line_begun_ || !key.text.empty());
}

void ClosingKeys::add_not_sent(const std::string& text) {
  not_sent_ = end_of(not_sent_ + text, kMostKept);
}

std::string ClosingKeys::not_sent_lately() const { return end_of(not_sent_, kMostNamed); }

const char* ClosingKeys::how_to_close() const {
  return line_begun_ ? "Enter twice, Esc or q closes" : "Enter, Esc or q closes";
}

ClosingKeys::Turn ClosingKeys::turn(bool keys_came, Time now) {
  if (ready_at_ && keys_came) {
    ready_at_ = std::max(*ready_at_, now + kBreath);
  } else if (ready_at_ && now >= *ready_at_) {
    ready_at_.reset();
    return Turn::ready;
  } else if (keys_came) {
    closes_at_ = closing_ ? std::optional(now + kBreath) : std::nullopt;
  } else if (closes_at_ && now >= *closes_at_) {
    return Turn::close;
  }
  return Turn::nothing;
}

}  // namespace talk
