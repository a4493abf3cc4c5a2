// The cases of the key-value store, and of clients of it.
#include "talk_client/clinic/kind_cases.h"
#include "talk_client/clinic/shared_cases.h"

namespace talk::clinic {
namespace {

using std::string_literals::operator""s;

KindSpeech speech() {
  KindSpeech speech{"get {N}",
                    [](const std::string&, const std::string& ending, int who) {
                      return Script().reply("Key not found", ending, who);
                    },
                    "get KEY: the value, or Key not found."};
  return speech;
}

std::vector<Case> command_cases() {
  return {
      {"put-get", "a value is put and got again", "put KEY VALUE: OK. get KEY: the value.",
       "wrong-reply", Script().open().add(ask("put {1} apple", "OK")).add(ask("get {1}", "apple"))},
      {"one-send",
       "does each reply come in one piece?",
       "It sends a short reply in one send(), never split.",
       "reply-split",
       Script()
           .open()
           .add(ask("put {1} apple", "OK").in_one_send())
           .add(ask("get {1}", "apple").in_one_send())
           .add(ask("get {2}", "Key not found").in_one_send()),
       {"first", "put-get"}},
      {"put-twice",
       "a key is put a second time",
       "put KEY VALUE: OK, or Key already exists.",
       "overwrites",
       Script()
           .open()
           .add(ask("put {1} apple", "OK"))
           .add(ask("put {1} pear", "Key already exists").instead({"OK"}))
           .add(ask("get {1}", "apple")),
       {"first", "put-get"}},
      {"del",
       "a key is deleted, and asked for afterwards",
       "del KEY: OK, or Key not found.",
       "wrong-reply",
       Script()
           .open()
           .add(ask("put {1} apple", "OK"))
           .add(ask("del {1}", "OK"))
           .add(ask("get {1}", "Key not found"))
           .add(ask("del {1}", "Key not found")),
       {"first", "put-get"}},
  };
}

std::vector<Case> bye_cases() {
  return {
      {"bye",
       "the client takes its leave",
       "Bye (any case): Goodbye, and the connection is closed.",
       "no-bye",
       Script().open().add(ask("Bye", "Goodbye")).end(),
       {"first", "end"}},
      {"bye-any-case",
       "bye in small letters",
       "Bye (any case): Goodbye.",
       "no-bye",
       Script().open().add(ask("bye", "Goodbye")).end(),
       {"first", "bye"}},
  };
}

std::vector<Case> manners_cases() {
  return {
      {"unknown-command", "a word that is no command", "Anything else: Invalid command.",
       "wrong-reply", Script().open().add(ask("frobnicate {1}", "Invalid command"))},
      {"extra-words", "get with two keys", "Extra words after get KEY: Invalid command.",
       "wrong-reply",
       Script().open().add(ask("get {1} {2}", "Invalid command")).weigh(Weight::differs)},
      {"any-case",
       "PUT and Get",
       "Command words in any case.",
       "wrong-reply",
       Script().open().add(ask("PUT {1} apple", "OK")).add(ask("Get {1}", "apple")),
       {"first", "put-get"}},
      {"goes-on", "a mistake of the client's, then a right request",
       "Anything else: Invalid command; the session goes on.", "closes-early",
       Script()
           .open()
           .send("nonsense\n")
           .then(Step::Do::take)
           .add(ask("get {1}", "Key not found"))},
  };
}

constexpr const char* kAsAsked = "It answers with the terminator it was asked with.";
constexpr const char* kOneTruth =
    "All sessions see one truth: a value that was put is seen by the next get of anyone.";

std::vector<Case> line_cases() {
  return {
      {"crlf-value",
       "put by telnet, got by nc",
       "CR LF ends a line; the CR is no part of a value.",
       "cr-kept",
       Script()
           .open(1)
           .send("put {1} apple\r\n")
           .then(Step::Do::take)
           .send("get {1}\n")
           .reply("apple")
           .strict(),
       {"first", "put-get"}},
      {"crlf",
       "requests end in CR LF, as from telnet",
       kAsAsked,
       "cr-kept",
       Script()
           .open()
           .send("put {1} apple\r\n")
           .reply("OK", "\r\n")
           .send("get {1}\r\n")
           .reply("apple", "\r\n"),
       {"first", "put-get", "crlf-value"}},
      {"no-ending", "a request without any ending, as homework clients send it",
       "For a client that sends no ending a message ends at a pause of 50 ms.",
       "waits-for-line-feed",
       Script().open().send("get {1}").reply("Key not found", "").weigh(Weight::fragile)},
      {"nul-ending",
       "a request that ends in a NUL, as from strlen() + 1",
       "A message is ended by LF, CR LF or NUL.",
       "waits-for-line-feed",
       Script().open().send("get {1}\0"s).reply("Key not found", "\0"s).weigh(Weight::fragile),
       {"first", "no-ending"}},
  };
}

std::vector<Case> odd_line_cases() {
  return {
      {"empty-line", "a line with nothing on it, then a request", "An empty message is ignored.",
       "empty-message",
       Script()
           .open()
           .send("\n")
           .pause(milliseconds(300))
           .add(ask("get {1}", "Key not found"))
           .weigh(Weight::fragile)},
      {"blank-line", "a line of blanks, then a request",
       "Anything else: Invalid command; the session goes on.", "empty-message",
       Script().open().send("   \n").then(Step::Do::take).add(ask("get {1}", "Key not found"))},
      {"binary", "bytes of all values and a line feed, then a request",
       "Anything else: Invalid command; the session goes on.", "text-only",
       Script()
           .open()
           .send("\x01\xff\xfe\x80 \x1b[31m\n")
           .reply("Invalid command")
           .blame("wrong-reply", "text-only", "text-only")
           .add(ask("get {1}", "Key not found"))},
      {"long-line",
       "a line of 100,000 bytes, then a request",
       "Memory stays bounded.",
       "fixed-buffer",
       Script()
           .open()
           .send("put {1} " + std::string(100000, 'v') + "\n")
           .reply("Value too long")
           .weigh(Weight::fragile)
           .add(ask("get {1}", "Key not found"))
           .weigh(Weight::fragile),
       {"first", "bytes", "value-long"}},
  };
}

std::vector<Case> shared_truth_cases() {
  Script race;
  for (int who = 1; who <= 20; ++who) race.open(who);
  for (int who = 1; who <= 20; ++who) race.send("put {1} of-" + std::to_string(who) + "\n", who);
  for (int who = 1; who <= 20; ++who) race.then(Step::Do::one_ok, who);
  return {
      {"others-see-it",
       "one puts, another gets while both are there",
       kOneTruth,
       "not-shared",
       Script()
           .open(1)
           .add(ask("put {1} apple", "OK"))
           .open(2)
           .send("get {1}\n", 2)
           .reply("apple", "\n", 2),
       {"first", "put-get", "two-at-once"}},
      {"later-ones-see-it",
       "one puts and leaves; another gets",
       kOneTruth,
       "not-shared",
       Script()
           .open(1)
           .add(ask("put {1} apple", "OK"))
           .close(1)
           .open(2)
           .send("get {1}\n", 2)
           .reply("apple", "\n", 2),
       {"first", "put-get", "again", "others-see-it"}},
      {"race",
       "twenty put the same key at the same time",
       "Of twenty simultaneous puts of one key exactly one gets OK.",
       "not-atomic",
       race,
       {"first", "put-twice", "two-at-once", "others-see-it", "silent-one"}},
      {"on-disk",
       "OK was said: is the value in database.txt?",
       "OK is said only when the change is on disk.",
       "not-on-disk",
       Script().open().add(ask("put {1} {token}", "OK")).then(Step::Do::in_file, "{token}"),
       {"first", "put-get"},
       Case::Wants::directory},
  };
}

std::vector<Case> volume_cases() {
  constexpr int kLate = 2000;  // 6 MB: more than the systems on both sides hold
  const auto other = [](int who) {
    return Script().open(who).send("get {2}\n", who).reply("Key not found", "\n", who);
  };
  std::string batch;
  for (int i = 0; i < kLate; ++i) batch += "get {1}\n";
  Script pipelined = Script()
                         .open()
                         .send("put {1} " + std::string(3000, 'v') + "\n")
                         .reply("OK")
                         .flood(batch, 1)
                         .pause(milliseconds(700));
  for (int i = 0; i < kLate; ++i) pipelined.reply(std::string(3000, 'v'));
  return {
      {"stops-reading",
       "2,000 long replies are asked for and read late",
       "Nothing is lost, nothing grows.",
       "short-write",
       pipelined,
       {"first", "put-get", "two-in-one", "value-long"}},
      {"deaf-one",
       "one asks for much and never reads; another wants to be served",
       "No visitor can disturb another.",
       "blocked-by-deaf",
       Script()
           .open(1)
           .send("put {1} " + std::string(3000, 'v') + "\n")
           .reply("OK")
           .deaf(batch, 4)
           .then(Step::Do::fills_up)
           .add(other(2))
           .pause(milliseconds(300))
           .add(other(3))
           .reset(1)
           .pause(milliseconds(300))
           .add(other(4))
           .blame("sigpipe"),
       {"first", "put-get", "two-at-once", "silent-one"},
       Case::Wants::nothing,
       "sigpipe"},
  };
}

}  // namespace

std::vector<Case> store_cases() {
  std::vector<Case> all = beginning_cases(speech());
  append(all, framing_cases(speech()));
  append(all, command_cases());
  append(all, bye_cases());
  append(all, manners_cases());
  append(all, store_data_cases());
  append(all, line_cases());
  append(all, odd_line_cases());
  append(all, company_cases(speech()));
  append(all, shared_truth_cases());
  append(all, volume_cases());
  append(all, ending_cases(speech()));
  append(all, last_cases([](int who) {
           return Script().send("get {1}\n", who).reply("Key not found", "\n", who);
         }));
  two_requests_need(all, "asks-twice");
  return all;
}

}  // namespace talk::clinic
