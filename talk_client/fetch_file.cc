#include "talk_client/fetch_file.h"

#include "common/files/file_name.h"
#include "common/posix/error.h"
#include "common/session/conversation.h"
#include "common/session/wording.h"

namespace talk {
namespace {

constexpr seconds kAsking{10};
constexpr seconds kSoon{3};
constexpr seconds kMore{60};  // a fetcher may have to think about its disk

constexpr const char* kNoFetcher =
    "the server does not answer as a file fetcher does; --raw asks with the bare name";

std::vector<std::string> checked_parts(const std::string& name) {
  const NameCheck check = check_name(name);
  if (!check.ok()) throw ExitError(Outcome::kTransfer, check.refusal);
  return check.parts;
}

}  // namespace

FetchFile::FetchFile(const std::string& name, bool lines, const std::string& directory,
                     const Caller& caller, BatchScreen& screen)
    : name_(name),
      lines_(lines),
      caller_(caller),
      screen_(screen),
      parts_(checked_parts(name)),
      inbox_(directory),
      reply_(lines),
      progress_(screen, name, false, 0) {}

void FetchFile::run(PlainLink& link) {
  try {
    ask_and_receive(link);
  } catch (const ExitError& error) {
    if (lines_ && error.code == Outcome::kLost) throw BrokeOff{error.what()};
    throw;
  }
  if (reply_.greeted()) throw GreetedAfterAll();
  if (reply_.refused()) {
    say_process_id();
    throw ExitError(Outcome::kTransfer, refusal_text(*reply_.refused()));
  }
  if (!reply_.judged()) throw ExitError(Outcome::kLost, "the server left without an answer");
  download_->publish();
}

void FetchFile::ask_and_receive(PlainLink& link) {
  const bool greeted = lines_ && link.forget_received();  // some banner
  link.send(lines_ ? name_ + "\n" : name_, kAsking);
  if (lines_) await_answer(link, greeted);
  receive(link);
}

// A server that is full has not even seen the question, and one with a banner is not full.
void FetchFile::await_answer(PlainLink& link, bool greeted) {
  if (link.await(greeted ? kAsking : kSoon)) return;
  if (greeted) throw ExitError(Outcome::kTransfer, kNoFetcher);
  caller_.explain_silence();
  if (!link.await(caller_.patience()))
    throw ExitError(Outcome::kTransfer, "nothing was heard from the server; it may be full");
}

void FetchFile::receive(PlainLink& link) {
  while (!reply_.refused() && !reply_.complete() && !reply_.greeted()) {
    const std::string_view bytes = link.receive(kMore);
    const bool ended = bytes.empty();
    take(ended ? reply_.end() : reply_.receive(bytes));
    if (ended && reply_.size() && !reply_.complete())
      throw ExitError(Outcome::kLost, "the server left before the file's end");
    if (ended) return;
  }
}

void FetchFile::take(const std::string& bytes) {
  if (reply_.malformed())
    throw ExitError(Outcome::kTransfer, "the server says OK and no size that a file can have");
  if (!reply_.judged() || reply_.refused()) return;
  if (lines_ && reply_.process_id().empty()) throw ExitError(Outcome::kTransfer, kNoFetcher);
  if (!download_) {
    say_process_id();
    download_.emplace(inbox_, parts_, reply_.size().value_or(0));
  }
  download_->write(bytes);
  progress_.moved(bytes.size());
}

void FetchFile::say_process_id() {
  if (!reply_.process_id().empty()) screen_.say("process ID " + reply_.process_id());
}

}  // namespace talk
