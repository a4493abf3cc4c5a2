// The person's side of a conversation: what is typed is said, held back or obeyed.
#include "common/posix/bug.h"
#include "common/session/conversation.h"
#include "common/session/wording.h"
#include "common/text/utf8.h"
#include "common/wire/limits.h"

namespace talk {

void Conversation::input(const Input& input, Time now) {
  if (over()) return;
  now_ = now;
  protect([&] {
    if (input.kind == Input::Kind::line)
      typed(input.line);
    else if (input.kind == Input::Kind::nudge)
      hurry();
    else if (input.kind == Input::Kind::end)
      no_more_to_say();
    else
      leave(input.line, now);
  });
}

void Conversation::typed(const std::string& line) {
  const bool verbatim = options_.piped && !options_.commands;
  const TypedLine parsed = verbatim ? Say{line} : parse_typed_line(line, options_.home);
  if (ending_.ours() != TalkEnding::Ours::speaking) {
    // Who waits for words or files to arrive can still leave without them.
    const auto* command = std::get_if<Command>(&parsed);
    return command != nullptr && command->verb == Verb::bye ? bye() : void();
  }
  ending_.typed(now_);
  if (const auto* words = std::get_if<Say>(&parsed)) return say(words->text);
  if (const auto* mistake = std::get_if<Mistake>(&parsed)) {
    mistaken_ = true;
    return show(Entry::Kind::error, mistake->message);
  }
  obey(std::get<Command>(parsed));
}

// A person's line is within the limit: the screen sees to it. A pipe may bring anything, and
// every byte of it is delivered, a longer line in parts.
void Conversation::say(const std::string& text) {
  std::string_view left = text;
  do {
    const Text part{std::string(cut_utf8(left, kMaxText))};
    must_hold() ? hold(part) : speak(part);
    show(Entry::Kind::mine, part.text);
    left.remove_prefix(part.text.size());
    if (!left.empty())
      show(Entry::Kind::info, std::string("a line over ") + kMaxTextInWords + " was sent in parts");
  } while (!left.empty());
}

void Conversation::obey(const Command& command) {
  if (command.verb == Verb::bye) return bye();
  if (command.verb == Verb::help) {
    for (const std::string& line : command_help()) show(Entry::Kind::info, line);
    for (const std::string& line : screen_.key_help()) show(Entry::Kind::info, line);
  } else if (command.verb == Verb::clear || command.verb == Verb::find) {
    if (!screen_.command(command.verb, command.rest))
      show(Entry::Kind::error, name_of(command.verb) + " is for the split screen");
  } else if (command.verb == Verb::who && (options_.role == Role::handler || stream_->silent())) {
    show_who();  // a server is silent for a moment; a visitor may be so for as long as he likes
  } else {
    must_hold() ? hold(command) : perform(command);
  }
}

void Conversation::bye() {
  if (!transfers_.idle() && !bye_warned_) {
    bye_warned_ = true;
    const bool asked = !transfers_.offers().empty();
    const std::string why =
        asked ? "an offered file waits for your answer" : "files are still on their way";
    return show(Entry::Kind::error, why + ": /bye again leaves " + (asked ? "without it" : "them"));
  }
  // Who leaves does not wait for a greeting that may never come.
  if (stream_->silent() && !held_.has_words())
    while (const auto item = held_.take(false, now_)) perform(std::get<Command>(*item));
  carry_out(ending_.bye_typed(!held_.empty() || !said_.all_heard(), now_));
}

void Conversation::no_more_to_say() {
  if (ending_.ours() != TalkEnding::Ours::speaking) return;
  // A pipe's words are all there and are said behind the next call; a person leaves.
  if (lost() && !options_.piped) return bye();
  ending_.input_ended();
  stream_->expect_to_speak();
  speak_unheard();
  if (transfers_.idle()) return said_.all_heard() ? carry_out(ending_.work_done(now_)) : void();
  if (framed()) show(Entry::Kind::info, "the talk ends when the files have arrived");
}

// ---- What was typed before it can leave ----

bool Conversation::must_hold() const {
  if (ending_.speech() == Speech::undecided) return true;
  return !lost() && (stream_->speech() == Speech::undecided || !held_.empty());
}

void Conversation::hold(HeldWords::Item item) {
  const bool words = std::holds_alternative<Text>(item);
  held_.hold(std::move(item));
  if (words) stream_->expect_to_speak();
  speak_unheard();
}

// To a peer that was silent for so long words go out as plain lines; files wait for a greeting as
// long as there is something else to wait for.
void Conversation::speak_unheard() {
  if (lost()) return;
  const bool due = held_.has_words() || ending_.ours() == TalkEnding::Ours::finishing;
  if (due && stream_->silent() && stream_->speech() == Speech::undecided) speak_lines();
}

void Conversation::speak_lines() {
  stream_->assume_lines();
  ending_.settled(Speech::lines);
  release_held();
}

void Conversation::release_held() {
  if (lost() || stream_->speech() == Speech::undecided) return;
  while (const auto item = held_.take(!framed(), now_)) {
    if (const auto* words = std::get_if<Text>(&*item))
      speak(*words);
    else
      perform(std::get<Command>(*item));
  }
}

// What concerns the peer, once it is known.
void Conversation::perform(const Command& command) {
  if (command.verb == Verb::who) return show_who();
  if (framed() || lost()) {
    transfer_command(command);
    return collect_from_transfers();
  }
  transfer_failed_ = true;
  const std::string why = stream_->heard()
                              ? peer_title() + " speaks plain lines, which carry no files"
                              : "nothing was heard from " + peer_title() + " yet";
  show(Entry::Kind::error, name_of(command.verb) + " cannot be done: " + why);
}

void Conversation::transfer_command(const Command& command) {
  switch (command.verb) {
    case Verb::send:
      return transfers_.send(transfers_.named(command.words, command.rest));
    case Verb::get:
      return transfers_.get(command.words);
    case Verb::files:
      return transfers_.list();
    case Verb::transfers:
      return transfers_.describe(now_);
    case Verb::accept:
      return command.all ? transfers_.answer_all(AnswerAll::accept)
                         : transfers_.accept(command.number);
    case Verb::refuse:
      return command.all ? transfers_.answer_all(AnswerAll::refuse)
                         : transfers_.refuse(command.number);
    case Verb::cancel:
      return transfers_.cancel(command.number);
    case Verb::bye:
    case Verb::clear:
    case Verb::find:
    case Verb::help:
    case Verb::who:
      bug("a command that is no transfer's");
  }
}

void Conversation::show_who() {
  Who who{peer_title(), peer_name_.empty() ? "" : options_.peer_address,
          peer_pid_,    stream_->speech(),
          {},           liveness_.round_trip()};
  who.here = std::chrono::duration_cast<std::chrono::minutes>(now_ - began_);
  show(Entry::Kind::info, who_text(who));
}

}  // namespace talk
