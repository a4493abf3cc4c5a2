// Every file that is on its way in one session, in both directions: what is offered, accepted,
// sent, stored, refused and cancelled. It decides and keeps count; files are touched through
// common/files/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/posix/clock.h"
#include "common/posix/wait_set.h"
#include "common/screen/screen.h"
#include "common/wire/messages.h"

namespace talk {

class Transfers {
 public:
  struct Options {
    bool even_numbers = false;         // the handler's side of the numbering
    bool take_without_asking = false;  // the desk, and --accept
    std::string refuse_because;        // not empty: offers that nobody asked for are refused so
    std::string directory = ".";       // where received files go
    std::string share;                 // what the peer may list and get; empty: nothing
    std::uint64_t max_file_size = 0;   // bytes; 0: no limit
  };

  // Something to be told to the person. A failure counts for the exit code.
  struct Event {
    enum class Kind { info, failure };
    Kind kind = Kind::info;
    std::string text;  // untrusted: it may contain names that the peer chose
  };

  explicit Transfers(Options options);
  ~Transfers();

  // Who the peer is, safe to be shown: it is named in events, and goes into the identity of a
  // partial file.
  void set_peer(const std::string& name);

  // From the peer. `message` is one of Offer, Accept, Window, End, Stored, Refuse, Cancel, Get,
  // List, Item, ListEnd. Throw ProtocolError.
  void receive(const Message& message, Time now);
  void receive_data(std::uint32_t transfer, std::string_view piece, Time now);

  // From the person. What cannot be done is an Event of kind failure.
  void send(const std::vector<std::string>& paths);
  void get(const std::vector<std::string>& names);
  void list();                                       // /files
  void accept(std::optional<std::uint32_t> number);  // none: the only one, or the oldest
  void refuse(std::optional<std::uint32_t> number);
  void cancel(std::optional<std::uint32_t> number);
  void describe(Time now);  // /transfers

  // Towards the peer. Control frames, encoded, in their order: to be queued before any data.
  std::string take_control();
  // Whether file data could be sent now (the peer's window is open and something is left).
  bool has_data() const;
  // The next frame of file data, header and all, with at most `most` bytes of the file; then the
  // transfer's turn goes to the next one. Valid until the next call. May be empty (the file could
  // not be read, and the transfer has failed).
  std::string_view next_data(std::size_t most, Time now);

  // The wait: the disk works in the background and says through a descriptor that it has done.
  void prepare(WaitSet& wait, Time now);
  void turn();

  std::vector<Event> take_events();
  std::vector<TransferView> views(Time now) const;
  bool idle() const;  // nothing is under way, asked or awaited

  // The session is over. Partial files are kept, to be gone on with when their sender comes again.
  // Each unfinished transfer becomes a failure event.
  void end(bool link_lost);

  // The link was lost and the same peer has been called again: what was under way is offered and
  // asked for again, and goes on where it stopped. Nothing is reported as failed.
  void start_over();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace talk
