#include "common/transfer/directory_tally.h"

#include <algorithm>

#include "common/text/display.h"

namespace talk {
namespace {

// A full disk fails them all: so many are named, and the last line says how many there were.
constexpr std::uint32_t kMostNamed = 20;

std::string files_text(std::uint64_t count) {
  return count == 1 ? "1 file" : std::to_string(count) + " files";
}

}  // namespace

void DirectoryTally::moved(std::uint64_t count, Time now) {
  if (!std::exchange(moving_, true)) meter_.start(0, now);
  moved_ += count;
  meter_.update(moved_, now);
}

void DirectoryTally::stored(std::uint64_t bytes, bool renamed) {
  settle(bytes);
  ++stored_;
  renamed_ += renamed;
}

void DirectoryTally::failed(std::uint64_t bytes, const std::string& line, TransferOutbox& out) {
  settle(bytes);
  if (++failed_ <= kMostNamed) out.failure(line);
}

std::string DirectoryTally::title() const {
  return quoted(name_) + " (" + files_text(files_) + ", " + size_text(bytes_) + ")";
}

std::string DirectoryTally::stored_part() const {
  return std::to_string(stored_) + " of the " + files_text(files_) + " of " + quoted(name_);
}

std::string DirectoryTally::remarks() const {
  std::string text;
  if (failed_ > 0) text += "; " + std::to_string(failed_) + " failed";
  if (renamed_ > 0)
    text += "; " + std::to_string(renamed_) +
            (renamed_ == 1 ? " under a new name" : " under new names");
  return text;
}

std::string DirectoryTally::after_so_many() const { return "after " + files_text(stored_); }

TransferView DirectoryTally::view(std::uint64_t under_way, Time now) const {
  const std::uint64_t done = std::min(bytes_, settled_bytes_ + under_way);
  TransferView view{
      number_, outgoing_, name_, done, bytes_, meter_.rate(now), meter_.left(done, bytes_, now)};
  view.files = files_;
  view.files_done = std::min(files_, stored_ + failed_);
  return view;
}

std::string DirectoryTally::progress(std::uint64_t under_way, Time now) const {
  const TransferView at = view(under_way, now);
  return progress_text(
      quoted(name_) + ", " + std::to_string(at.files_done) + " of " + files_text(files_) + ",",
      at.done, at.total, at.rate, at.left);
}

}  // namespace talk
