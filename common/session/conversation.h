// One talk, seen from either side: what the person says and the peer says come in, what is to be
// sent and shown goes out. It knows no descriptor, and no clock but the time of day that stands
// beside what is said: the loop that drives it hands in the time. How the talk ends is decided in
// ending.h.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "common/posix/clock.h"
#include "common/screen/screen.h"
#include "common/session/ending.h"
#include "common/session/heard_words.h"
#include "common/session/held_words.h"
#include "common/session/lines_under_way.h"
#include "common/session/link_state.h"
#include "common/session/liveness.h"
#include "common/session/outcome.h"
#include "common/session/peer_stream.h"
#include "common/session/role.h"
#include "common/session/said_words.h"
#include "common/text/command.h"
#include "common/transfer/transfers.h"
#include "common/wire/transfer_number.h"

namespace talk {

class Conversation : private PeerEvents {
 public:
  struct Options {
    Role role = Role::client;
    std::string my_name;
    std::string peer_address;         // "10.0.0.7", for the screen and as a name until there is one
    std::optional<long> pid;          // goes into the handler's greeting
    bool attended = true;             // somebody sits at this end
    bool answers_from_board = false;  // where nobody does, somebody may still answer
    bool piped = false;     // the input is no person: every line is said, no line is a command…
    bool commands = false;  // …unless this is asked for
    bool raw = false;       // never TALK/1
    // Over TALK/1 the talk outlives its link, where the other side agrees. A handler: how it is
    // found again, and how long it waits at most. A client: how long it calls.
    std::optional<TalkTicket> ticket = std::nullopt;
    seconds patience{0};
    // A client that only moves files: it calls again too where the server will know nothing of this
    // talk, for another one serves as well.
    bool any_talk_will_do = false;
    std::string home;  // what `~` stands for in paths
    // Keeps what was said, where somebody wants that.
    std::function<void(const Entry&)> transcript;
    // Told what a peer calls itself, where it does; untrusted.
    std::function<void(const std::string& name)> named = nullptr;
    // A handler: told of a visitor who had a talk before, with all that was read of it so far.
    // Where that talk is found elsewhere and takes the link, this does not return.
    std::function<void(const Greeting&, const std::string& read)> hand_on = nullptr;
    // The time of day, which stands before what is shown.
    std::function<std::chrono::system_clock::time_point()> time_of_day =
        std::chrono::system_clock::now;
  };

  Conversation(Options options, Screen& screen, Transfers& transfers, Time now);

  // In: the person.
  void input(const Input& input, Time now);
  // This side has to go, whatever the person would like: the window closed, a stop was asked for.
  void leave(const std::string& reason, Time now);

  // In: the peer.
  void receive(std::string_view bytes, Time now);
  void receive_end(Time now);
  void link_failed(int error, Time now);

  // In: links. Where has_link() says that there is none, what is left of the last one is to be
  // dropped; another may be brought at any time, also before that.
  bool has_link() const { return link_.exists(); }
  // Whether whoever claims to have got so many words could be the peer that had the last link.
  bool may_be_called_again(std::uint64_t got) const {
    return ending_.may_be_called_again() && said_.could_be_heard(got);
  }
  // False, with nothing changed, where the talk does not go on over another one.
  [[nodiscard]] bool new_link(const std::string& peer_address, Time now);
  // For the screen, while another link is waited for: when it is called for; now, or earlier:
  // it is being called.
  void set_next_call(std::optional<Time> when) { next_call_ = when; }
  // True once: the person does not want to wait for that.
  bool take_call_now() { return std::exchange(call_now_, false); }
  // True once: the new link goes on with the talk, and the peer has answered over it.
  bool take_answered() { return std::exchange(answered_, false); }

  // The peer is not being read from because this side has no room: its silence says nothing.
  void not_listening(Time now, std::size_t waiting) { liveness_.not_listening(now, waiting); }
  // The peer takes nothing more, and its machine still answers: it has stopped reading, which may
  // take as long as it likes.
  void peer_not_reading(Time now) { liveness_.excuse(now); }

  // In: time, and work that was done in the background. Brings the screen's status up to date.
  void tick(Time now);
  std::optional<Time> deadline(Time now) const;

  // Out. `data_budget` is how much file data may be sent now, 0 for none; a frame that was begun
  // is finished whatever it is. The view is valid until the next call of any kind.
  std::string_view outgoing(std::size_t data_budget, Time now);
  void sent(std::size_t count);
  bool wants_data_budget() const;
  // Words are on their way to a peer that does not say what it has heard: it is to be told how many
  // of the bytes that were sent TCP has delivered.
  bool wants_delivery() const { return !lost() && !said_.acknowledged() && lines_.count() > 0; }
  std::uint64_t sent_bytes() const { return sent_bytes_; }
  void delivered(std::uint64_t bytes) { lines_.arrived(bytes); }
  // To be asked when outgoing() has been sent: true once, where nothing follows and the connection
  // is to be half-closed.
  bool take_half_close();

