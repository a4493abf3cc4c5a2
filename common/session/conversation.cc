#include "common/session/conversation.h"

#include <algorithm>
#include <utility>

#include "common/posix/error.h"
#include "common/text/display.h"
#include "common/text/utf8.h"
#include "common/wire/limits.h"
#include "common/wire/protocol_error.h"

namespace talk {
namespace {

constexpr seconds kPipeFarewell{10};   // a pipe's end: the other side may still have to say much
constexpr seconds kFarewell{3};        // a person's bye: nobody likes to wait
constexpr seconds kLinePeerGrace{10};  // after a line peer's end, or its silence after ours

PeerStream::Options stream_options(const Conversation::Options& options) {
  return {options.role, Greeting{options.pid, options.my_name}, options.raw,
          options.raw && options.piped};
}

}  // namespace

Conversation::Conversation(Options options, Screen& screen, Transfers& transfers, Time now)
    : options_(std::move(options)),
      screen_(screen),
      transfers_(transfers),
      liveness_(now),
      stream_(stream_options(options_), *this, now),
      now_(now),
      began_(now) {
  const bool handler = options_.role == Role::handler;
  if (handler) show(Entry::Kind::info, "a visitor from " + options_.peer_address);
}

// ---- The peer ----

// Everything that a peer can set off runs inside here: its mistakes end the session with a reason
// that both sides are told.
void Conversation::protect(Time now, const std::function<void()>& step) {
  now_ = now;
  try {
    step();
    collect_from_transfers(now);
  } catch (const ProtocolError& error) {
    const std::string reason = std::string("protocol error: ") + error.what();
    try {
      if (framed()) stream_.send(Bye{reason}, now);
    } catch (const ProtocolError&) {
      // The queue is full of answers that the peer never read: it won't read this one either.
    }
    end(Outcome::kFailed, reason);
  }
}

void Conversation::receive(std::string_view bytes, Time now) {
  liveness_.heard(now);
  if (!over()) protect(now, [&] { stream_.receive(bytes, now); });
  if (over() || !silence_ends_at_) return;
  if (input_ended_) silence_ends_at_ = now + kLinePeerGrace;
}

void Conversation::receive_end(Time now) {
  if (over()) return;
  peer_ended_ = true;
  bool orderly = true;
  protect(now, [&] { orderly = stream_.receive_end(now); });
  if (over()) return;
  const bool client = options_.role == Role::client;
  if (framed()) {
    if (state_ == State::closing) return end(Outcome::kFine, "");
    const std::string how = orderly ? "" : " in the middle of a message";
    return end(Outcome::kLost, "the connection to " + peer_title() + " was lost" + how);
  }
  if (client && !only_line_.empty() && only_line_.starts_with("ERROR: "))
    return end(Outcome::kRefused, "refused by the server: " + only_line_.substr(7));
  if (client && stream_.speech() == Speech::undecided)
    return end(Outcome::kLost, "the server closed the connection without a word");
  if (client && (!options_.piped || input_ended_))
    return end(Outcome::kFine, "the other side closed the connection");
  if (!client && !options_.attended) return end(Outcome::kFine, "the visitor left");
  if (client) return;  // a pipe goes on as long as the other side takes it
  show(Entry::Kind::info, "the visitor has nothing more to say; what you type may still be read");
  silence_ends_at_ = now + kLinePeerGrace;
}

void Conversation::link_failed(int error, Time now) {
  if (over()) return;
  now_ = now;
  const bool handler = options_.role == Role::handler;
  const bool expected = state_ == State::closing || (peer_ended_ && handler);
  if (expected) return end(Outcome::kFine, "");
  end(Outcome::kLost, "the connection to " + peer_title() + " was lost: " + error_text(error));
}

void Conversation::on_greeting(const Greeting& greeting) {
  peer_name_ = greeting.name.value_or("");
  if (peer_name_ == options_.my_name) peer_name_ += "@" + options_.peer_address;
  peer_pid_ = greeting.pid;
  transfers_.set_peer(peer_title());
  const bool handler = options_.role == Role::handler;
  show(Entry::Kind::info, handler ? peer_title() + " has come in" : "connected to " + peer_title());
  stream_.send(Ping{liveness_.ping(now_)}, now_);  // the round trip is known from the start
  for (const Command& command : std::exchange(deferred_, {}))
    command.name == "who" ? show_who(now_) : transfer_command(command, now_);
}

void Conversation::on_line_peer() {
  const bool handler = options_.role == Role::handler;
  show(Entry::Kind::info,
       handler ? "the visitor's program speaks plain lines" : "the server speaks plain lines");
  for (const Command& command : std::exchange(deferred_, {}))
    command.name == "who" ? show_who(now_) : refuse_files(command.name);
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
  stream_.send(Notice{"nobody is at the desk of " + options_.my_name +
                      " now; what you say is not read, files are taken"},
               now_);
}

void Conversation::on_message(const Message& message) {
  if (over()) return;
  if (const auto* text = std::get_if<Text>(&message)) {
    heard_from_person(text->text);
  } else if (const auto* notice = std::get_if<Notice>(&message)) {
    show(Entry::Kind::peer_notice, notice->text);
  } else if (const auto* bye = std::get_if<Bye>(&message)) {
    peer_said_bye(bye->reason);
  } else if (const auto* ping = std::get_if<Ping>(&message)) {
    stream_.send(Pong{ping->payload}, now_);
  } else if (const auto* pong = std::get_if<Pong>(&message)) {
    liveness_.pong(pong->payload, now_);
  } else {
    transfers_.receive(message, now_);
    collect_from_transfers(now_);
  }
}

void Conversation::on_file_data(std::uint32_t transfer, std::string_view piece) {
  if (!over()) transfers_.receive_data(transfer, piece, now_);
}

void Conversation::peer_said_bye(const std::string& reason) {
  const bool ours_came_first = state_ == State::closing;
  if (!ours_came_first) stream_.send(Bye{}, now_);
  const std::string text = peer_title() + " has left" + (reason.empty() ? "" : ": " + reason);
  end(Outcome::kFine, ours_came_first ? "" : text);
}

// ---- The person ----

void Conversation::input(const Input& input, Time now) {
  if (over()) return;
  protect(now, [&] {
    if (input.kind == Input::Kind::line)
      typed(input.line, now);
    else if (input.kind == Input::Kind::end)
      no_more_to_say(now);
    else
      leave(input.line, now);
  });
}

void Conversation::typed(const std::string& line, Time now) {
  if (state_ != State::talking || input_ended_) return;
  if (silence_ends_at_) silence_ends_at_ = now + kLinePeerGrace;
  if (options_.piped && !options_.commands) return say(line, now);
  const TypedLine parsed = parse_typed_line(line, options_.home);
  if (const auto* words = std::get_if<Say>(&parsed)) return say(words->text, now);
  if (const auto* mistake = std::get_if<Mistake>(&parsed))
    return show(Entry::Kind::error, mistake->message);
  obey(std::get<Command>(parsed), now);
}

// A person's line is within the limit: the screen sees to it. A pipe may bring anything, and
// every byte of it is delivered, a longer line in parts.
void Conversation::say(const std::string& text, Time now) {
  std::string_view left = text;
  do {
    const std::string_view part = cut_utf8(left, kMaxText);
    stream_.send(Text{std::string(part)}, now);
    show(Entry::Kind::mine, std::string(part));
    left.remove_prefix(part.size());
    if (!left.empty()) show(Entry::Kind::info, "a line over 64 KiB was sent in parts");
  } while (!left.empty());
}

void Conversation::obey(const Command& command, Time now) {
  const std::string& name = command.name;
  if (name == "bye") {
    if (!transfers_.idle() && !bye_warned_) {
      bye_warned_ = true;
      return show(Entry::Kind::error, "files are still on their way: /bye again leaves them");
    }
    const bool unheard =
        stream_.speech() == Speech::undecided && !(stream_.drained() && deferred_.empty());
    if (unheard) return no_more_to_say(now);  // what was typed first is still to be delivered
    return framed() ? say_bye("", now) : end(Outcome::kFine, "");
  }
  if (name == "help") {
    for (const std::string& line : command_help()) show(Entry::Kind::info, line);
  } else if (name == "who") {
    // A server is silent for a moment; a visitor may be so for as long as he likes.
    const bool too_early = options_.role == Role::client && stream_.speech() == Speech::undecided;
    too_early ? deferred_.push_back(command) : show_who(now);
  } else if (screen_.command(name, command.rest)) {
    return;
  } else if (name == "clear" || name == "find") {
    show(Entry::Kind::error, "/" + name + " is for the split screen");
  } else if (framed()) {
    transfer_command(command, now);
  } else if (stream_.speech() == Speech::undecided) {
    deferred_.push_back(command);
  } else {
    refuse_files(command.name);
  }
}

void Conversation::refuse_files(const std::string& name) {
  transfer_failed_ = true;
  show(Entry::Kind::error, "/" + name + " cannot be done: " + peer_title() +
                               " speaks plain lines, which carry no files");
}

void Conversation::transfer_command(const Command& command, Time now) {
  const std::string& name = command.name;
  std::optional<std::uint32_t> number;
  if (name == "accept" || name == "refuse" || name == "cancel") number = command.number;
  if (name == "send")
    transfers_.send(command.words);
  else if (name == "get")
    transfers_.get(command.words);
  else if (name == "files")
    transfers_.list();
  else if (name == "transfers")
    transfers_.describe(now);
  else if (name == "accept")
    transfers_.accept(number);
  else if (name == "refuse")
    transfers_.refuse(number);
  else if (name == "cancel")
    transfers_.cancel(number);
}

void Conversation::no_more_to_say(Time now) {
  if (input_ended_) return;
  input_ended_ = true;
  if (framed() && !transfers_.idle())
    show(Entry::Kind::info, "the talk ends when the files have arrived");
  tick(now);
}

void Conversation::leave(const std::string& reason, Time now) {
  if (over()) return;
  now_ = now;
  const bool bye_is_due = framed() && state_ == State::talking;
  if (bye_is_due)
    stream_.send(Bye{reason}, now);
  else if (!reason.empty())
    stream_.send(Notice{reason}, now);
  end(Outcome::kFine, reason);
}

void Conversation::say_bye(const std::string& reason, Time now) {
  stream_.send(Bye{reason}, now);
  state_ = State::closing;
  close_by_ = now + (options_.piped ? kPipeFarewell : kFarewell);
}

void Conversation::show_who(Time now) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(now - began_).count();
  std::string text = peer_title();
  if (!peer_name_.empty()) text += " at " + options_.peer_address;
  if (peer_pid_) text += ", process " + std::to_string(*peer_pid_);
  text += framed() ? ", TALK/1" : ", plain lines";
  text += ", here for " + std::to_string(minutes) + " min";
  if (const auto trip = liveness_.round_trip())
    text += ", round trip " + std::to_string(trip->count() / 1000) + " ms";
  show(Entry::Kind::info, text);
}

