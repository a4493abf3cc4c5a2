// The one loop that drives a conversation, which it owns: waits for the keyboard, the socket, the
// disk and signals, and hands on what came. Both ends run it.
#pragma once

#include <optional>
#include <vector>

#include "common/posix/clock.h"
#include "common/posix/signals.h"
#include "common/posix/wait_set.h"
#include "common/screen/screen.h"
#include "common/session/conversation.h"
#include "common/session/link_watch.h"
#include "common/session/next_link.h"
#include "common/session/send_gate.h"
#include "common/transfer/transfers.h"

namespace talk {

class SessionLoop {
 public:
  // Borrows all but the options: what is borrowed is made before the loop and outlives it, for the
  // conversation speaks to it up to its last moment. `socket` is shut down at the end and stays
  // open. `signals` must note kSignals.
  SessionLoop(int socket, Conversation::Options options, Screen& screen, Transfers& transfers,
              Signals& signals);

  // A talk in which nothing has come from the peer for so long is ended, with that reason; 0, as at
  // the beginning: never.
  void limit_silence(seconds longest) { longest_silence_ = longest; }

  // Where another link comes from, should this one be lost; borrowed.
  void renew_links_by(NextLink& links) { links_ = &links; }
  // Whether one whose peer has got so many words would be taken.
  bool would_take_link(std::uint64_t got) const { return conversation_.may_be_called_again(got); }

  static constexpr std::initializer_list<int> kSignals = {SIGINT,  SIGTERM,  SIGQUIT, SIGHUP,
                                                          SIGTSTP, SIGWINCH, SIGCONT};

  // Runs the talk to its end and says goodbye. An exception (the screen broke) ends the talk first
  // and is then thrown on.
  Outcome run();

  // Afterwards: leaves the screen to be read until it is closed, or until nobody has looked at it
  // for so long; never for the lack of time while there is something unread. A talk that was
  // ended by SIGTERM stays only for what is unread or half typed. 0: not at all.
  void linger(seconds longest);

  // Afterwards, at a terminal where a shell goes on: whoever was typing as the other side ended the
  // talk types on for a moment. Those words are taken until there are none for a while.
  void await_quiet_keys();

  // The signal that ended it, if one did.
  std::optional<int> ended_by() const { return ended_by_; }

 private:
  void turn();
  void prepare(WaitSet& wait, Time now) const;
  bool take_signals(Time now);
  void hear_first_words();
  void receive(Time now);
  void send(Time now);
  void take_last_words(Time now);
  std::size_t data_budget(Time now);
  void watch_link(Time now);
  void look_at_delivery();
  void check_for_reset(Time now);
  void check_silence(Time now);
  void not_listening(Time now);
  void farewell();
  bool paint_last(const WaitSet& wait);
  void flush(Time end_by);
  bool discard();
  bool stays_after_stop() const;
  bool told_to_close();
  void suspend();
  void renew_link(const WaitSet& wait, Time now);
  void take_link(NextLink::Link link, Time now);
  void leave_link();

  int socket_;        // -1 while there is none
  OwnedFd own_link_;  // where it is not the first one
  NextLink* links_ = nullptr;
  Screen& screen_;
  Transfers& transfers_;
  Signals& signals_;
  Conversation conversation_;
  SendGate gate_;
  std::optional<Time> gate_opens_;  // when to look at the gate again
  bool socket_full_ = false;        // the last send would have blocked
  bool more_to_send_ = false;       // a turn's share was sent, and there may be more
  LinkWatch link_watch_{Liveness::kGiveUpAfter};
  Time look_at_link_{};
  bool link_holds_something_ = false;  // or may: something was sent since it was last looked at
  bool link_broken_ = false;
  bool screen_broke_ = false;
  seconds longest_silence_{0};
  Time heard_at_ = Clock::now();  // or could have been, had it been listened to
  std::optional<int> ended_by_;
  std::vector<char> buffer_;
};

}  // namespace talk
