#include "common/transfer/send_list.h"

#include <exception>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "common/files/beneath.h"
#include "common/files/file_name.h"
#include "common/text/display.h"

namespace talk {
namespace {

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

std::optional<SendList::Item> SendList::next(
    const std::function<bool(std::uint64_t batch)>& may_offer) {
  for (Batch& batch : batches_) {
    std::optional<Item> item;
    while (!item && !batch.done && may_offer(batch.id)) item = next_of(batch);
    if (!item) continue;
    std::erase_if(batches_, [](const Batch& other) { return other.done; });
    return item;
  }
  std::erase_if(batches_, [](const Batch& other) { return other.done; });
  return std::nullopt;
}

std::optional<SendList::Item> SendList::next_of(Batch& batch) {
  try {
    std::error_code ignored;
    if (!std::exchange(batch.started, true) && std::filesystem::is_directory(batch.path, ignored))
      batch.walk.emplace(open_directory(batch.path), last_part(batch.path), true);
    if (batch.walk) return next_in_directory(batch);
    batch.done = true;
    const std::string name = last_part(batch.path);
    auto source = std::make_shared<FileSource>(batch.path);
    check_sendable(name);
    return Item{name, batch.id, true, std::move(source)};
  } catch (const std::exception& error) {
    batch.done = true;
    out_.failure("cannot send " + talk::quoted(batch.path) + ": " + error.what());
    return std::nullopt;
  }
}

std::optional<SendList::Item> SendList::next_in_directory(Batch& batch) {
  const auto entry = batch.walk->next();
  if (!entry) {
    batch.done = true;
    if (batch.files == 0) out_.failure("not sent: " + talk::quoted(batch.path) + " has no files");
    return std::nullopt;
  }
  ++batch.files;
  if (!entry->problem.empty()) {
    out_.failure("not sent: " + talk::quoted(entry->name) + ": " + entry->problem);
    return std::nullopt;
  }
  try {
    auto source = std::make_shared<FileSource>(batch.walk->open_last());
    check_sendable(entry->name);
    return Item{entry->name, batch.id, batch.files == 1, std::move(source)};
  } catch (const std::exception& error) {
    out_.failure("cannot send " + talk::quoted(entry->name) + ": " + error.what());
    return std::nullopt;
  }
}

void SendList::drop(std::uint64_t batch) {
  std::erase_if(batches_, [&](const Batch& other) { return other.id == batch; });
}

void SendList::describe() const {
  for (const Batch& batch : batches_)
    out_.info("to be offered: more of " + talk::quoted(batch.path));
}

void SendList::end(const std::string& why) {
  for (const Batch& batch : batches_)
    out_.failure("not sent: " + std::string(batch.started ? "the rest of " : "") +
                 talk::quoted(batch.path) + ": " + why);
  batches_.clear();
}

}  // namespace talk
