#include "talk_client/clinic/shared_cases.h"

#include <algorithm>
#include <map>

namespace talk::clinic {
namespace {

constexpr int kWave = 4;  // connections at once, of five hundred: any backlog has room for them
constexpr const char* kAllAtOnce =
    "As many sessions at once as the machine bears; no visitor can disturb another.";

std::string numbered(const KindSpeech& speech, int number) {
  std::string request = speech.request;
  const std::size_t place = request.find("{N}");
  return request.replace(place, 3, "{" + std::to_string(number) + "}");
}

Script answer(const KindSpeech& speech, int number, const std::string& ending, int who) {
  return speech.answer(numbered(speech, number), ending, who);
}

// One request and its reply on an open connection.
Script exchange(const KindSpeech& speech, int number, int who, const std::string& ending = "\n") {
  return Script()
      .send(numbered(speech, number) + ending, who)
      .add(answer(speech, number, ending, who));
}

Script visit(const KindSpeech& speech, int number, int who) {
  return Script().open(who).add(exchange(speech, number, who));
}

}  // namespace

void two_requests_need(std::vector<Case>& cases, const std::string& id) {
  for (Case& one : cases) {
    const auto& steps = one.script.steps();
    std::map<int, int> asked;
    int most = 0;
    for (const Step& step : steps) {
      if (step.what == Step::Do::open) asked[step.who] = 0;
      if (step.what == Step::Do::send) most = std::max(most, ++asked[step.who]);
    }
    const bool waits = std::ranges::any_of(
        steps, [](const Step& step) { return step.what == Step::Do::open_if_ended; });
    if (most > 1 && !waits && one.id != id && one.id != "first") one.needs.push_back(id);
  }
}

Script gives_up(Script beginning) {
  constexpr milliseconds kGivesUp{15000};
  return beginning.half_close().gone(milliseconds(0), kGivesUp).blame("stays");
}

Script ask(const std::string& request, const std::string& reply) {
  return Script().send(request + "\n").reply(reply);
}

void append(std::vector<Case>& all, std::vector<Case> more) {
  for (Case& one : more) all.push_back(std::move(one));
}

std::vector<Case> beginning_cases(const KindSpeech& speech) {
  Script again = exchange(speech, 2, 1);
  again.blame("wrong-reply", "closes-early", "closes-early");
  if (speech.one_request_ends) again.weigh(Weight::differs);
  std::vector<Case> cases = {
      {"first",
       "one visitor asks one thing",
       speech.specification,
       "no-reply",
       visit(speech, 1, 1).blame("wrong-reply", "no-reply", "hangs-up"),
       {}},
      {"again", "a second visitor comes when the first has gone",
       "The listener goes on accepting after each session.", "no-accept-loop",
       visit(speech, 1, 1).close().add(visit(speech, 2, 2))},
      {"end",
       "the client ends in order: does the server close its side, too?",
       "The process ends within a second of its peer.",
       "no-close",
       visit(speech, 1, 1).half_close().end(),
       {"first", "again"}},
      {"asks-twice",
       "a second request when the first was answered, on the same connection",
       "Several requests may follow each other on a connection.",
       "closes-early",
       visit(speech, 1, 1).add(again),
       {"first", "again", "stays-open"}},
  };
  cases[1].kills = "no-accept-loop";
  return cases;
}

namespace {

// A server that takes a pause for an ending does so for clients that never sent one: where the
// network makes pauses, it must have seen one.
Script in_pieces(const KindSpeech& speech, const std::string& whole, std::size_t piece) {
  Script script = visit(speech, 3, 1).then(Step::Do::open_if_ended).slowly(whole, piece);
  if (!speech.answers_parts) script.strict();
  return script.add(answer(speech, 1, "\n", 1));
}

}  // namespace

std::vector<Case> framing_cases(const KindSpeech& speech) {
  const std::string whole = numbered(speech, 1) + "\n";
  const std::string& other = numbered(speech, 2);
  const std::size_t half = other.size() / 2;
  const char* const kPieces = "Bytes and not text: a message ends at its ending, not at a recv().";
  Script second = answer(speech, 2, "\n", 1);
  if (speech.one_request_ends)
    second.blame("lost-remainder", "lost-remainder", "closes-early").weigh(Weight::differs);
  return {
      {"bytes",
       "every byte of a request comes alone, as over a slow modem or by hand",
       kPieces,
       "one-recv",
       in_pieces(speech, whole, 1),
       {"first", "asks-twice"}},
      {"pieces",
       "a request comes in a few pieces",
       kPieces,
       "one-recv",
       in_pieces(speech, whole, whole.size() / 3 + 1),
       {"first", "bytes"}},
      {"two-in-one",
       "two requests come in one piece: whoever asks quickly sends so",
       "A pipelined batch is answered in order.",
       "lost-remainder",
       Script().open().send(whole + other + "\n").add(answer(speech, 1, "\n", 1)).add(second),
       {"first", "bytes", "asks-twice", "echoes"}},
      {"one-and-a-half",
       "a request and the half of the next, then the other half",
       "A pipelined batch is answered in order.",
       "lost-remainder",
       Script()
           .open()
           .send(whole + other.substr(0, half))
           .pause(milliseconds(150))
           .send(other.substr(half) + "\n")
           .add(answer(speech, 1, "\n", 1))
           .add(second),
       {"first", "bytes", "two-in-one"}},
  };
}

namespace {

Case five_hundred(const std::function<Script(int who)>& exchange) {
  Script script;
  for (int done = 0; done < 500; done += kWave) {
    for (int who = 1; who <= kWave; ++who) script.open(who);
    for (int who = 1; who <= kWave; ++who) script.add(exchange(who)).close(who);
  }
  Case load{"five-hundred", "five hundred visitors, one after the other, quickly",
            "The process ends within a second of its peer; nothing is left of a session.", "leak",
            script};
  load.needs = {"first", "again"};
  load.wants = Case::Wants::load;
  load.kills = "leak";
  return load;
}

Case on_this_machine(const char* id, const char* story, const char* specification,
                     const char* mistake, Script script) {
  Case looked{id, story, specification, mistake, std::move(script)};
  looked.needs = {"first"};
  return looked;
}

}  // namespace

std::vector<Case> last_cases(const std::function<Script(int who)>& exchange) {
  const auto visit = [&](int who) { return Script().open(who).add(exchange(who)); };
  return {
      five_hundred(exchange),
      {"afterwards",
       "the same as at the beginning, after all this",
       "Whatever a visitor does, the others are served.",
       "leak",
       visit(1),
       {"first", "again"}},
      on_this_machine("zombies", "three visitors have gone: is any dead child left?",
                      "Children are collected; there is never a zombie for longer than a moment.",
                      "zombies",
                      visit(1).close(1).add(visit(2)).close(2).add(visit(3)).close(3).then(
                          Step::Do::no_zombies)),
      on_this_machine("reuse", "could the server be started again at once?",
                      "A server that was stopped can be started again on its port.", "no-reuseaddr",
                      Script().then(Step::Do::reuses_address)),
  };
}

std::vector<Case> company_cases(const KindSpeech& speech) {
  const auto served = [&](Script before) { return before.add(visit(speech, 2, 2)); };
  Script ten;
  for (int who = 1; who <= 10; ++who) ten.open(who);
  for (int who = 10; who >= 1; --who) ten.add(exchange(speech, who, who));
  return {
      {"two-at-once",
       "a second visitor comes while the first, who was served, is still there",
       kAllAtOnce,
       "one-at-a-time",
       served(visit(speech, 1, 1)),
       {"first", "again"}},
      {"silent-one",
       "one connects and says nothing; another wants to be served",
       kAllAtOnce,
       "blocked-by-silent",
       served(Script().open()),
       {"first", "again", "two-at-once"}},
      {"half-one",
       "one stands still in the middle of a request; another wants to be served",
       kAllAtOnce,
       "blocked-by-silent",
       served(Script().open().send(numbered(speech, 1).substr(0, 3)).pause(milliseconds(100)))
           .close(1)
           .pause(milliseconds(300))  // its answer may come late, to nobody
           .add(visit(speech, 3, 3)),
       {"first", "again", "two-at-once", "silent-one"},
       Case::Wants::nothing,
       "sigpipe"},
      {"ten-at-once",
       "ten are there at once and ask in another order than they came",
       kAllAtOnce,
       "one-at-a-time",
       ten,
       {"first", "again", "two-at-once", "silent-one"}},
  };
}

std::vector<Case> ending_cases(const KindSpeech& speech) {
  const std::string whole = numbered(speech, 1) + "\n";
  const auto lives = [&](Script before) {
    return before.pause(milliseconds(100)).add(visit(speech, 2, 2));
  };
  std::string many;
  for (std::size_t i = 0; i < speech.many; ++i) many += whole;
  const char* const kVanish =
      "It survives what clients do on their bad days: vanish without a word.";
  std::vector<Case> cases = {
      {"half-close", "a request, then the end of the client's side: as nc -N sends it",
       "End of input: what is left is answered, then the end.", "half-close-lost",
       Script().open().send(whole).half_close().add(answer(speech, 1, "\n", 1))},
      {"nothing", "a visitor comes and goes without a word",
       "It survives what clients do on their bad days: vanish without a word.", "dies",
       lives(Script().open().half_close().close())},
      {"reset-idle",
       "a connection is reset before anything was said",
       kVanish,
       "reset-kills",
       lives(Script().open().pause(milliseconds(100)).reset()),
       {"first", "again"}},
      {"reset-half",
       "a connection is reset in the middle of a request",
       kVanish,
       "reset-kills",
       lives(Script().open().send(whole.substr(0, 3)).pause(milliseconds(100)).reset()),
       {"first", "again", "reset-idle"}},
      {"reset-answering",
       "a connection is reset while it is being answered",
       kVanish,
       "sigpipe",
       lives(
           Script().open().send(whole).pause(milliseconds(20)).flood(many, 1).half_close().reset()),
       {"first", "again", "reset-half"}},
  };
  for (Case& one : cases)
    if (one.id.starts_with("reset")) one.kills = one.mistake;
  return cases;
}

}  // namespace talk::clinic
