#include "common/transfer/outbox.h"

#include "common/text/display.h"

namespace talk {
namespace {

// A peer that brings about thousands of events within one turn is not worth that many lines.
constexpr std::size_t kMaxEvents = 1'000;

}  // namespace

std::string TransferOutbox::who() const { return peer_.empty() ? "the other side" : peer_; }

void TransferOutbox::tell(TransferEvent::Kind kind, std::string text) {
  const bool failed = kind != TransferEvent::Kind::info;
  failures_ += failed;
  if (events_.size() < kMaxEvents) {
    events_.push_back({kind, std::move(text)});
  } else {
    ++untold_;
    untold_failures_ += failed;
  }
}

void TransferOutbox::ask(TransferNumber number, const std::string& title,
                         const std::string& place) {
  info("offered by " + who() + ": " + title + ", to be written to " + quoted(place) + ": " +
       how_to_answer(number));
}

void TransferOutbox::still_asked(TransferNumber number, const std::string& title) {
  info(std::to_string(number) + ": " + title + " waits for " + how_to_answer(number));
}

void TransferOutbox::unanswered(const std::string& title, const std::string& why) {
  info("the offer of " + title + " from " + who() + " was not answered: " + why);
}

std::vector<TransferEvent> TransferOutbox::take_events() {
  if (untold_ > 0) {
    const bool failed = untold_failures_ > 0;
    std::string text = "… and " + std::to_string(untold_) + " more events of files";
    if (failed) text += ", " + std::to_string(untold_failures_) + " of them failures";
    events_.push_back({failed ? TransferEvent::Kind::failure : TransferEvent::Kind::info, text});
    untold_ = untold_failures_ = 0;
  }
  return std::exchange(events_, {});
}

std::string because(const std::string& peers_reason) {
  return peers_reason.empty() ? "" : ": " + quoted(peers_reason);
}

}  // namespace talk
