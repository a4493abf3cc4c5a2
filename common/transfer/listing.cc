#include "common/transfer/listing.h"

#include <exception>

#include "common/files/beneath.h"
#include "common/files/file_name.h"
#include "common/files/progress.h"
#include "common/wire/limits.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

constexpr std::size_t kMaxAnswers = 4;
constexpr std::size_t kAtOnce = std::size_t{32} << 10;  // bytes of the outbox

}  // namespace

void Listing::asked(const List& list) {
  if (answers_.size() == kMaxAnswers) throw ProtocolError("too many lists asked for at once");
  Answer answer;
  answer.request = list.request;
  try {
    if (!options_.share.empty()) answer.walk.emplace(open_directory(options_.share), "", false);
  } catch (const std::exception& error) {
    out_.failure("cannot list what is shared: " + std::string(error.what()));
  }
  answers_.push_back(std::move(answer));
}

void Listing::answer() {
  while (!answers_.empty() && out_.control.size() < kAtOnce) {
    Answer& answer = answers_.front();
    const auto entry = answer.walk && answer.items < kMaxListed ? answer.walk->next()
                                                                : std::optional<TreeWalk::Entry>();
    if (!entry) {
      out_.say(ListEnd{answer.request});
      answers_.pop_front();
    } else if (entry->problem.empty() && check_name(entry->name).ok()) {
      out_.say(Item{answer.request, static_cast<std::uint64_t>(entry->status.st_size),
                    entry->status.st_mtime, entry->name});
      ++answer.items;
    }
  }
}

void Listing::ask(TransferNumber number) {
  request_ = number;
  items_ = 0;
  bytes_ = 0;
  out_.say(List{number});
}

void Listing::item(const Item& item) {
  if (request_ != item.request) return;
  if (++items_ > kMaxListed) throw ProtocolError("a list longer than lists may be");
  bytes_ += item.size;
  out_.info("shared: " + file_title(item.name, item.size));
}

void Listing::item_end(const ListEnd& end) {
  if (request_ != end.request) return;
  request_.reset();
  if (items_ == 0)
    out_.info("no files are shared by " + out_.who());
  else
    out_.info(std::to_string(items_) + (items_ == 1 ? " file, " : " files, ") + size_text(bytes_) +
              ": /get NAME");
}

void Listing::end() {
  if (request_) out_.failure("the list of files is not complete");
  request_.reset();
  answers_.clear();
}

void Listing::start_over(TransferNumbers& numbers) {
  answers_.clear();
  if (request_) ask(numbers.take());
}

}  // namespace talk
