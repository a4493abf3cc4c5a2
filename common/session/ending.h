// How a talk ends: one machine for both ends of it, with a state for each direction. What happens
// is an event, a function; what is to be done about it comes back as a value. It knows no peer, no
// screen and no clock.
//
//   ours
//               input_ended                  drained [lines]
//   speaking ──────────────► finishing ────────────────────────────► closed
//      │                         │ work_done [frames]                  ▲
//      │ bye_typed [frames]      ▼ say bye                             │ half-close
//      └────────────────────► closing ─────────────────────────────────┘
//        say bye                             drained
//   (where words are still unheard, bye_typed finishes first, without the files and not for long:
//   so a cut behind a bye takes no words with it)
//
//   theirs
//               peer_ended [a line peer that may still read]
//   speaking ──────────────► ended
//      │  ▲
//      │  │ called_again
//      ▼  │
//     lost       the link is gone, by whatever sign, and both sides have said that they wait for
//                another [survives]; left for good when the patience is over or nobody wants it
//
// The talk is over, whatever the states:
//   · frames: at the peer's bye (answered where ours was not said), and at the end of its stream,
//     which is a lost link unless our bye was said: where the talk does not survive that;
//   · lines: when both directions have ended and all is sent, at the end of the peer's stream where
//     nobody would say more to it, and at our bye where no word waits to be sent;
//   · at our bye while the link is lost;
//   · when the link fails, the peer is at fault or silent, or this side has to leave; but a client
//     whose link breaks before it is known what the server speaks calls again [survives];
//   · when the time is over that the other end is waited for: after our bye, and of a line peer
//     after the last word once either direction has ended.
#pragma once

#include <optional>

#include "common/posix/clock.h"
#include "common/session/role.h"

namespace talk {

class TalkEnding {
 public:
  static constexpr seconds kFarewell{3};        // after a person's bye: nobody likes to wait
  static constexpr seconds kPipeFarewell{10};   // a pipe's: the other side may have much to say
  static constexpr seconds kLinePeerGrace{10};  // without a word, once a direction has ended

  enum class Ours {
    speaking,
    finishing,  // nothing more will be typed; what was typed and the files still go out
    closing,    // bye is said: nothing is added to what is queued
    closed,     // our half of the connection is shut
  };
  enum class Theirs {
    speaking,
    ended,  // a line peer's stream is at its end; it may still read
    lost,   // there is no link
  };

  // Why a talk is over. The comment is the exit code's name, which becomes a worse one where words
  // or files were left undone (conversation_ending.cc).
  enum class Why {
    done,             // fine, without a word
    left,             // fine: this side had to go
    bye,              // fine: the peer's; lost where it had not heard a client's last words
    peer_closed,      // fine: a server of plain lines
    visitor_left,     // fine: a line peer, and nobody is at the desk
    visitor_quiet,    // fine: a line peer that had ended, and nobody wrote to it any more
    visitor_gone,     // fine: the same, and it does not take what is written to it
    refused,          // refused: at the door, in a line
    closed_unheard,   // lost: a server that never said a word
    link_lost,        // lost: an end without bye
    link_torn,        // lost: the same in the middle of a message
    link_failed,      // lost: the system says why
    peer_silent,      // lost: nothing heard for too long
    unheard,          // lost: what was said last was not heard in time
    gave_up,          // lost: there was no link, and this side did not wait for one any more
    protocol_broken,  // failed
  };
  static int exit_code(Why why);

  // What is to be done, in this order.
  struct Actions {
    bool say_bye = false;        // a bye frame; with the reason where there is one
    bool say_why = false;        // a line peer is told the reason, which is never empty
    bool half_close = false;     // nothing more will be sent
    bool tell_deafness = false;  // the person: the visitor says nothing more, it may still read
    bool lost = false;           // there is no link: another one is waited for
    std::optional<Why> over = std::nullopt;

    bool operator==(const Actions&) const = default;
  };

  struct Setting {
    Role role = Role::client;
    bool attended = true;  // somebody sits at this end
    bool piped = false;    // the input is no person
  };
  explicit TalkEnding(const Setting& setting) : setting_(setting) {}

  // The peer has shown what it speaks.
  void settled(Speech speech) { speech_ = speech; }
  // A link that is gone is not the end: another is waited for, for so long. 0: it is.
  void survives(seconds patience) { patience_ = patience; }

  // From the person.
  void typed(Time now);
  void input_ended();
  // words_wait: some that were said before are held back, or not heard yet
  [[nodiscard]] Actions bye_typed(bool words_wait, Time now);
  [[nodiscard]] Actions leave(bool with_reason);

  // From the peer.
  void heard(Time now);
  [[nodiscard]] Actions peer_bye();
  enum class PeerEnd { orderly, torn, after_refusal };
  [[nodiscard]] Actions peer_ended(PeerEnd how, Time now);
  // in_doubt: there were words that nobody can say were read, so that a bye behind them does not
  // make the end a good one
  [[nodiscard]] Actions link_failed(bool in_doubt, Time now);
  [[nodiscard]] Actions peer_silent(Time now);
  // It has read them, and does not say so for longer than farewell().
  [[nodiscard]] Actions words_ignored();
  // It calls while its last link is not known to be gone.
  [[nodiscard]] Actions link_replaced(Time now) { return lose(Why::link_lost, now); }
  void called_again();
  // Over the link that is there the peer has answered: what was lost before counts no more. One
  // that comes and goes without a word is waited for no longer than one that does not come.
  void link_proved();
  [[nodiscard]] Actions protocol_broken();

  // From this side's own work and time.
  // All words are heard, where the peer says so, and no transfer is under way that is waited for.
  [[nodiscard]] Actions work_done(Time now);
  bool leaves_files() const { return leaves_files_; }
  // How long the other side is waited for at the end.
  seconds farewell() const { return setting_.piped ? kPipeFarewell : kFarewell; }
  [[nodiscard]] Actions drained(Time now);  // everything that was said is sent
  [[nodiscard]] Actions tick(Time now);
  std::optional<Time> deadline() const { return over_ ? std::nullopt : deadline_; }

  Speech speech() const { return speech_; }
  Ours ours() const { return ours_; }
  Theirs theirs() const { return theirs_; }
  bool over() const { return over_; }
  // Whether a peer that comes back finds this talk.
  bool may_be_called_again() const { return !over_ && patience_ > seconds(0) && !bye_said(); }

 private:
  bool client() const { return setting_.role == Role::client; }
  bool bye_said() const;
  [[nodiscard]] Actions say_bye(Time now);
  [[nodiscard]] Actions end(Why why);
  [[nodiscard]] Actions lose(Why why, Time now);

  Setting setting_;
  Speech speech_ = Speech::undecided;
  Ours ours_ = Ours::speaking;
  Theirs theirs_ = Theirs::speaking;
  bool over_ = false;
  bool leaves_files_ = false;     // bye was typed: only words are still waited for
  seconds patience_{0};           // for another link
  Why lost_by_ = Why::link_lost;  // the last one
  std::optional<Time> give_up_;   // since a link was lost behind which none was proved
  std::optional<Time> deadline_;  // until when the other end is waited for
};

}  // namespace talk
