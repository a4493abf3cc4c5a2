#include "common/session/conversation.h"

#include <utility>

#include "common/posix/error.h"
#include "common/session/wording.h"
#include "common/text/display.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

// What a listener tells a visitor whom it does not take.
constexpr std::string_view kRefusal = "ERROR: ";

PeerStream::Options stream_options(const Conversation::Options& options) {
  return {options.role, Greeting{options.pid, options.my_name, true}, options.raw,
          options.raw && options.piped};
}

}  // namespace

Conversation::Conversation(Options options, Screen& screen, Transfers& transfers, Time now)
    : options_(std::move(options)),
      screen_(screen),
      transfers_(transfers),
      ending_({options_.role, options_.attended, options_.piped}),
      liveness_(now),
      stream_(stream_options(options_), *this, now),
      now_(now),
      began_(now) {
  ending_.settled(stream_.speech());
  const bool handler = options_.role == Role::handler;
  if (!handler) return;
  show(Entry::Kind::info, "a visitor from " + options_.peer_address);
  if (options_.attended) stream_.expect_to_speak();  // a welcome, if nothing else
}

// ---- The peer ----

// Everything that a peer can set off runs inside here: its mistakes end the session with a reason
// that both sides are told.
void Conversation::protect(const std::function<void()>& step) {
  try {
    step();
    collect_from_transfers();
  } catch (const ProtocolError& error) {
    carry_out(ending_.protocol_broken(), std::string("protocol error: ") + error.what());
  }
}

void Conversation::receive(std::string_view bytes, Time now) {
  now_ = now;
  liveness_.heard(now);
  if (!over()) protect([&] { stream_.receive(bytes, now); });
  ending_.heard(now);
}

void Conversation::receive_end(Time now) {
  if (over()) return;
  now_ = now;
  bool whole = true;
  protect([&] { whole = stream_.receive_end(now); });
  const bool refusal = only_line_.starts_with(kRefusal);
  const auto how = refusal ? TalkEnding::PeerEnd::after_refusal
                           : (whole ? TalkEnding::PeerEnd::orderly : TalkEnding::PeerEnd::torn);
  carry_out(ending_.peer_ended(how, now), refusal ? only_line_.substr(kRefusal.size()) : "");
}

void Conversation::link_failed(int error, Time now) {
  now_ = now;
  carry_out(ending_.link_failed(), error_text(error));
}

void Conversation::on_greeting(const Greeting& greeting) {
  ending_.settled(Speech::frames);
  const std::string name = greeting.name.value_or("");
  if (!name.empty()) peer_name_ = distinct_name(name, options_.my_name, options_.peer_address);
  if (!name.empty() && options_.named) options_.named(name);
  peer_pid_ = greeting.pid;
  transfers_.set_peer(peer_title(), greeting.many);
  const bool handler = options_.role == Role::handler;
  show(Entry::Kind::info, handler ? peer_title() + " has come in" : "connected to " + peer_title());
  stream_.send(Ping{liveness_.ping(now_)});  // the round trip is known from the start
  release_held();
}

void Conversation::on_line_peer() {
  ending_.settled(Speech::lines);
  const bool handler = options_.role == Role::handler;
  show(Entry::Kind::info,
       handler ? "the visitor's program speaks plain lines" : "the server speaks plain lines");
  release_held();
}

// A server that is full has accepted nobody yet: nothing can be said of it but that.
void Conversation::on_silence() {
  if (options_.role == Role::handler) return welcome();
  show(Entry::Kind::info, "connected; nothing was heard from the server yet");
  speak_unheard();
}

// Somebody with nc or telnet sees nothing but a greeting that means nothing to them. A program
// that has spoken reads what comes, and is told nothing but words. With nobody at the desk there is
// nobody to talk with.
void Conversation::welcome() {
  show(Entry::Kind::info, "the visitor has said nothing yet; words go out as plain lines");
  if (!options_.attended) return speak_unheard();
  held_.hold_first(Text{welcome_line(options_.my_name)});
  speak_lines();
}

void Conversation::on_late_greeting() {
  show(Entry::Kind::info,
       "the server has greeted now; words went out before it as plain lines, and so the talk goes "
       "on");
}

