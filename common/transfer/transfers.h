// Every file that is on its way in one session, in both directions: what is offered, accepted,
// sent, stored, refused and cancelled. It decides and keeps count; files are touched through
// common/files/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "common/files/disk_thread.h"
#include "common/posix/clock.h"
#include "common/posix/wait_set.h"
#include "common/transfer/declined.h"
#include "common/transfer/listing.h"
#include "common/transfer/outbox.h"
#include "common/transfer/receiving.h"
#include "common/transfer/sending.h"
#include "common/transfer/types.h"
#include "common/wire/messages.h"

namespace talk {

template <typename M, typename... Kinds>
inline constexpr bool is_one_of = (std::is_same_v<M, Kinds> || ...);

class Transfers {
 public:
  using Options = TransferOptions;
  using Event = TransferEvent;

  explicit Transfers(Options options);
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  // Who the peer is, safe to be shown: it is named in events, and goes into the identity of a
  // partial file. `knows_many`: directories can be announced to it as a whole; none is offered
  // before this was said. `comes_again`: it calls again when a link is lost, and may then offer
  // what is stored already; of any other nothing is remembered.
  void set_peer(const std::string& name, bool knows_many, bool comes_again);

  // Whether this kind of message is about files; no other may be handed over.
  template <typename M>
  static constexpr bool kTakes = is_one_of<M, Offer, Many, Accept, Window, End, Stored, Refuse,
                                           Cancel, Get, List, Item, ListEnd, Pong>;

  // From the peer. Throw ProtocolError.
  void receive(const Message& message, Time now);
  void receive_data(TransferNumber transfer, std::string_view piece, Time now);

  // From the person. What cannot be done is an Event of kind failure.
  void send(const std::vector<std::string>& paths);
  // The paths that were meant by `words`, which are `text` split and unquoted.
  std::vector<std::string> named(const std::vector<std::string>& words, const std::string& text);
  void get(const std::vector<std::string>& names);
  void list();                                        // /files
  void accept(std::optional<TransferNumber> number);  // none: the only one, or the oldest
  void refuse(std::optional<TransferNumber> number);
  void answer_all(AnswerAll answer);
  void cancel(std::optional<TransferNumber> number);
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
  // After the wait, and after what came from the peer was handed over.
  void turn();

  std::vector<Event> take_events();
  std::vector<TransferView> views(Time now) const;
  std::vector<OfferView> offers() const { return receiving_.offers(); }
  // What was offered to the peer, and not yet answered; without a place.
  std::vector<OfferView> unanswered() const { return sending_.unanswered(); }
  bool idle() const;  // nothing is under way, asked or awaited
  // Whether any file failed, was refused or cancelled since the beginning: for the exit code, which
  // no flood of events may change.
  bool any_failed() const { return out_.failures() > 0; }

  // The session is over. Partial files are kept, to be gone on with when their sender comes again.
  // Each unfinished transfer becomes a failure event. `in_vain`: it was waited for whether the peer
  // comes again, and it will not.
  void end(bool link_lost, bool in_vain = false);

  // The link is gone, and the peer may be there again: parts of files are given back meanwhile.
  void link_lost() { receiving_.link_lost(); }
  // The same peer is there again, or its successor: what was under way is offered and
  // asked for again, and goes on where it stopped. Nothing is reported as failed. What the person
  // has stopped meanwhile, or just before, the same peer is told.
  void start_over(AfterLoss peer);

 private:
  void check_new(TransferNumber number) const;
  void advance();

  void handle(const Offer& offer);
  void handle(const Many& many);
  void handle(const Window& window) { sending_.widened(window); }
  void handle(const End& end) { receiving_.ended(end); }
  void handle(const Stored& stored) { sending_.stored(stored); }
  void handle(const Refuse& refuse);
  void handle(const Cancel& cancel);
  void handle(const Get& get);
  void handle(const List& list) { listing_.asked(list); }
  void handle(const Item& item) { listing_.item(item); }
  void handle(const ListEnd& end) { listing_.item_end(end); }
  void handle(const Pong& pong);

  const Options options_;
  TransferNumbers numbers_;
  TransferOutbox out_;
  Declined declined_{out_};
  DiskThread disk_;  // outlives the files whose jobs it does
  Sending sending_{options_, out_, declined_, disk_};
  Receiving receiving_{options_, out_, declined_, disk_};
  Listing listing_{options_, out_};
  bool control_taken_ = true;  // since the last wait: the peer takes what is said
};

}  // namespace talk