// ---- Time ----

void Conversation::tick(Time now) {
  if (over()) return;
  protect(now, [&] {
    stream_.tick(now);
    if (framed() && !over() && stream_.has_room())
      if (const auto payload = liveness_.take_ping(now)) stream_.send(Ping{*payload}, now);
    if (input_ended_ && framed() && state_ == State::talking && transfers_.idle()) say_bye("", now);
  });
  if (over()) return;
  if (framed() && liveness_.given_up(now))
    end(Outcome::kLost, "the connection to " + peer_title() + " was lost: nothing heard for 60 s");
  else if (close_by_ && now >= *close_by_)
    end(Outcome::kFine, "");
  else if (silence_ends_at_ && now >= *silence_ends_at_)
    end(Outcome::kFine, options_.role == Role::handler ? "the visitor has gone" : "");
  else if (options_.role == Role::client && peer_ended_ && input_ended_ && stream_.drained())
    end(Outcome::kFine, "");
  else
    update_status(now);
}

std::optional<Time> Conversation::deadline(Time now) const {
  if (over()) return std::nullopt;
  std::optional<Time> earliest = stream_.deadline();
  const auto consider = [&](std::optional<Time> time) {
    if (time && (!earliest || *time < *earliest)) earliest = time;
  };
  if (framed()) consider(liveness_.deadline(now));
  if (!transfers_.idle()) consider(now + seconds(1));  // rates and times left are kept true
  consider(close_by_);
  consider(silence_ends_at_);
  return earliest;
}

