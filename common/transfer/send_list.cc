#include "common/transfer/send_list.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "common/files/file_name.h"
#include "common/text/display.h"

namespace talk {
namespace {

constexpr std::ptrdiff_t kMostWalks = 4;
// Of the files in one directory that cannot be sent; of the others their number is said.
constexpr std::size_t kMostNamed = 20;

// "dir", "dir/" and "." are all called by the directory's own name.
std::string last_part(const std::string& path) {
  std::filesystem::path plain(path);
  if (!plain.has_filename()) plain = plain.parent_path();
  if (plain.filename() == "." || plain.filename() == "..") {
    std::error_code ignored;
    plain = std::filesystem::canonical(plain, ignored);
  }
  return plain.filename().string();
}

void check_sendable(const std::string& name) {
  const std::string refusal = check_name(name).refusal;
  if (!refusal.empty()) throw std::runtime_error(refusal);
}

}  // namespace

void SendList::add(const std::string& path) {
  Batch batch;
  batch.id = ++last_batch_;
  batch.path = path;
  batches_.push_back(std::move(batch));
}

// Each walk holds descriptors.
bool SendList::may_start() const {
  return std::count_if(batches_.begin(), batches_.end(),
                       [](const Batch& batch) { return batch.walk != nullptr; }) < kMostWalks;
}

std::vector<SendList::Counted> SendList::take_counted() {
  std::vector<Counted> counted;
  for (Batch& batch : batches_) {
    if (!batch.walk || !batch.walk->counted() || std::exchange(batch.count_taken, true)) continue;
    const SendWalk& walk = *batch.walk;
    if (walk.files() > 0) counted.push_back({batch.id, walk.name(), walk.files(), walk.bytes()});
  }
  return counted;
}

std::optional<SendList::Item> SendList::next(
    const std::function<bool(std::uint64_t batch)>& may_offer) {
  std::optional<Item> item;
  for (Batch& batch : batches_) {
    if (item) break;
    if (!batch.started && !may_start()) continue;
    while (!item && !batch.done && may_offer(batch.id)) {
      const std::size_t before = batch.entries;
      item = next_of(batch);
      if (batch.entries == before) break;  // its walk is waited for
    }
  }
  std::erase_if(batches_, [](const Batch& other) { return other.done; });
  return item;
}

std::optional<SendList::Item> SendList::next_of(Batch& batch) {
  try {
    std::error_code ignored;
    if (!std::exchange(batch.started, true) && std::filesystem::is_directory(batch.path, ignored)) {
      batch.walk =
          std::make_shared<SendWalk>(disk_, files_, files_.open(batch.path), last_part(batch.path));
      batch.walk->start();
    }
    if (batch.walk) return next_in_directory(batch);
    batch.done = true;
    const std::string name = last_part(batch.path);
    auto source = std::make_shared<FileSource>(files_.open(batch.path));
    check_sendable(name);
    return Item{name, batch.id, std::move(source)};
  } catch (const std::exception& error) {
    batch.done = true;
    out_.failure("cannot send " + talk::quoted(batch.path) + ": " + error.what());
    return std::nullopt;
  }
}

std::optional<SendList::Item> SendList::next_in_directory(Batch& batch) {
  if (!batch.count_taken) return std::nullopt;
  auto file = batch.walk->next();
  if (!file) {
    if (batch.walk->at_end()) end_of_directory(batch);
    return std::nullopt;
  }
  ++batch.entries;
  if (file->problem.empty()) return Item{std::move(file->name), batch.id, std::move(file->source)};
  if (++batch.problems <= kMostNamed)
    out_.failure("not sent: " + talk::quoted(file->name) + ": " + file->problem);
  return std::nullopt;
}

void SendList::end_of_directory(Batch& batch) {
  batch.done = true;
  if (batch.entries == 0) out_.failure("not sent: " + talk::quoted(batch.path) + " has no files");
  if (batch.problems > kMostNamed)
    out_.failure("not sent: " + std::to_string(batch.problems - kMostNamed) + " more of " +
                 talk::quoted(batch.path));
}

void SendList::drop(std::uint64_t batch) {
  std::erase_if(batches_, [&](const Batch& other) { return other.id == batch; });
}

const SendList::Batch* SendList::find(std::uint64_t id) const {
  const auto at = std::find_if(batches_.begin(), batches_.end(),
                               [&](const Batch& batch) { return batch.id == id; });
  return at == batches_.end() ? nullptr : &*at;
}

bool SendList::has(std::uint64_t batch) const { return find(batch) != nullptr; }

std::optional<std::uint64_t> SendList::oldest() const {
  return batches_.empty() ? std::nullopt : std::optional(batches_.front().id);
}

std::string SendList::path_of(std::uint64_t batch) const {
  const Batch* const found = find(batch);
  return found != nullptr ? found->path : "";
}

// Of one whose count was taken its taker speaks.
void SendList::describe() const {
  for (const Batch& batch : batches_)
    if (!batch.count_taken) out_.info("to be offered: " + talk::quoted(batch.path));
}

void SendList::end(const std::string& why) {
  for (const Batch& batch : batches_)
    if (!batch.count_taken) out_.failure("not sent: " + talk::quoted(batch.path) + ": " + why);
  batches_.clear();
}

}  // namespace talk