  // What to wait for.
  bool wants_to_read() const;
  bool wants_input() const;
  // Nothing more is to be done. The outcome is final; what is still queued may be flushed.
  bool over() const { return ending_.over(); }
  const Outcome& outcome() const { return outcome_; }
  // A visitor's first words may be on their way, by which it is known how to say goodbye.
  bool awaits_first_words() const {
    return options_.role == Role::handler && !lost() && stream_->speech() == Speech::undecided;
  }
  // Whether this side wanted that: then what is typed next is not meant for the talk.
  bool ended_by_us() const { return ended_by_us_; }
  // The peer's stream has ended and the talk goes on: only a reset can still be heard of it.
  bool peer_may_reset() const { return ending_.theirs() == TalkEnding::Theirs::ended && !over(); }

 private:
  static Greeting own_greeting(const Options& options);
  static PeerStream::Options stream_options(const Options& options);

  void on_greeting(const Greeting& greeting) override;
  void on_called_again(const Greeting& greeting, const std::string& read) override;
  void on_line_peer() override;
  void on_silence() override;
  void on_late_greeting() override;
  void on_line(const std::string& line) override;
  void on_bytes(std::string_view bytes) override;
  void on_message(const Message& message) override;
  void on_file_data(TransferNumber transfer, std::string_view piece) override;

  // conversation.cc: both ends, time, and what goes out
  void meet(const Greeting& theirs);
  void welcome();
  void heard_from_person(const std::string& text);
  void keep_alive();
  void collect_from_transfers();
  std::string tell_of_transfers();
  void update_status();
  void protect(const std::function<void()>& step);
  void show(Entry::Kind kind, const std::string& text);
  std::string peer_title() const;
  bool still_talking() const;
  // conversation_typed.cc: what is typed
  void typed(const std::string& line);
  void say(const std::string& text);
  void obey(const Command& command);
  void bye();
  void no_more_to_say();
  void hold(HeldWords::Item item);
  void speak_unheard();
  void speak_lines();
  void release_held();
  void perform(const Command& command);
  void transfer_command(const Command& command);
  void show_who();
  bool must_hold() const;
  // conversation_words.cc: words until they are heard
  void speak(const Text& words);
  void notify(const std::string& text);
  void peer_has_heard(std::uint64_t count);
  void acknowledge();
  bool waits_to_be_heard() const;
  std::optional<Time> ignored_at() const;
  void ask_for_proof();
  // conversation_link.cc: one link after another
  void link_lost(const std::string& reason);
  void drop_link();
  void begin_again();
  void link_up();
  void link_proved();
  void survive(const Greeting& theirs);
  bool comes_again(const Greeting& theirs) const;
  void resume(const Greeting& theirs);
  void begin_anew(const Greeting& theirs);
  void tell_unheard(const std::deque<UnheardWords::Word>& words);
  void tell_held();
  void hurry();
  // conversation_ending.cc
  void carry_out(const TalkEnding::Actions& actions, const std::string& reason = {});
  void say_last(const Message& message);
  void finish(TalkEnding::Why why, const std::string& reason);
  void judge_files_and_commands(const std::string& unfinished);

  // There is no link, or none yet that was answered.
  bool lost() const { return ending_.theirs() == TalkEnding::Theirs::lost; }
  bool framed() const { return !lost() && stream_->speech() == Speech::frames; }
  // Behind so much that waits to be sent no ping would tell anything.
  bool may_ping() const { return stream_->has_room() && !stream_->congested(); }
  bool scripted() const { return options_.piped && options_.commands; }

  Options options_;
  Screen& screen_;
  Transfers& transfers_;
  TalkEnding ending_;
  Liveness liveness_;
  std::optional<PeerStream> stream_;  // of the last link; never empty
  LinkState link_;
  std::optional<TalkTicket> ticket_;  // a handler's own; a client's is the server's
  std::optional<Time> next_call_;
  bool call_now_ = false;
  bool answered_ = false;
  HeldWords held_;
  SaidWords said_;
  HeardWords heard_words_;
  LinesUnderWay lines_;
  std::uint64_t sent_bytes_ = 0;  // on this link
  Outcome outcome_;
  bool ended_by_us_ = false;
  Time now_;  // of the call that came in last
  Time began_;
  std::string peer_name_;  // as it calls itself, made safe; empty where it has not
  std::optional<long> peer_pid_;
  std::string_view data_;  // a data frame on its way

  bool half_close_due_ = false;
  bool absence_said_ = false;
  bool bye_warned_ = false;  // /bye was typed while files were on their way
  bool transfer_failed_ = false;
  bool mistaken_ = false;  // a line was typed that is no command
  std::size_t lines_received_ = 0;
  std::string only_line_;  // of a line peer that has said one line
};

}  // namespace talk