void Conversation::update_status(Time now) {
  Status status;
  status.peer_name = peer_name_;
  status.peer_address = options_.peer_address;
  status.since = began_;
  if (framed()) status.silent_for = liveness_.silent_for(now);
  status.round_trip = liveness_.round_trip();
  status.transfers = transfers_.views(now);
  status.ended = over();
  screen_.set_status(status);
}

// ---- Out ----

std::string_view Conversation::outgoing(std::size_t data_budget, Time now) {
  if (!data_.empty()) return data_;
  if (!stream_.outgoing().empty()) return stream_.outgoing();
  if (data_budget == 0 || !wants_data_budget()) return {};
  data_ = transfers_.next_data(data_budget, now);
  collect_from_transfers(now);
  return data_.empty() ? stream_.outgoing() : data_;
}

bool Conversation::wants_data_budget() const {
  return framed() && state_ == State::talking && data_.empty() && stream_.outgoing().empty() &&
         transfers_.has_data();
}

void Conversation::sent(std::size_t count) {
  if (data_.empty())
    stream_.sent(count);
  else
    data_.remove_prefix(count);
}

bool Conversation::take_half_close() {
  const bool lines_done = input_ended_ && stream_.speech() == Speech::lines;
  const bool nothing_follows = state_ == State::closing || lines_done;
  if (half_closed_ || !nothing_follows || !data_.empty() || !stream_.drained()) return false;
  half_closed_ = true;
  if (lines_done && !silence_ends_at_) silence_ends_at_ = now_ + kLinePeerGrace;
  return true;
}

