// The cases of accio and upload: what comes until the client's orderly end is the file.
#include "talk_client/clinic/kind_cases.h"
#include "talk_client/clinic/shared_cases.h"

namespace talk::clinic {
namespace {

using std::string_literals::operator""s;
using Do = Step::Do;

constexpr const char* kWhole = "Whatever arrives until the peer's orderly end is the file.";
constexpr const char* kTenSeconds =
    "No data for more than 10 s: the connection is dropped, and the file holds exactly ERROR.";
constexpr const char* kCutOff =
    "A reset or any other failure: ERROR. A truncated upload is never left under the name.";
constexpr const char* kAllAtOnce = "Ten and far more at once.";
const std::string kText = "clinic {token}\n";

class Sink {
 public:
  explicit Sink(bool greets) : greets_(greets) {}

  Script begin(int who = 1) const {
    return greets_ ? Script().open(who).then(Do::handshake, who) : Script().open(who);
  }
  // The rest of an upload, on an open connection.
  static Script upload(const std::string& text, int who = 1) {
    return Script().send(text, who).half_close(who).end(who);
  }
  Script visit(int who = 1) const { return begin(who).add(upload(kText, who)); }
  // One that is judged by how it ends.
  Script orderly() const { return begin().add(upload(kText)).strict().blame("", "", "hangs-up"); }
  Script kept(const std::string& content, std::size_t times = 1) const {
    return begin().add(upload(content)).stored(content, times);
  }

  std::vector<Case> beginning() const;
  std::vector<Case> content() const;
  std::vector<Case> company() const;
  std::vector<Case> silence() const;
  std::vector<Case> broken() const;
  std::vector<Case> stored() const;

