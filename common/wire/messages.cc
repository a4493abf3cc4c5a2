#include "common/wire/messages.h"

#include <algorithm>
#include <array>
#include <limits>
#include <type_traits>
#include <utility>

#include "common/posix/bug.h"
#include "common/text/utf8.h"
#include "common/wire/integers.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

template <typename Field>
constexpr bool is_text = std::is_same_v<Field, std::string>;

template <typename M>
constexpr std::size_t most_of() {
  if constexpr (requires { M::kMost; })
    return M::kMost;
  else
    return kMaxPayload;
}

template <typename Field>
void put_field(std::string& payload, const Field& field) {
  if constexpr (is_text<Field>)
    payload += cut_utf8(field, kMaxText);
  else
    put_integer(payload, static_cast<std::make_unsigned_t<Field>>(field));
}

// False where the payload is too short.
template <typename Field>
bool take_field(std::string_view& payload, Field& field) {
  if constexpr (is_text<Field>) {
    field = payload;
    return true;
  } else {
    if (payload.size() < sizeof(Field)) return false;
    field = static_cast<Field>(get_integer<std::make_unsigned_t<Field>>(payload));
    payload.remove_prefix(sizeof(Field));
    return true;
  }
}

template <typename M>
Message read_message(std::string_view payload) {
  M message;
  const bool whole = std::apply(
      [&](auto... fields) { return (take_field(payload, message.*fields) && ...); }, M::kFields);
  if (!whole) throw ProtocolError(std::string("a frame '") + M::kTag + "' shorter than its fields");
  return message;
}

// ---- What a new message must hold to ----

template <typename... Fields>
constexpr bool only_the_last_is_text() {
  constexpr std::array texts = {is_text<Fields>...};
  return std::find(texts.begin(), texts.end() - 1, true) == texts.end() - 1;
}

template <typename M, typename... Fields>
constexpr bool text_is_last(const std::tuple<Fields M::*...>&) {
  return only_the_last_is_text<Fields...>();
}

template <typename... M>
constexpr bool texts_are_last(const std::variant<M...>*) {
  return (text_is_last(M::kFields) && ...);
}

template <typename... M>
constexpr bool tags_are_distinct(const std::variant<M...>*) {
  std::array tags = {kDataTag, M::kTag...};
  std::sort(tags.begin(), tags.end());
  return std::adjacent_find(tags.begin(), tags.end()) == tags.end();
}

constexpr const Message* kAnyMessage = nullptr;
static_assert(texts_are_last(kAnyMessage), "a text reaches up to the payload's end");
static_assert(tags_are_distinct(kAnyMessage), "two frames have the same tag");

// ---- The table ----

// What there is to know of a tag.
struct Row {
  Message (*read)(std::string_view payload) = nullptr;  // none: no message has this tag
  std::size_t most = 0;                                 // bytes of payload
};

constexpr std::size_t kTags = 128;

template <std::size_t... I>
constexpr auto make_rows(std::index_sequence<I...>) {
  std::array<Row, kTags> rows{};
  ((rows[static_cast<std::size_t>(std::variant_alternative_t<I, Message>::kTag)] =
        Row{read_message<std::variant_alternative_t<I, Message>>,
            most_of<std::variant_alternative_t<I, Message>>()}),
   ...);
  return rows;
}
constexpr std::array<Row, kTags> kRows =
    make_rows(std::make_index_sequence<std::variant_size_v<Message>>());

const Row* row_of(char tag) {
  const auto at = static_cast<unsigned char>(tag);
  return at < kTags && kRows[at].read != nullptr ? &kRows[at] : nullptr;
}

void put_header(std::string& out, char tag, std::size_t size) {
  check(size <= kMaxPayload, "a payload over the limit");
  out += tag;
  put_integer(out, static_cast<std::uint32_t>(size));
}

}  // namespace

std::string encode(const Message& message) {
  return std::visit(
      [](const auto& m) {
        using M = std::decay_t<decltype(m)>;
        if constexpr (std::is_same_v<M, Text>)
          check(m.text.size() <= M::kMost, "a line over the limit");
        std::string payload;
        std::apply([&](auto... fields) { (put_field(payload, m.*fields), ...); }, M::kFields);
        return make_frame(M::kTag, std::string_view(payload).substr(0, most_of<M>()));
      },
      message);
}

Message decode(char tag, std::string_view payload) {
  const Row* const row = row_of(tag);
  check(row != nullptr, "decode was given a tag that is no message");
  return row->read(payload);
}

std::optional<std::size_t> payload_limit(char tag) {
  const Row* const row = row_of(tag);
  return row != nullptr ? std::optional(row->most) : std::nullopt;
}

std::string make_frame(char tag, std::string_view payload) {
  std::string frame;
  frame.reserve(kFrameHeader + payload.size());
  put_header(frame, tag, payload.size());
  frame.append(payload);
  return frame;
}

std::string make_data_header(TransferNumber transfer, std::size_t count) {
  std::string header;
  put_header(header, kDataTag, count + kTransferNumberSize);
  put_integer(header, transfer);
  return header;
}

}  // namespace talk