bool Conversation::wants_to_read() const {
  return !over() && !peer_ended_ && screen_.has_room() && !stream_.congested();
}

bool Conversation::wants_input() const {
  return state_ == State::talking && !input_ended_ && stream_.has_room();
}

// ---- What both ends share ----

void Conversation::collect_from_transfers(Time now) {
  if (framed()) stream_.send_encoded(transfers_.take_control());
  for (const Transfers::Event& event : transfers_.take_events()) {
    const bool failure = event.kind == Transfers::Event::Kind::failure;
    transfer_failed_ |= failure;
    show(failure ? Entry::Kind::error : Entry::Kind::info, event.text);
  }
  now_ = now;
}

void Conversation::end(int code, const std::string& reason) {
  if (over()) return;
  state_ = State::over;
  outcome_ = {code, reason};
  if (code == Outcome::kLost && options_.calls_again) return;
  transfers_.end(code == Outcome::kLost);
  for (const Transfers::Event& event : transfers_.take_events()) {
    transfer_failed_ |= event.kind == Transfers::Event::Kind::failure;
    show(Entry::Kind::error, event.text);
  }
  const bool scripted = options_.piped && options_.commands;
  outcome_ = {code == Outcome::kFine && scripted && transfer_failed_ ? Outcome::kTransfer : code,
              reason};
  if (!reason.empty())
    show(code == Outcome::kFine ? Entry::Kind::info : Entry::Kind::error, reason);
  update_status(now_);
}

void Conversation::show(Entry::Kind kind, const std::string& text) {
  const std::string& peer = peer_name_.empty() ? options_.peer_address : peer_name_;
  const std::string& who = kind == Entry::Kind::mine ? options_.my_name : peer;
  const Entry entry{kind, who, text, std::chrono::system_clock::now()};
  if (options_.transcript) options_.transcript(entry);
  screen_.show(entry);
}

// In the program's own words a name stands in angle brackets, so that no name can add to them.
std::string Conversation::peer_title() const {
  return peer_name_.empty() ? options_.peer_address : "<" + shown_name(peer_name_) + ">";
}

}  // namespace talk
