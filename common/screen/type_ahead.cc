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

// ---- Settling ----

void Settling::turn(bool keys_came, Time now) {
  if (!due_) return;
  if (keys_came)
    due_ = std::max(*due_, now + kQuiet);
  else if (now >= *due_)
    due_.reset();
}

// ---- TypeAhead ----

TypeAhead::TypeAhead() : kept_(kMaxText) {}

void TypeAhead::window_opened(Time now, bool typing_elsewhere) {
  settling_.begin(now);
  distrusts_ = typing_elsewhere;
}

void TypeAhead::keep(const Key& key) {
  using Code = Key::Code;
  if (key.code == Code::enter)
    kept_.insert("\n");
  else if (key.code == Code::text || key.code == Code::paste)
    kept_.insert(key.text);
  else
    kept_.apply(key);
}

bool TypeAhead::turn(bool keys_came, Time now) {
  const bool was_keeping = keeping();
  if (keys_came && std::exchange(distrusts_, false) && settling_.settled())
    settling_.begin_pause(now);
  else
    settling_.turn(keys_came, now);
  return was_keeping && !keeping();
}

std::string TypeAhead::take() {
  std::string text = kept_.take();
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

// ---- ClosingKeys ----

void ClosingKeys::press(const Key& key) {
  closing_ = settling_.settled() && closes(key);
  if (key.code == Key::Code::enter)
    add_not_sent(" ");
  else
    add_not_sent(key.text);
}

void ClosingKeys::add_not_sent(const std::string& text) {
  not_sent_ = end_of(not_sent_ + text, kMostKept);
}

std::string ClosingKeys::not_sent_lately() const { return end_of(not_sent_, kMostNamed); }

ClosingKeys::Turn ClosingKeys::turn(bool keys_came, Time now) {
  const bool was_ready = ready();
  settling_.turn(keys_came, now);
  if (ready() != was_ready) return Turn::ready;
  if (keys_came)
    closes_at_ = closing_ ? std::optional(now + Settling::kQuiet) : std::nullopt;
  else if (closes_at_ && now >= *closes_at_)
    return Turn::close;
  return Turn::nothing;
}

std::optional<Time> ClosingKeys::due() const { return closes_at_ ? closes_at_ : settling_.due(); }

}  // namespace talk
