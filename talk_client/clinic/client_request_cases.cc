// The cases of clients that ask and are answered: of the store and of echo.
#include "talk_client/clinic/kind_cases.h"
#include "talk_client/clinic/shared_cases.h"

namespace talk::clinic {
namespace {

using Do = Step::Do;
constexpr milliseconds kAtOnce{0};
constexpr milliseconds kLate{1500};

constexpr const char* kReplies = "A reply is a line, whatever pieces it comes in.";
constexpr const char* kValue = "get KEY: the value, the rest of the line as it is.";
constexpr const char* kBack = "Every byte comes back, in whatever pieces.";
constexpr const char* kEnds = "End of input: the client ends, too.";

// What differs from a server that answers each request at once and in one piece.
struct How {
  std::size_t piece = 0;
  milliseconds late = kAtOnce;
  milliseconds between = kAtOnce;  // pieces; 0: --delay
  bool only_first = false;         // is of that size
  std::size_t times = kAlways;
  std::string reply{};
  Weight weight = Weight::fails;
  bool leaves = false;  // whether the client goes by itself is looked at
};

Script served(Do what, const How& how) {
  const Step answered{what,        1,  how.reply, {}, how.piece,  how.times,     how.late,
                      how.between, {}, {},        {}, how.weight, how.only_first};
  Script script = Script().open().answered(answered);
  if (how.leaves) script.then(Do::leaves);
  return script.half_close().then(Do::read_all).blame("", "stays", "");
}
Script stored(const How& how) { return served(Do::answer_all, how); }
Script echoed(const How& how) { return served(Do::echo_all, how); }

Script not_read_for_a_while() {
  return Script()
      .open()
      .pause(milliseconds(2000))
      .add(Script()
               .answered({Do::answer_all, 1, {}, {}, 0, kAlways})
               .half_close()
               .then(Do::read_all));
}

std::vector<Case> pieces_of_store() {
  return {
      {"first",
       "every request gets its reply",
       kReplies,
       "file-differs",
       stored({.leaves = true}),
       {}},
      {"again", "once more: the same requests", kReplies, "file-differs", stored({})},
      {"reply-bytes",
       "replies come byte by byte",
       kReplies,
       "one-recv",
       stored({1}),
       {"first", "endings"}},
      {"reply-halves",
       "replies come in pieces of 4 bytes",
       kReplies,
       "one-recv",
       stored({4}),
       {"first", "endings", "reply-bytes"}},
      {"last-byte",
       "the last byte of each reply comes late",
       kReplies,
       "one-recv",
       stored({kAllButOne, kAtOnce, milliseconds(400)}),
       {"first", "endings", "reply-bytes"}},
      {"together",
       "all replies come in one piece",
       kReplies,
       "lost-remainder",
       stored({.only_first = true, .leaves = true}),
       {"first", "pipelines"}},
      {"reply-late", "replies come late", kReplies, "impatient", stored({0, kLate})},
      {"slow-server",
       "the server does not read for 2 s",
       kReplies,
       "short-write",
       not_read_for_a_while(),
       {"first", "reply-late"}},
  };
}

std::vector<Case> words_of_store() {
  const auto says = [](const std::string& reply) {
    return stored({0, kAtOnce, kAtOnce, false, kAlways, reply});
  };
  std::vector<Case> cases = {
      {"value-of-words", "values are several words, and not those that it has put", kValue,
       "leaves-unread", says("two words  and more")},
      {"not-found", "nothing is ever found", "get KEY: the value, or Key not found.",
       "leaves-early",
       stored({0, kAtOnce, kAtOnce, false, kAlways, "Key not found", Weight::differs})},
      {"value-utf8", "values are in other letters", kValue, "text-only", says("Grüße, мир, 世界")},
      {"value-binary", "values are no UTF-8", kValue, "text-only", says("caf\xe9\xff \x1b[31m")},
      {"value-long",
       "values of 60,000 bytes",
       "A value has up to 64 KiB.",
       "fixed-buffer",
       says(std::string(60'000, 'v')),
       {"first", "endings", "reply-bytes"}},
      {"formats", "values that printf() would obey", kValue, "leaves-early",
       says("%s%s%n %x 100%")},
  };
  for (Case& one : cases) one.needs.push_back("any-value");
  return cases;
}

// Who does not leave when the server has ended has one mistake, not four.
void ends_need_the_first(std::vector<Case>& cases) {
  for (Case& one : cases)
    if (one.specification == kEnds && one.id != "ends-at-once") one.needs.push_back("ends-at-once");
}

std::vector<Case> ends_of_store() {
  std::vector<Case> cases = {
      {"ends-at-once", "it ends without a word", kEnds, "stays", gives_up(Script().open())},
      {"one-reply", "the server ends after one reply", kEnds, "stays",
       gives_up(Script().open().answered({Do::answer_all, 1, {}, {}, 0, 1}))},
      {"half-reply", "it ends in the middle of a reply", kEnds, "stays",
       gives_up(Script().open().then(Do::take).send("Key no"))},
      {"ends-early", "it ends instead of a reply", kEnds, "stays",
       gives_up(Script().open().then(Do::take))},
      {"long-silence",
       "the reply takes 8 s",
       kReplies,
       "impatient",
       stored({0, kNearlyTen, kAtOnce, false, 1, {}, Weight::fragile}),
       {"first", "reply-late"},
       Case::Wants::load},
      {"once-more", "the same as at the beginning", kReplies, "file-differs", stored({})},
  };
  ends_need_the_first(cases);
  return cases;
}

std::vector<Case> pieces_of_echo() {
  return {
      {"first", "what is said comes back", kBack, "file-differs", echoed({}), {}},
      {"again", "once more: the same words", kBack, "file-differs", echoed({})},
      {"echo-bytes", "it comes back byte by byte", kBack, "one-recv", echoed({1})},
      {"echo-halves",
       "it comes back in pieces of 5 bytes",
       kBack,
       "one-recv",
       echoed({5}),
       {"first", "echo-bytes"}},
      {"first-byte",
       "the first byte comes back alone",
       kBack,
       "one-recv",
       echoed({1, kAtOnce, milliseconds(400), true}),
       {"first", "echo-bytes"}},
  };
}

std::vector<Case> stalls_of_echo() {
  return {
      {"last-byte",
       "the last byte comes back late",
       kBack,
       "one-recv",
       echoed({kAllButOne, kAtOnce, milliseconds(400)}),
       {"first", "echo-bytes"}},
      {"echo-late", "it comes back late", kBack, "impatient", echoed({0, kLate})},
      {"stalls",
       "it stops in the middle for a second and a half",
       kBack,
       "one-recv",
       echoed({4, kAtOnce, kLate, true}),
       {"first", "echo-bytes", "echo-late"}},
      {"slow-server",
       "the server does not read for 2 s",
       kBack,
       "short-write",
       Script()
           .open()
           .pause(milliseconds(2000))
           .add(Script()
                    .answered({Do::echo_all, 1, {}, {}, 0, kAlways})
                    .half_close()
                    .then(Do::read_all)),
       {"first", "echo-late"}},
      {"late-bytes",
       "it comes late, and byte by byte",
       kBack,
       "one-recv",
       echoed({1, milliseconds(500)}),
       {"first", "echo-bytes", "echo-late"}},
  };
}

std::vector<Case> ends_of_echo() {
  std::vector<Case> cases = {
      {"ends-at-once", "it ends without a word", kEnds, "stays", gives_up(Script().open())},
      {"one-echo", "the server ends after one echo", kEnds, "stays",
       gives_up(Script().open().answered({Do::echo_all, 1, {}, {}, 0, 1}))},
      {"half-echo", "it ends in the middle of one", kEnds, "stays",
       gives_up(Script().open().then(Do::take).send("h"))},
      {"ends-early", "it ends instead of echoing", kEnds, "stays",
       gives_up(Script().open().then(Do::take))},
      {"long-silence",
       "the echo takes 8 s",
       kBack,
       "impatient",
       echoed({0, kNearlyTen, kAtOnce, false, 1, {}, Weight::fragile}),
       {"first", "echo-late"},
       Case::Wants::load},
      {"once-more", "the same as at the beginning", kBack, "file-differs", echoed({})},
  };
  ends_need_the_first(cases);
  return cases;
}

}  // namespace

std::vector<Case> store_client_cases() {
  std::vector<Case> all = pieces_of_store();
  append(all, words_of_store());
  append(all, ends_of_store());
  return all;
}

std::vector<Case> echo_client_cases() {
  std::vector<Case> all = pieces_of_echo();
  append(all, stalls_of_echo());
  append(all, ends_of_echo());
  return all;
}

}  // namespace talk::clinic