 private:
  bool greets_;
};

std::vector<Case> Sink::beginning() const {
  std::vector<Case> cases = {
      {"first", "one client hands in a small file", kWhole, "no-close", orderly(), {}},
      {"again", "a second client comes when the first has gone", "Connection N into N.file.",
       "no-accept-loop", visit(1).close(1).add(visit(2))},
  };
  cases.back().kills = "no-accept-loop";
  return cases;
}

std::vector<Case> Sink::content() const {
  const auto taken = [&](const std::string& text) { return begin().add(upload(text)); };
  std::string numbers;
  for (int i = 0; i < 8192; ++i) numbers += std::to_string(100000 + i) + "\n";
  return {
      {"empty-file", "no byte at all and an orderly end",
       "Nothing and an orderly end is an empty file.", "empty-message", begin().half_close().end()},
      {"bytes", "every byte of the file comes alone", kWhole, "one-recv",
       begin().slowly(kText, 1).strict().half_close().end()},
      {"pieces",
       "the file comes in pieces",
       kWhole,
       "one-recv",
       begin().slowly(kText + kText + kText, 20).half_close().end(),
       {"first", "bytes"}},
      {"crlf", "lines that end in CR LF", kWhole, "closes-early", taken("one\r\ntwo\r\n\r\nthree")},
      {"nul-inside", "a NUL stands in the file", kWhole, "strlen-binary", taken("before\0behind"s)},
      {"bad-utf8", "bytes that are no UTF-8", kWhole, "text-only", taken("caf\xe9 \xff\xfe\x80")},
      {"one-byte", "a file of one byte", kWhole, "wait-all", taken("1")},
      {"no-line-feed", "a file whose last line has no end", kWhole, "waits-for-line-feed",
       taken("the last line")},
      {"words-of-protocol",
       "a file that holds words of the protocol",
       kWhole,
       "closes-early",
       taken("accio\r\nconfirm-accio\r\nERROR\r\nquit\r\n:exit\r\nBye\r\n"),
       {"first", "greets"}},
      {"megabytes", "five megabytes as quickly as they are taken", "100 MiB and far beyond.",
       "fixed-buffer",
       begin()
           .send(numbers + numbers + numbers + numbers + numbers + numbers + numbers + numbers +
                 numbers + numbers)
           .half_close()
           .end()},
      {"late-end", "the file, two seconds of silence, the end",
       "The end of the file is the end of the connection, not a pause.", "early-timeout",
       begin().send(kText).pause(milliseconds(2000)).send(kText).half_close().end()},
  };
}

std::vector<Case> Sink::company() const {
  Script ten;
  for (int who = 1; who <= 10; ++who) ten.add(begin(who)).send(kText, who);
  for (int who = 10; who >= 1; --who) ten.add(upload(kText, who));
  const std::string beginning = greets_ ? "confirm-" : "c";
  return {
      {"two-at-once",
       "a second client comes while the first is in the middle of its file",
       kAllAtOnce,
       "one-at-a-time",
       begin(1)
           .send("half")
           .add(begin(2))
           .blame("one-at-a-time")
           .add(upload(kText, 2))
           .add(upload(" and half", 1)),
       {"first", "again"}},
      {"silent-one",
       "one connects and says nothing; another hands in",
       kAllAtOnce,
       "blocked-by-silent",
       Script().open(1).add(begin(2)).blame("blocked-by-silent").add(upload(kText, 2)),
       {"first", "again", "two-at-once"}},
      {"half-one",
       "one stands still after its first bytes; another hands in",
       kAllAtOnce,
       "blocked-by-silent",
       Script()
           .open(1)
           .send(beginning)
           .add(begin(2))
           .blame("blocked-by-silent")
           .add(upload(kText, 2)),
       {"first", "again", "two-at-once", "silent-one"}},
      {"ten-at-once",
       "ten hand in at once",
       kAllAtOnce,
       "one-at-a-time",
       ten,
       {"first", "again", "two-at-once", "silent-one"}},
  };
}

std::vector<Case> Sink::silence() const {
  const auto dropped = [](Script before) {
    return before.gone(milliseconds(8500), milliseconds(15000))
        .blame("no-timeout", "no-timeout", "early-timeout");
  };
  std::vector<Case> cases = {
      {"silence", "the client falls silent in the middle of its file", kTenSeconds, "no-timeout",
       dropped(begin().send(kText)).then(Do::stored_error).blame("error-not-written")},
      {"silence-at-first",
       "a client that never says a word",
       kTenSeconds,
       "no-timeout",
       dropped(Script().open()),
       {"first", "silence"}},
      {"slow-client",
       "three times a byte and 4 s of silence: slow, but never silent for 10 s",
       kTenSeconds,
       "early-timeout",
       begin()
           .send("s")
           .pause(milliseconds(4000))
           .send("l")
           .pause(milliseconds(4000))
           .send("o")
           .pause(milliseconds(4000))
           .add(upload("w")),
       {"first", "silence"}},
  };
  for (Case& one : cases) one.wants = Case::Wants::load;
  return cases;
}

std::vector<Case> Sink::broken() const {
  constexpr const char* kVanish = "It survives what clients do on their bad days.";
  const auto lives = [&](Script before) { return before.pause(milliseconds(100)).add(visit(2)); };
  Script resets;  // many: some come before the server has said what it says
  for (int i = 0; i < 30; ++i)
    resets.open().send(greets_ ? "confirm-accio\r\n" : "c").half_close().reset().strict();
  std::vector<Case> cases = {
      {"nothing", "a client comes and goes without a word", kVanish, "dies",
       lives(Script().open().half_close().close())},
      {"reset-idle", "a connection is reset before anything was said", kVanish, "reset-kills",
       lives(Script().open().pause(milliseconds(100)).reset())},
      {"reset-half",
       "a connection is reset in the middle of the file",
       kVanish,
       "reset-kills",
       lives(begin().send(kText).pause(milliseconds(100)).reset()),
       {"first", "reset-idle"}},
      {"reset-at-once",
       "the end and a reset right behind the first bytes, thirty times",
       kVanish,
       "sigpipe",
       lives(resets),
       {"first", "reset-half"}},
      {"stored-cut",
       "the connection is reset in the middle: what is left of the file?",
       kCutOff,
       "error-not-written",
       begin()
           .send(kText)
           .quiet(milliseconds(300))
           .blame("", "", "early-timeout")
           .reset()
           .blame("", "", "early-timeout")
           .then(Do::stored_error)
           .then(Do::nothing_stored, "{token}")
           .blame("half-kept"),
       {"first", "stored", "stored-bytes", "reset-half"},
       Case::Wants::directory},
  };
  for (Case& one : cases)
    if (one.id.starts_with("reset")) one.kills = one.mistake;
  return cases;
}

// What only --dir shows.
std::vector<Case> Sink::stored() const {
  std::string all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  std::string lines;
  for (int i = 0; i < 400'000; ++i) lines += std::to_string(i) + "\n";
  std::vector<Case> cases = {
      {"stored", "is the file there, with what was sent?", kWhole, "file-missing", kept(kText)},
      {"stored-bytes",
       "is it there when every byte came alone?",
       kWhole,
       "one-recv",
       begin().slowly(kText, 1).strict().half_close().end().stored(kText),
       {"first", "stored"}},
      {"stored-nul",
       "is it whole with a NUL inside?",
       kWhole,
       "strlen-binary",
       kept("{token} before\0behind"s),
       {"first", "stored"}},
      {"stored-nuls-behind",
       "is it whole with NULs at its end?",
       kWhole,
       "strlen-binary",
       kept("{token} ends in\0\0\0"s),
       {"first", "stored", "stored-nul"}},
      {"stored-binary",
       "is it the same with all 256 values of a byte?",
       kWhole,
       "text-only",
       kept("{token} " + all + all),
       {"first", "stored", "stored-nul"}},
      {"stored-megabytes",
       "is it whole with 2.7 MB?",
       kWhole,
       "short-write",
       kept("{token}\n" + lines),
       {"first", "stored", "stored-bytes"}},
  };
  for (Case& one : cases) {
    one.wants = Case::Wants::directory;
    one.needs.push_back("greets");
  }
  return cases;
}

std::vector<Case> sink_cases(bool greets) {
  const Sink sink(greets);
  std::vector<Case> all = sink.beginning();
  append(all, sink.stored());
  if (greets) append(all, handshake_cases());
  append(all, sink.content());
  append(all, sink.company());
  append(all, sink.broken());
  append(all, last_cases([&](int who) {
           Script visit = greets ? Script().then(Do::handshake_quick, who) : Script();
           return visit.add(Sink::upload("quick\n", who));
         }));
  append(all, sink.silence());
  return all;
}

}  // namespace

std::vector<Case> accio_cases() { return sink_cases(true); }

std::vector<Case> upload_cases() {
  std::vector<Case> all = sink_cases(false);
  all.push_back({"no-greeting",
                 "it says nothing, whatever comes",
                 "upload says nothing at all.",
                 "banner",
                 Script()
                     .open()
                     .quiet(milliseconds(1000))
                     .weigh(Weight::differs)
                     .send(kText)
                     .quiet(milliseconds(500))
                     .weigh(Weight::differs)
                     .half_close()
                     .end(),
                 {"first", "bytes"}});
  return all;
}

}  // namespace talk::clinic
