#include "common/session/conversation.h"

#include <type_traits>
#include <utility>
#include <variant>

#include "common/posix/error.h"
#include "common/session/wording.h"
#include "common/text/display.h"
#include "common/wire/protocol_error.h"

namespace talk {

Greeting Conversation::own_greeting(const Options& options) {
  Greeting greeting;
  greeting.pid = options.pid;
  greeting.name = options.my_name;
  greeting.many = greeting.ack = true;
  if (options.role == Role::client) greeting.again = options.patience;
  return greeting;
}

PeerStream::Options Conversation::stream_options(const Options& options) {
  Greeting greeting = own_greeting(options);
  if (options.role == Role::handler) greeting.session = options.ticket;
  return {options.role, greeting, options.raw, options.raw && options.piped};
}

Conversation::Conversation(Options options, Screen& screen, Transfers& transfers, Time now)
    : options_(std::move(options)),
      screen_(screen),
      transfers_(transfers),
      ending_({options_.role, options_.attended, options_.piped}),
      liveness_(now),
      stream_(std::in_place, stream_options(options_), static_cast<PeerEvents&>(*this), now),
      ticket_(options_.ticket),
      now_(now),
      began_(now) {
  ending_.settled(stream_->speech());
  if (options_.role == Role::client) {
    ending_.survives(options_.patience);
    return;
  }
  show(Entry::Kind::info, "a visitor from " + options_.peer_address);
  if (options_.attended) stream_->expect_to_speak();  // a welcome, if nothing else
}

// ---- The peer ----

// Everything that a peer can set off runs inside here: its mistakes end the session with a reason
// that both sides are told.
void Conversation::protect(const std::function<void()>& step) {
  try {
    step();
    collect_from_transfers();
  } catch (const ProtocolError& error) {
    if (lost()) return drop_link();  // whoever answered the call, it was not the peer
    carry_out(ending_.protocol_broken(), std::string("protocol error: ") + error.what());
  }
}

void Conversation::receive(std::string_view bytes, Time now) {
  now_ = now;
  if (!lost()) liveness_.heard(now);
  if (!over()) protect([&] { stream_->receive(bytes, now); });
  ending_.heard(now);
}

void Conversation::receive_end(Time now) {
  if (over()) return;
  now_ = now;
  bool whole = true;
  protect([&] { whole = stream_->receive_end(now); });
  const bool refusal = only_line_.starts_with(kRefusal);
  const auto how = refusal ? TalkEnding::PeerEnd::after_refusal
                           : (whole ? TalkEnding::PeerEnd::orderly : TalkEnding::PeerEnd::torn);
  carry_out(ending_.peer_ended(how, now), refusal ? only_line_.substr(kRefusal.size()) : "");
}

void Conversation::link_failed(int error, Time now) {
  now_ = now;
  carry_out(ending_.link_failed(said_.in_doubt(), now), error_text(error));
}

void Conversation::on_greeting(const Greeting& greeting) {
  if (lost()) return greeting.got ? resume(greeting) : begin_anew(greeting);
  ending_.settled(Speech::frames);
  meet(greeting);
  const bool handler = options_.role == Role::handler;
  show(Entry::Kind::info, handler ? peer_title() + " has come in" : "connected to " + peer_title());
  stream_->send(Ping{liveness_.ping(now_)});  // the round trip is known from the start
  release_held();
}

void Conversation::meet(const Greeting& greeting) {
  const std::string name = greeting.name.value_or("");
  if (!name.empty()) peer_name_ = distinct_name(name, options_.my_name, options_.peer_address);
  if (!name.empty() && options_.named) options_.named(name);
  peer_pid_ = greeting.pid;
  survive(greeting);
  transfers_.set_peer(peer_title(), greeting.many, comes_again(greeting));
}

void Conversation::on_line_peer() {
  if (lost()) throw ProtocolError("the call was answered by plain lines");
  ending_.settled(Speech::lines);
  const bool handler = options_.role == Role::handler;
  show(Entry::Kind::info,
       handler ? "the visitor's program speaks plain lines" : "the server speaks plain lines");
  release_held();
}

// A server that is full has accepted nobody yet: nothing can be said of it but that.
void Conversation::on_silence() {
  if (lost()) return;
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
  notify("nobody is at the desk of " + options_.my_name + " now; " + read + ", files are taken");
}

void Conversation::on_message(const Message& message) {
  if (over()) return;
  std::visit(
      [&](const auto& m) {
        using M = std::decay_t<decltype(m)>;
        if constexpr (std::is_same_v<M, Text>) {
          heard_words_.heard(m.text.size());
          heard_from_person(m.text);
        } else if constexpr (std::is_same_v<M, Notice>) {
          heard_words_.heard(m.text.size());
          show(Entry::Kind::peer_notice, m.text);
        } else if constexpr (std::is_same_v<M, Heard>) {
          peer_has_heard(m.count);
        } else if constexpr (std::is_same_v<M, Bye>) {
          carry_out(ending_.peer_bye(), m.reason);
        } else if constexpr (std::is_same_v<M, Ping>) {
          stream_->send_pong(Pong{m.payload});
        } else if constexpr (std::is_same_v<M, Pong>) {
          liveness_.pong(m.payload, now_);
          said_.pong(m.payload, now_);
          link_proved();
          transfers_.receive(message, now_);
        } else {
          static_assert(Transfers::kTakes<M>, "a kind of message that nobody takes");
          transfers_.receive(message, now_);
          collect_from_transfers();
        }
      },
      message);
}

void Conversation::on_file_data(TransferNumber transfer, std::string_view piece) {
  if (!over()) transfers_.receive_data(transfer, piece, now_);
}

// ---- Time ----

void Conversation::tick(Time now) {
  if (over()) return;
  now_ = now;
  protect([&] {
    if (has_link()) stream_->tick(now);
    release_held();
    if (heard_words_.due(now)) acknowledge();
    keep_alive();
    ask_for_proof();
    collect_from_transfers();  // the word that a file is stored goes before a goodbye
    if (said_.all_heard() && (transfers_.idle() || ending_.leaves_files()))
      carry_out(ending_.work_done(now));
  });
  if (const auto due = link_.greeting_due(); due && now >= *due) drop_link();
  if (framed() && liveness_.given_up(now)) carry_out(ending_.peer_silent(now));
  if (const auto at = ignored_at(); at && now >= *at) carry_out(ending_.words_ignored());
  carry_out(ending_.tick(now));
  if (!over()) update_status();
}

void Conversation::keep_alive() {
  if (over() || !framed() || !may_ping()) return;
  const auto payload = liveness_.take_ping(now_);
  if (!payload) return;
  said_.pinged(*payload);
  stream_->send(Ping{*payload});
}

std::optional<Time> Conversation::deadline(Time now) const {
  if (over()) return std::nullopt;
  std::optional<Time> earliest = has_link() ? stream_->deadline() : std::nullopt;
  const auto consider = [&](std::optional<Time> time) {
    if (time && (!earliest || *time < *earliest)) earliest = time;
  };
  if (framed()) consider(liveness_.deadline(now, may_ping()));
  if (!transfers_.idle()) consider(now + seconds(1));  // rates and times left are kept true
  if (!lost() && stream_->speech() != Speech::undecided) consider(held_.deadline());
  if (framed() && said_.acknowledged()) consider(heard_words_.deadline());
  consider(ignored_at());
  consider(link_.greeting_due());
  if (!options_.piped) consider(lines_.deadline(now));
  if (lost() && !options_.piped) consider(now + seconds(1));  // it is counted in view
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
  status.unanswered = transfers_.unanswered();
  status.ended = over();
  if (const auto since = link_.lost_since()) {
    status.lost_for = std::chrono::floor<seconds>(now_ - *since);
    if (next_call_)
      status.next_call = std::max(std::chrono::ceil<seconds>(*next_call_ - now_), seconds(0));
  }
  status.unheard = lines_.count() + held_.words();
  status.late_by = lines_.late_by(now_);
  screen_.set_status(status);
}

// ---- Out ----

std::string_view Conversation::outgoing(std::size_t data_budget, Time now) {
  now_ = now;
  if (!has_link()) return {};
  if (!data_.empty()) return data_;
  if (!stream_->outgoing().empty()) return stream_->outgoing();
  if (data_budget == 0 || !wants_data_budget()) return {};
  protect([&] { data_ = transfers_.next_data(data_budget, now); });
  return data_.empty() ? stream_->outgoing() : data_;
}

bool Conversation::still_talking() const {
  return !over() && (ending_.ours() == TalkEnding::Ours::speaking ||
                     ending_.ours() == TalkEnding::Ours::finishing);
}

bool Conversation::wants_data_budget() const {
  return framed() && still_talking() && data_.empty() && stream_->drained() &&
         transfers_.has_data();
}

void Conversation::sent(std::size_t count) {
  sent_bytes_ += count;
  if (data_.empty())
    stream_->sent(count);
  else
    data_.remove_prefix(count);
}

bool Conversation::take_half_close() {
  if (!lost() && data_.empty() && stream_->drained() && held_.empty())
    carry_out(ending_.drained(now_));
  return std::exchange(half_close_due_, false);
}

bool Conversation::wants_to_read() const {
  return !over() && has_link() && ending_.theirs() != TalkEnding::Theirs::ended &&
         screen_.has_room() && !stream_->congested();
}

bool Conversation::wants_input() const {
  return !over() && ending_.ours() == TalkEnding::Ours::speaking &&
         (lost() || stream_->has_room()) && held_.has_room() && said_.has_room();
}

// ---- What both ends share ----

void Conversation::collect_from_transfers() {
  if (framed()) stream_->send_encoded(transfers_.take_control());
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
