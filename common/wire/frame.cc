#include "common/wire/frame.h"

#include <algorithm>

#include "common/posix/bug.h"
#include "common/wire/integers.h"
#include "common/wire/limits.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

constexpr std::size_t kTransferNumber = 4;

bool is_letter(char tag) { return (tag >= 'A' && tag <= 'Z') || (tag >= 'a' && tag <= 'z'); }

bool is_known(char tag) {
  return std::string_view("TNBPpOAWDESRXGLIZ").find(tag) != std::string_view::npos;
}

std::size_t most_for(char tag) {
  if (tag == 'T' || tag == 'N' || tag == 'B') return kMaxText;
  if (tag == 'P' || tag == 'p') return kMaxPing;
  return kMaxPayload;
}

}  // namespace

std::string make_frame(char tag, std::string_view payload) {
  check(payload.size() <= kMaxPayload, "a payload over the limit");
  std::string frame(1, tag);
  put_integer(frame, static_cast<std::uint32_t>(payload.size()));
  frame.append(payload);
  return frame;
}

std::string make_data_header(std::uint32_t transfer, std::size_t count) {
  check(count + kTransferNumber <= kMaxPayload, "a payload over the limit");
  std::string header(1, 'D');
  put_integer(header, static_cast<std::uint32_t>(count + kTransferNumber));
  put_integer(header, transfer);
  return header;
}

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
  if (!is_letter(tag_)) throw ProtocolError("a frame whose tag is no letter");
  if (left_ > most_for(tag_))
    throw ProtocolError(std::string("a frame '") + tag_ + "' of " + std::to_string(left_) +
                        " bytes, over the limit of " + std::to_string(most_for(tag_)));
  if (tag_ == 'D' && left_ < kTransferNumber) throw ProtocolError("file data without its number");
  in_payload_ = true;
  piecewise_ = false;
}

// File data or a frame to skip: whatever of it is there.
std::optional<FrameReader::Frame> FrameReader::next_piece() {
  const std::string_view piece = input_.substr(0, left_);
  input_.remove_prefix(piece.size());
  left_ -= piece.size();
  if (left_ == 0) in_payload_ = false;
  if (!is_known(tag_) || piece.empty()) return std::nullopt;
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
    if (tag_ == 'D' && !piecewise_) {
      if (!gather(kTransferNumber)) return std::nullopt;
      transfer_ = get_integer<std::uint32_t>(whole_);
      left_ -= kTransferNumber;
      piecewise_ = true;
      continue;
    }
    if (tag_ == 'D' || !is_known(tag_)) {
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