void Conversation::on_line(const std::string& line) {
  ++lines_received_;
  only_line_ = lines_received_ == 1 ? line : std::string();
  heard_from_person(line);
}

void Conversation::on_bytes(std::string_view bytes) {
  screen_.show({Entry::Kind::bytes, {}, std::string(bytes), {}});
}

void Conversation::heard_from_person(const std::string& text) {
  bye_warned_ = false;
  show(Entry::Kind::theirs, text);
  if (options_.attended || absence_said_) return;
  absence_said_ = true;
  const std::string read =
      options_.answers_from_board ? "somebody may read what you say" : "what you say is not read";
  stream_.send(Notice{"nobody is at the desk of " + options_.my_name + " now; " + read +
                      ", files are taken"});
}

void Conversation::on_message(const Message& message) {
  if (over()) return;
  if (const auto* text = std::get_if<Text>(&message)) {
    heard_from_person(text->text);
  } else if (const auto* notice = std::get_if<Notice>(&message)) {
    show(Entry::Kind::peer_notice, notice->text);
  } else if (const auto* bye = std::get_if<Bye>(&message)) {
    carry_out(ending_.peer_bye(), bye->reason);
  } else if (const auto* ping = std::get_if<Ping>(&message)) {
    stream_.send_pong(Pong{ping->payload});
  } else if (const auto* pong = std::get_if<Pong>(&message)) {
    liveness_.pong(pong->payload, now_);
    transfers_.receive(message, now_);
  } else {
    transfers_.receive(message, now_);
    collect_from_transfers();
  }
}

void Conversation::on_file_data(std::uint32_t transfer, std::string_view piece) {
  if (!over()) transfers_.receive_data(transfer, piece, now_);
}

// ---- Time ----

void Conversation::tick(Time now) {
  if (over()) return;
  now_ = now;
  protect([&] {
    stream_.tick(now);
    release_held();
    keep_alive();
    if (transfers_.idle()) carry_out(ending_.files_done(now));
  });
  if (liveness_.given_up(now)) carry_out(ending_.peer_silent());
  carry_out(ending_.tick(now));
  if (!over()) update_status();
}

void Conversation::keep_alive() {
  if (over() || !framed() || !may_ping()) return;
  if (const auto payload = liveness_.take_ping(now_)) stream_.send(Ping{*payload});
}

std::optional<Time> Conversation::deadline(Time now) const {
  if (over()) return std::nullopt;
  std::optional<Time> earliest = stream_.deadline();
  const auto consider = [&](std::optional<Time> time) {
    if (time && (!earliest || *time < *earliest)) earliest = time;
  };
  if (framed()) consider(liveness_.deadline(now, may_ping()));
  if (!transfers_.idle()) consider(now + seconds(1));  // rates and times left are kept true
  if (stream_.speech() != Speech::undecided) consider(held_.deadline());
  consider(ending_.deadline());
  return earliest;
}

void Conversation::update_status() {
  Status status;
  status.peer_name = peer_name_;
  status.peer_address = options_.peer_address;
  status.since = began_;
  if (framed()) status.silent_for = liveness_.silent_for(now_);
  status.round_trip = liveness_.round_trip();
  status.transfers = transfers_.views(now_);
  status.offers = transfers_.offers();
  status.ended = over();
  screen_.set_status(status);
}

// ---- Out ----

std::string_view Conversation::outgoing(std::size_t data_budget, Time now) {
  now_ = now;
  if (!data_.empty()) return data_;
  if (!stream_.outgoing().empty()) return stream_.outgoing();
  if (data_budget == 0 || !wants_data_budget()) return {};
  protect([&] { data_ = transfers_.next_data(data_budget, now); });
  return data_.empty() ? stream_.outgoing() : data_;
}

bool Conversation::still_talking() const {
  return !over() && (ending_.ours() == TalkEnding::Ours::speaking ||
                     ending_.ours() == TalkEnding::Ours::finishing);
}

bool Conversation::wants_data_budget() const {
  return framed() && still_talking() && data_.empty() && stream_.drained() && transfers_.has_data();
}

void Conversation::sent(std::size_t count) {
  if (data_.empty())
    stream_.sent(count);
  else
    data_.remove_prefix(count);
}

