// The cases of the store's keys and values.
#include "talk_client/clinic/kind_cases.h"
#include "talk_client/clinic/shared_cases.h"

namespace talk::clinic {
namespace {

constexpr const char* kValue = "A value is the rest of the line as it is, spaces and UTF-8 kept.";
constexpr const char* kKey =
    "Keys are signed 64-bit decimal integers, equal by value; anything else: Invalid key.";

Script kept(const std::string& value) {
  return Script().open().add(ask("put {1} " + value, "OK")).add(ask("get {1}", value));
}

std::vector<Case> value_cases() {
  return {
      {"value-with-blanks",
       "a value of several words",
       kValue,
       "value-cut",
       kept("two words,  and more"),
       {"first", "put-get"}},
      {"value-around",
       "a value that begins and ends in blanks",
       kValue,
       "value-stripped",
       kept("  two before, two behind  "),
       {"first", "put-get", "value-with-blanks"}},
      {"value-utf8",
       "a value in other letters",
       kValue,
       "text-only",
       kept("Grüße,世界"),
       {"first", "put-get"}},
      {"value-binary",
       "a value that is no UTF-8",
       kValue,
       "text-only",
       kept("caf\xe9\xff"),
       {"first", "put-get", "value-utf8"}},
      {"value-quotes",
       "quotation marks and backslashes are letters like others",
       kValue,
       "wrong-reply",
       kept("\"a\\b\"'c'"),
       {"first", "put-get"}},
      {"value-long",
       "a value of 3,000 bytes",
       "A value has up to 64 KiB.",
       "fixed-buffer",
       kept(std::string(3000, 'v')),
       {"first", "put-get", "bytes"}},
      {"no-value", "put without a value", "A value has at least one byte.", "wrong-reply",
       Script().open().add(ask("put {1}", "Invalid command")).weigh(Weight::fragile)},
  };
}

std::vector<Case> key_cases() {
  return {
      {"key-zeroes",
       "007 and 7 are one key",
       kKey,
       "key-as-text",
       Script().open().add(ask("put 00{1} apple", "OK")).add(ask("get {1}", "apple")),
       {"first", "put-get"}},
      {"key-negative",
       "a key below zero",
       kKey,
       "wrong-reply",
       Script()
           .open()
           .add(ask("put -{1} apple", "OK"))
           .add(ask("get -{1}", "apple"))
           .add(ask("del -{1}", "OK")),
       {"first", "put-get"}},
  };
}

// Who takes keys as they are spelled takes all of these: that is told once.
std::vector<Case> odd_key_cases() {
  const auto refused = [](const std::string& request) {
    return Script().open().add(ask(request, "Invalid key").instead({"OK", "Key not found"}));
  };
  std::vector<Case> cases = {
      {"key-text", "a key that is no number", kKey, "atoi", refused("put apple{1} pie")},
      {"key-half", "a key that only begins as a number", kKey, "atoi", refused("put {1}x pie")},
      {"key-too-large", "a key of 25 digits", kKey, "atoi", refused("put 9999999999999999{1} pie")},
      {"key-beyond", "the first number that is too large for a key", kKey, "atoi",
       refused("get 9223372036854775808")},
      {"key-largest", "the largest key and the smallest", kKey, "narrow-key",
       Script()
           .open()
           .send("get 9223372036854775807\n")
           .then(Step::Do::not_reply, "Invalid key")
           .send("get -9223372036854775808\n")
           .then(Step::Do::not_reply, "Invalid key")},
  };
  for (Case& one : cases) one.needs = {"first", "key-zeroes"};
  return cases;
}

std::vector<Case> wide_key_cases() {
  return {
      {"key-33-bits",
       "two keys that are the same in their lower 32 bits",
       kKey,
       "narrow-key",
       Script()
           .open()
           .add(ask("put {1} apple", "OK"))
           .add(ask("get {1+4294967296}", "Key not found"))
           .instead({"apple", "Invalid key"}),
       {"first", "put-get", "key-text"}},
      {"key-64-bits",
       "two large keys that only differ by one",
       kKey,
       "narrow-key",
       Script()
           .open()
           .add(ask("put 9223372036{1} apple", "OK"))
           .add(ask("get 9223372036{2}", "Key not found"))
           .instead({"apple", "Invalid key"})
           .add(ask("get 9223372036{1}", "apple")),
       {"first", "put-get", "key-text", "key-33-bits", "key-largest"}},
  };
}

}  // namespace

std::vector<Case> store_data_cases() {
  std::vector<Case> all = value_cases();
  append(all, key_cases());
  append(all, odd_key_cases());
  append(all, wide_key_cases());
  return all;
}

}  // namespace talk::clinic
