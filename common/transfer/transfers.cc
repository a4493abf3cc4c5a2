#include "common/transfer/transfers.h"

#include <type_traits>
#include <utility>
#include <variant>

#include "common/files/own_files.h"
#include "common/posix/bug.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

constexpr milliseconds kLastWrites{1'000};

TransferOptions with_files(TransferOptions options) {
  if (!options.files) options.files = direct_files();
  return options;
}

}  // namespace

Transfers::Transfers(Options options)
    : options_(with_files(std::move(options))), numbers_(options_.even_numbers) {}

void Transfers::set_peer(const std::string& name, bool knows_many, bool comes_again) {
  if (!name.empty()) out_.set_peer(name);
  sending_.set_peer_knows(knows_many);
  receiving_.set_peer_comes_again(comes_again);
  advance();
}

// Starts whatever there is room for.
void Transfers::advance() {
  sending_.offer(numbers_);
  receiving_.ask(numbers_);
  receiving_.finish_directories();
}

// ---- The peer ----

void Transfers::check_new(TransferNumber number) const {
  if (numbers_.is_ours(number)) throw ProtocolError("a transfer numbered like this side's own");
  if (sending_.in_use(number) || receiving_.in_use(number))
    throw ProtocolError("a transfer's number that is in use");
}

void Transfers::receive(const Message& message, Time now) {
  std::visit(
      [&](const auto& m) {
        using M = std::decay_t<decltype(m)>;
        if constexpr (std::is_same_v<M, Accept>)
          sending_.accepted(m, now);
        else if constexpr (kTakes<M>)
          handle(m);
        else
          bug("transfers were handed a message that is not about files");
      },
      message);
  advance();
}

// An offer with a number of ours answers a get, perhaps one that was cancelled meanwhile.
void Transfers::handle(const Offer& offer) {
  if (!numbers_.is_ours(offer.transfer)) {
    check_new(offer.transfer);
  } else if (!receiving_.asked_for(offer.transfer)) {
    if (!numbers_.was_given(offer.transfer) || sending_.in_use(offer.transfer))
      throw ProtocolError("a transfer numbered like this side's own");
    return;
  }
  receiving_.offered(offer);
}

void Transfers::handle(const Many& many) {
  check_new(many.transfer);
  receiving_.many_offered(many);
}

void Transfers::handle(const Refuse& refuse) {
  if (!sending_.refused(refuse)) receiving_.refused(refuse);
}

void Transfers::handle(const Cancel& cancel) {
  if (!sending_.cancelled(cancel)) receiving_.cancelled(cancel);
}

void Transfers::handle(const Get& get) {
  check_new(get.transfer);
  sending_.wanted(get);
}

void Transfers::handle(const Pong& pong) {
  declined_.pong(pong.payload);
  sending_.pong(pong);
  receiving_.pong(pong);
}

void Transfers::receive_data(TransferNumber transfer, std::string_view piece, Time now) {
  receiving_.data(transfer, piece, now);
}

// ---- The person ----

void Transfers::send(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) sending_.send(path);
  advance();
}

std::vector<std::string> Transfers::named(const std::vector<std::string>& words,
                                          const std::string& text) {
  return options_.files->named(words, text);
}

void Transfers::get(const std::vector<std::string>& names) {
  for (const std::string& name : names) receiving_.get(name);
  advance();
}

void Transfers::list() {
  if (!listing_.asking()) listing_.ask(numbers_.take());
}

void Transfers::accept(std::optional<TransferNumber> number) {
  if (!receiving_.accept(number)) out_.failure("no file waits to be accepted");
}

void Transfers::refuse(std::optional<TransferNumber> number) {
  if (!receiving_.refuse(number)) out_.failure("no file waits to be refused");
  advance();
}

void Transfers::answer_all(AnswerAll answer) {
  if (!receiving_.answer_all(answer)) out_.failure("no file waits for an answer");
  advance();
}

void Transfers::cancel(std::optional<TransferNumber> number) {
  if (!sending_.cancel(number) && !receiving_.cancel(number))
    out_.failure(number ? "there is no transfer " + std::to_string(*number)
                        : "there is no transfer");
  advance();
}

void Transfers::describe(Time now) {
  if (idle()) out_.info("no transfers");
  sending_.describe(now);
  receiving_.describe(now);
}

// ---- Out ----

std::string Transfers::take_control() {
  control_taken_ = true;
  listing_.answer();
  return std::exchange(out_.control, {});
}

bool Transfers::has_data() const { return sending_.has_data(); }

std::string_view Transfers::next_data(std::size_t most, Time now) {
  const std::string_view frame = sending_.next_data(most, now);
  advance();
  return frame;
}

void Transfers::prepare(WaitSet& wait, Time now) {
  disk_.prepare(wait);
  if (listing_.owes() && std::exchange(control_taken_, false)) wait.wake_by(now);
}

void Transfers::turn() {
  receiving_.flush();
  disk_.turn();
  advance();
}

std::vector<Transfers::Event> Transfers::take_events() { return out_.take_events(); }

std::vector<TransferView> Transfers::views(Time now) const {
  std::vector<TransferView> views;
  sending_.views(views, now);
  receiving_.views(views, now);
  return views;
}

bool Transfers::idle() const { return sending_.idle() && receiving_.idle() && !listing_.asking(); }

void Transfers::end(bool link_lost, bool in_vain) {
  sending_.end(link_lost);
  receiving_.end(link_lost, in_vain);
  listing_.end();
  out_.control.clear();
  // Nobody types any more: who looks into the directory now finds what there is to stay.
  disk_.finish_within(kLastWrites);
}

void Transfers::start_over(AfterLoss peer) {
  out_.control.clear();
  declined_.start_over(peer);
  sending_.start_over(peer);
  receiving_.start_over(peer);
  listing_.start_over(numbers_);
  advance();
}

}  // namespace talk
