#include "common/transfer/transfers.h"

#include <type_traits>
#include <utility>
#include <variant>

#include "common/files/disk_thread.h"
#include "common/transfer/listing.h"
#include "common/transfer/outbox.h"
#include "common/transfer/receiving.h"
#include "common/transfer/sending.h"
#include "common/wire/protocol_error.h"

namespace talk {

struct Transfers::State {
  explicit State(Options given)
      : options(std::move(given)),
        sending(options, out, worker),
        receiving(options, out, worker),
        listing(options, out),
        next_number(options.even_numbers ? 2 : 1) {}

  bool is_ours(std::uint32_t number) const { return number % 2 == next_number % 2; }
  void check_new(std::uint32_t number) const {
    if (is_ours(number)) throw ProtocolError("a transfer numbered like this side's own");
    if (sending.in_use(number) || receiving.in_use(number))
      throw ProtocolError("a transfer's number that is in use");
  }
  // Starts whatever there is room for.
  void advance() {
    sending.offer(next_number);
    receiving.ask(next_number);
  }

  void handle(const Offer& offer, Time now);
  void handle(const Accept& accept, Time now) { sending.accepted(accept, now); }
  void handle(const Window& window, Time) { sending.widened(window); }
  void handle(const End& end, Time) { receiving.ended(end); }
  void handle(const Stored& stored, Time) { sending.stored(stored); }
  void handle(const Refuse& refuse, Time) {
    if (!sending.refused(refuse)) receiving.refused(refuse);
  }
  void handle(const Cancel& cancel, Time) {
    if (!sending.cancelled(cancel)) receiving.cancelled(cancel);
  }
  void handle(const Get& get, Time) {
    check_new(get.transfer);
    sending.wanted(get);
  }
  void handle(const List& list, Time) { listing.asked(list); }
  void handle(const Item& item, Time) { listing.item(item); }
  void handle(const ListEnd& end, Time) { listing.item_end(end); }

  Options options;
  TransferOutbox out;
  DiskThread worker;
  Sending sending;
  Receiving receiving;
  Listing listing;
  std::uint32_t next_number;
  bool control_taken = true;  // since the last wait: the peer takes what is said
};

// An offer with a number of ours answers a get, perhaps one that was cancelled meanwhile.
void Transfers::State::handle(const Offer& offer, Time now) {
  if (!is_ours(offer.transfer)) {
    check_new(offer.transfer);
  } else if (!receiving.asked_for(offer.transfer)) {
    if (offer.transfer >= next_number || sending.in_use(offer.transfer))
      throw ProtocolError("a transfer numbered like this side's own");
    return;
  }
  receiving.offered(offer, now);
}

Transfers::Transfers(Options options) : state_(std::make_unique<State>(std::move(options))) {}

Transfers::~Transfers() = default;

void Transfers::set_peer(const std::string& name) {
  if (!name.empty()) state_->out.peer = name;
}

void Transfers::receive(const Message& message, Time now) {
  std::visit(
      [&](const auto& m) {
        using M = std::decay_t<decltype(m)>;
        if constexpr (requires(State & s) { s.handle(m, now); })
          state_->handle(m, now);
        else
          static_assert(std::is_same_v<M, Text> || std::is_same_v<M, Notice> ||
                        std::is_same_v<M, Bye> || std::is_same_v<M, Ping> ||
                        std::is_same_v<M, Pong>);
      },
      message);
  state_->advance();
}

void Transfers::receive_data(std::uint32_t transfer, std::string_view piece, Time now) {
  state_->receiving.data(transfer, piece, now);
}

void Transfers::send(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) state_->sending.send(path);
  state_->advance();
}

void Transfers::get(const std::vector<std::string>& names) {
  for (const std::string& name : names) state_->receiving.get(name);
  state_->advance();
}

void Transfers::list() {
  if (state_->listing.asking()) return;
  state_->listing.ask(std::exchange(state_->next_number, state_->next_number + 2));
}

void Transfers::accept(std::optional<std::uint32_t> number) {
  if (!state_->receiving.accept(number)) state_->out.failure("no file waits to be accepted");
}

void Transfers::refuse(std::optional<std::uint32_t> number) {
  if (!state_->receiving.refuse(number)) state_->out.failure("no file waits to be refused");
  state_->advance();
}

void Transfers::cancel(std::optional<std::uint32_t> number) {
  if (!state_->sending.cancel(number) && !state_->receiving.cancel(number))
    state_->out.failure(number ? "there is no transfer " + std::to_string(*number)
                               : "there is no transfer");
  state_->advance();
}

void Transfers::describe(Time now) {
  if (idle()) state_->out.info("no transfers");
  state_->sending.describe(now);
  state_->receiving.describe(now);
}

std::string Transfers::take_control() {
  state_->control_taken = true;
  state_->listing.answer();
  return std::exchange(state_->out.control, {});
}

bool Transfers::has_data() const { return state_->sending.has_data(); }

std::string_view Transfers::next_data(std::size_t most, Time now) {
  const std::string_view frame = state_->sending.next_data(most, now);
  state_->advance();
  return frame;
}

void Transfers::prepare(WaitSet& wait, Time now) {
  state_->receiving.flush();
  state_->worker.prepare(wait);
  if (state_->listing.owes() && std::exchange(state_->control_taken, false)) wait.wake_by(now);
}

void Transfers::turn() {
  state_->worker.turn();
  state_->advance();
}

std::vector<Transfers::Event> Transfers::take_events() {
  return std::exchange(state_->out.events, {});
}

std::vector<TransferView> Transfers::views(Time now) const {
  std::vector<TransferView> views;
  state_->sending.views(views, now);
  state_->receiving.views(views, now);
  return views;
}

bool Transfers::idle() const {
  return state_->sending.idle() && state_->receiving.idle() && !state_->listing.asking();
}

void Transfers::end(bool link_lost) {
  state_->sending.end(link_lost);
  state_->receiving.end(link_lost);
  state_->listing.end();
  state_->out.control.clear();
}

void Transfers::start_over() {
  state_->sending.start_over();
  state_->receiving.start_over();
  state_->listing.end();
  state_->out.control.clear();
  state_->advance();
}

}  // namespace talk
