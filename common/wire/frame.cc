#include "common/wire/frame.h"

#include <algorithm>

#include "common/wire/integers.h"
#include "common/wire/limits.h"
#include "common/wire/messages.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

bool is_letter(char tag) { return (tag >= 'A' && tag <= 'Z') || (tag >= 'a' && tag <= 'z'); }

}  // namespace

// Completes `whole_` with `wanted` bytes, from the input alone where they are there in one piece.
bool FrameReader::gather(std::size_t wanted) {
  if (gathered_.empty() && input_.size() >= wanted) {
    whole_ = input_.substr(0, wanted);
    input_.remove_prefix(wanted);
    return true;
  }
  const std::size_t count = std::min(wanted - gathered_.size(), input_.size());
  gathered_.append(input_.substr(0, count));
  input_.remove_prefix(count);
  if (gathered_.size() < wanted) return false;
  whole_ = gathered_;
  hand_over_ = true;
  return true;
}

void FrameReader::begin_frame() {
  tag_ = whole_[0];
  left_ = get_integer<std::uint32_t>(whole_.substr(1));
  const std::optional<std::size_t> limit = payload_limit(tag_);
  const std::size_t most = limit.value_or(kMaxPayload);
  is_message_ = limit.has_value();
  if (!is_letter(tag_)) throw ProtocolError("a frame whose tag is no letter");
  if (left_ > most)
    throw ProtocolError(std::string("a frame '") + tag_ + "' of " + std::to_string(left_) +
                        " bytes, over the limit of " + std::to_string(most));
  if (tag_ == kDataTag && left_ < kTransferNumberSize)
    throw ProtocolError("file data without its number");
  in_payload_ = true;
  piecewise_ = false;
}

// File data or a frame to skip: whatever of it is there.
std::optional<FrameReader::Frame> FrameReader::next_piece() {
  const std::string_view piece = input_.substr(0, left_);
  input_.remove_prefix(piece.size());
  left_ -= piece.size();
  if (left_ == 0) in_payload_ = false;
  if (tag_ != kDataTag || piece.empty()) return std::nullopt;
  return Frame{tag_, piece, transfer_};
}

std::optional<FrameReader::Frame> FrameReader::next() {
  while (true) {
    if (hand_over_) {
      gathered_.clear();
      hand_over_ = false;
    }
    if (!in_payload_) {
      if (!gather(kFrameHeader)) return std::nullopt;
      begin_frame();
      continue;
    }
    if (tag_ == kDataTag && !piecewise_) {
      if (!gather(kTransferNumberSize)) return std::nullopt;
      transfer_ = get_integer<std::uint32_t>(whole_);
      left_ -= kTransferNumberSize;
      piecewise_ = true;
      continue;
    }
    if (!is_message_) {
      if (auto piece = next_piece()) return piece;
      if (in_payload_) return std::nullopt;
      continue;
    }
    if (!gather(left_)) return std::nullopt;
    in_payload_ = false;
    return Frame{tag_, whole_, 0};
  }
}

}  // namespace talk
