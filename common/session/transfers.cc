#include "common/session/transfers.h"

#include <utility>

namespace talk {

// Files have no place here yet: every offer is refused, and whoever would send is told so.
struct Transfers::State {
  std::string control;
  std::vector<Event> events;
};

Transfers::Transfers(Options) : state_(std::make_unique<State>()) {}
Transfers::~Transfers() = default;
void Transfers::set_peer(const std::string&) {}
void Transfers::receive(const Message& message, Time) {
  if (const auto* offer = std::get_if<Offer>(&message))
    state_->control += encode(Refuse{offer->transfer, "this side takes no files"});
}
void Transfers::receive_data(std::uint32_t, std::string_view, Time) {}
void Transfers::send(const std::vector<std::string>&, Time) {
  state_->events.push_back({Event::Kind::failure, "files cannot be sent yet"});
}
void Transfers::get(const std::vector<std::string>&, Time) {}
void Transfers::list(Time) {}
void Transfers::accept(std::optional<std::uint32_t>, Time) {}
void Transfers::refuse(std::optional<std::uint32_t>, Time) {}
void Transfers::cancel(std::optional<std::uint32_t>, Time) {}
void Transfers::describe(Time) {}
std::string Transfers::take_control() { return std::exchange(state_->control, {}); }
bool Transfers::has_data() const { return false; }
std::string_view Transfers::next_data(std::size_t, Time) { return {}; }
void Transfers::prepare(WaitSet&, Time) {}
void Transfers::turn(const WaitSet&, Time) {}
std::vector<Transfers::Event> Transfers::take_events() { return std::exchange(state_->events, {}); }
std::vector<TransferView> Transfers::views(Time) const { return {}; }
bool Transfers::idle() const { return true; }
void Transfers::end(bool) {}

}  // namespace talk
