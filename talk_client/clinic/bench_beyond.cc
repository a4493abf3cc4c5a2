// Silence, ends, and what only the server's own machine shows.
#include <algorithm>
#include <set>

#include "talk_client/clinic/bench.h"
#include "talk_client/clinic/local_server.h"

namespace talk::clinic {
namespace {

constexpr std::size_t kShown = 60;     // bytes of a file
constexpr milliseconds kLate{20'000};  // may an end be that a link has lost
constexpr milliseconds kTidying{500};  // for the reply to del, which is not judged

}  // namespace

void Bench::handshake(Visitor& visitor, const Step& step) {
  if (manners_.no_greeting) return;
  const bool first = case_->id == "first";
  if (first && !comes(visitor)) {
    manners_.no_greeting = true;
    return bear(Weight::fails, "no-greeting",
                "no accio came; the rest is examined as of a server that does not greet");
  }
  Step greeting{Step::Do::reply, step.who, "accio", "\r\n"};
  greeting.when_wrong = greeting.when_silent = "no-greeting";
  greeting.when_ended = first ? "hangs-up" : "no-greeting";
  if (!step.when_silent.empty()) greeting.when_silent = greeting.when_ended = step.when_silent;
  reply(visitor, greeting, "");
  if (!manners_.old_accio) confirm(visitor, step);
}

// Whether something comes, or the connection ends, in time.
bool Bench::comes(Visitor& visitor) {
  return visitor.wait([&] { return !visitor.unjudged().empty() || visitor.ended(); },
                      patience_.answer);
}

void Bench::confirm(Visitor& visitor, const Step& step) {
  const auto moment = [&] {
    if (step.what == Step::Do::handshake) wait_patiently(milliseconds(200), patience_);
  };
  send(visitor, {Step::Do::send, step.who, "confirm-accio\r\n", {}, step.piece});
  if (case_->id == "first" && !comes(visitor)) {
    manners_.no_second = true;
    differs(Weight::differs, "second-greeting",
            "no second accio came: it may be of an older generation of the exercise");
  }
  if (manners_.no_second) {
    moment();
  } else {
    Step second{Step::Do::reply, step.who, "accio", "\r\n"};
    second.when_wrong = second.when_silent = second.when_ended = "second-greeting";
    reply(visitor, second, "");
  }
  send(visitor, {Step::Do::send, step.who, "confirm-accio-again\r\n\r\n", {}, step.piece});
  moment();
}

// Of a server without a second greeting: one that keeps the confirmation as a part of the file is
// of an older generation, and right in its way; one that takes it is not.
void Bench::learn_generation() {
  if (!manners_.no_second || surroundings_.directory.empty()) return;
  const Time deadline = Clock::now() + patience_.answer;
  while (stored_.appeared() == 0 && Clock::now() < deadline)
    wait_patiently(milliseconds(50), patience_);
  manners_.old_accio = stored_.any_holds("confirm-accio");
  if (!manners_.old_accio)
    bear(Weight::fails, "second-greeting",
         "no second accio came, and the confirmations were taken for what they are");
}

void Bench::quiet(Visitor& visitor, const Step& step) {
  const bool judged = step.what != Step::Do::anything;
  // While a program is to stay, waiting for long would try its patience.
  const bool may_end = step.what == Step::Do::anything || step.what == Step::Do::no_more;
  const Time until = may_end ? seen_by(visitor, step.time) : Clock::now() + step.time;
  while (!visitor.ended() && Clock::now() < until) {
    visitor.wait_for_more(std::chrono::ceil<milliseconds>(until - Clock::now()));
    if (judged && !visitor.unjudged().empty() && visitor.unjudged() != manners_.prompt) break;
    if (!judged) visitor.judged(visitor.unjudged().size());
  }
  if (judged && !visitor.unjudged().empty() && visitor.unjudged() != manners_.prompt) {
    record_.mark(visitor.number(), visitor.judged());
    wrong(step, "",
          step.what == Step::Do::send ? "an answer came before the last piece was sent"
                                      : "something came where nothing was asked for");
  }
  if (visitor.ended() && step.what != Step::Do::no_more)
    silent(visitor, step, "an open connection");
}

void Bench::end(Visitor& visitor, const Step& step) {
  const std::string_view prompt = manners_.prompt;
  const auto more = [&] { return !visitor.unjudged().empty() && visitor.unjudged() != prompt; };
  visitor.wait([&] { return visitor.ended() || more(); }, patience_.answer + 4 * round_trip_);
  if (more()) {
    record_.mark(visitor.number(), visitor.judged());
    wrong(step, "", "something came where the end of the connection was expected");
  }
  if (!visitor.ended()) silent(visitor, step, "the end of the connection");
  if (step.strict && visitor.was_reset())
    wrong(step, step.when_ended, "the connection was reset, and not ended");
  visitor.judged(visitor.unjudged().size());
}

void Bench::gone(Visitor& visitor, const Step& step) {
  const Time start = Clock::now();
  const milliseconds late = patience_.link_loses ? kLate : 4 * round_trip_;
  while (!visitor.ended() && Clock::now() - start < step.most + late) {
    visitor.wait_for_more(milliseconds(200));
    visitor.judged(visitor.unjudged().size());
  }
  const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
  const std::string after =
      std::to_string(took.count() / 1000) + "." + std::to_string(took.count() % 1000 / 100) + " s";
  if (!visitor.ended())
    throw Finding{step.weight, step.when_silent.empty() ? case_->mistake : step.when_silent,
                  "the connection is still there after " + after};
  if (took < step.time)
    throw Finding{step.weight, step.when_ended.empty() ? case_->mistake : step.when_ended,
                  "the connection was ended after " + after};
}

void Bench::reset(Visitor& visitor, const Step& step) {
  // A strict one comes at once, whatever is on its way.
  if (!step.strict) visitor.wait_until_delivered();
  if (!step.when_ended.empty() && (visitor.wait_for_more(milliseconds(0)), visitor.ended()))
    silent(visitor, step, "an open connection");
  visitor.reset();
  was_reset_ = true;
}

// The keys that a case has put are deleted again, whatever has become of it.
void Bench::tidy(const Case& tried) {
  std::set<std::string> keys;
  for (const Step& step : tried.script.steps()) {
    if (!step.text.starts_with("put ") && !step.text.starts_with("PUT ")) continue;
    const std::string key = step.text.substr(4, step.text.find_first_of(" \n", 4) - 4);
    if (key.find('{') != std::string::npos) keys.insert(filled(key));
  }
  if (keys.empty()) return;
  try {
    Record unseen;
    Visitor visitor(door_(), 0, patience_, unseen);
    if (manners_.banner) take_banner(visitor);
    for (const std::string& key : keys) {
      visitor.send("del " + key + "\n");
      visitor.wait_for_more(kTidying);
    }
  } catch (const std::exception&) {  // the server is gone: its keys are its own affair
  } catch (const TooMuch&) {
  }
}

void Bench::look_at_files(const Step& step) {
  if (surroundings_.directory.empty()) return;  // the case says elsewhere that it needs it
  const std::string text = filled(step.text);
  if (step.what == Step::Do::nothing_stored) {
    if (appears([&] { return stored_.any_holds(text); }))
      wrong(step, "", "a file holds the half that had come");
    return;
  }
  std::string whole;
  for (std::size_t i = 0; i < step.times; ++i) whole += text;
  const auto holds = [&] {
    if (step.what == Step::Do::stored_error) return stored_.any_is("ERROR");
    if (step.what == Step::Do::stored) return stored_.any_is(whole);
    return read_bounded(surroundings_.directory + "/database.txt").find(text) != std::string::npos;
  };
  milliseconds patience = patience_.answer;
  if (step.what == Step::Do::in_file) patience = milliseconds(0);
  if (step.what == Step::Do::stored_error) patience += unheard_reset();
  const Time deadline = Clock::now() + patience;
  while (!holds()) {
    if (Clock::now() >= deadline) return miss_file(step, whole);
    wait_patiently(milliseconds(50), patience_);
  }
}

void Bench::miss_file(const Step& step, const std::string& content) {
  if (step.what == Step::Do::in_file) wrong(step, "", "database.txt does not hold it");
  const std::size_t fresh = stored_.appeared();
  const std::string newest = stored_.newest();
  const std::string said = fresh == 0 ? "no new file is there"
                                      : "the new file has " + bytes_in_words(newest.size()) + ": " +
                                            escaped(std::string_view(newest).substr(0, kShown));
  if (step.what == Step::Do::stored_error)
    wrong(step, stored_.any_holds(filled("{token}")) ? "half-kept" : "", said);
  const std::string usual = mistake_of_file(case_->mistake, content, newest);
  wrong(step, fresh == 0 ? "" : usual,
        said + " where " + bytes_in_words(content.size()) + " were expected");
}

void Bench::look_at_process(const Step& step) {
  const auto unseen = [&](const std::string& why) {
    result_.weight = Weight::skipped;
    result_.what = why;
  };
  if (step.what == Step::Do::same_process) {
    if (process_ == process_before_ && !process_.empty())
      differs(Weight::differs, case_->mistake, "both sessions told the process ID " + process_);
    return;
  }
  const auto process =
      surroundings_.port > 0 ? listening_process(surroundings_.port) : std::nullopt;
  if (!process)
    return unseen(
        "cannot be seen from the network, and the server's process is not to be found on this "
        "machine");
  if (step.what == Step::Do::reuses_address) {
    const std::optional<bool> reuses = reuses_address(*process, surroundings_.port);
    if (!reuses) return unseen("this machine does not let the server's socket be looked at");
    if (!*reuses) wrong(step, "", "the listening socket has no SO_REUSEADDR");
    return;
  }
  const Time deadline = Clock::now() + patience_.answer;  // collected a moment later is well, too
  int count = zombies_of(*process);
  while (count > 0 && Clock::now() < deadline) {
    wait_patiently(milliseconds(100), patience_);
    count = zombies_of(*process);
  }
  if (count > 1)  // one is collected when the next client comes, by many a right server
    wrong(step, "",
          std::to_string(count) + " children of process " + std::to_string(*process) +
              " are zombies");
}

}  // namespace talk::clinic