bool Conversation::take_half_close() {
  if (data_.empty() && stream_.drained() && held_.empty()) carry_out(ending_.drained(now_));
  return std::exchange(half_close_due_, false);
}

bool Conversation::wants_to_read() const {
  return !over() && ending_.theirs() == TalkEnding::Theirs::speaking && screen_.has_room() &&
         !stream_.congested();
}

bool Conversation::wants_input() const {
  return !over() && ending_.ours() == TalkEnding::Ours::speaking && stream_.has_room() &&
         held_.has_room();
}

// ---- The end ----

void Conversation::leave(const std::string& reason, Time now) {
  now_ = now;
  carry_out(ending_.leave(!reason.empty()), reason);
}

// `reason` is what there is to be said about it: by the peer where it is the peer's bye, else by
// this side.
void Conversation::carry_out(const TalkEnding::Actions& actions, const std::string& reason) {
  const bool answer = actions.over == TalkEnding::Why::bye;
  if (actions.say_bye) say_last(Bye{answer ? "" : reason});
  if (actions.say_why) say_last(Notice{parting_line(reason)});
  half_close_due_ |= actions.half_close;
  if (actions.tell_deafness)
    show(Entry::Kind::info,
         "the visitor has nothing more to say; whether it still reads shows when you type");
  if (actions.over) finish(*actions.over, reason);
}

void Conversation::say_last(const Message& message) {
  try {
    stream_.send(message);
  } catch (const ProtocolError&) {
    // The queue is full of answers that the peer never read: it won't read this one either.
  }
}

void Conversation::finish(TalkEnding::Why why, const std::string& reason) {
  outcome_ = {TalkEnding::exit_code(why), farewell_text(why, peer_title(), reason)};
  const bool fine = outcome_.code == Outcome::kFine;
  const bool lost = outcome_.code == Outcome::kLost;
  if (lost && options_.calls_again) return;
  if (!outcome_.reason.empty())
    show(fine ? Entry::Kind::info : Entry::Kind::error, outcome_.reason);
  transfers_.end(lost);
  const std::string unfinished = tell_of_transfers();
  if (fine) judge_files_and_commands(unfinished);
  update_status();
}

// A talk that ended well may have left something undone.
void Conversation::judge_files_and_commands(const std::string& unfinished) {
  const bool scripted = options_.piped && options_.commands;
  if (!unfinished.empty() || (scripted && transfer_failed_))
    outcome_.code = Outcome::kTransfer;
  else if (scripted && mistaken_)
    outcome_.code = Outcome::kFailed;
  if (unfinished.empty()) return;
  outcome_.reason += (outcome_.reason.empty() ? "" : "; ") + unfinished;
}

// ---- What both ends share ----

void Conversation::collect_from_transfers() {
  if (framed()) stream_.send_encoded(transfers_.take_control());
  tell_of_transfers();
}

// The first of the failures, or nothing.
std::string Conversation::tell_of_transfers() {
  using Kind = Transfers::Event::Kind;
  std::string first;
  for (const Transfers::Event& event : transfers_.take_events()) {
    const bool failed = event.kind != Kind::info;
    if (failed && first.empty()) first = event.text;
    transfer_failed_ |= failed;
    // What a peer withdraws is no error to a person; a script has to be told that it is not there.
    const bool error =
        event.kind == Kind::failure || (event.kind == Kind::withdrawn && options_.piped);
    show(error ? Entry::Kind::error : Entry::Kind::info, event.text);
  }
  return first;
}

void Conversation::show(Entry::Kind kind, const std::string& text) {
  const std::string& peer = peer_name_.empty() ? options_.peer_address : peer_name_;
  const std::string& who = kind == Entry::Kind::mine ? options_.my_name : peer;
  const Entry entry{kind, who, text, options_.time_of_day()};
  if (options_.transcript) options_.transcript(entry);
  screen_.show(entry);
}

// In the program's own words a name stands in angle brackets, so that no name can add to them.
std::string Conversation::peer_title() const {
  return peer_name_.empty() ? options_.peer_address : "<" + shown_name(peer_name_) + ">";
}

}  // namespace talk
