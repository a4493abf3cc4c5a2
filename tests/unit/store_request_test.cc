#include "server_handler/store/request.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "server_handler/store/record.h"

namespace talk {
namespace {

using Verb = StoreRequest::Verb;

std::string shown(const StoreRequest& request) {
  switch (request.verb) {
    case Verb::put:
      return "put " + std::to_string(request.key) + "=" + std::string(request.value);
    case Verb::get:
      return "get " + std::to_string(request.key);
    case Verb::del:
      return "del " + std::to_string(request.key);
    case Verb::bye:
      return "bye";
    case Verb::wrong:
      break;
  }
  return std::string(request.problem);
}

const std::string kLongest(kMaxValue, 'v');
const std::vector<std::pair<std::string, std::string>> kRequests = {
    {"put 1 a", "put 1=a"},
    {"PUT 1 a", "put 1=a"},
    {"put 1  a  b ", "put 1= a  b "},
    {"put 1 \xc3\xa4", "put 1=\xc3\xa4"},
    {"put 007 a", "put 7=a"},
    {"put -0 a", "put 0=a"},
    {"put -5 a", "put -5=a"},
    {"put 9223372036854775807 a", "put 9223372036854775807=a"},
    {"put -9223372036854775808 a", "put -9223372036854775808=a"},
    {"put 9223372036854775808 a", "Invalid key"},
    {"put 0000000000000000000000000000007 a", "put 7=a"},
    {"put 1 " + kLongest, "put 1=" + kLongest},
    {"put 1 " + kLongest + "v", "Value too long"},
    {"put x a", "Invalid key"},
    {"put 1.5 a", "Invalid key"},
    {"put +1 a", "Invalid key"},
    {"put 1x a", "Invalid key"},
    {"put - a", "Invalid key"},
    {"put  1 a", "Invalid key"},
    {"put", "Invalid command"},
    {"put ", "Invalid command"},
    {"put 1", "Invalid command"},
    {"put 1 ", "Invalid command"},
    {"get 1", "get 1"},
    {"Get -007", "get -7"},
    {"get 1 ", "get 1"},
    {"get", "Invalid command"},
    {"get ", "Invalid command"},
    {"get 1 2", "Invalid command"},
    {"get x", "Invalid key"},
    {"get 99999999999999999999", "Invalid key"},
    {"del 1", "del 1"},
    {"del 1 x", "Invalid command"},
    {"Bye", "bye"},
    {"bYE", "bye"},
    {"bye now", "Invalid command"},
    {"byes", "Invalid command"},
    {"hello", "Invalid command"},
    {" put 1 a", "Invalid command"},
    {"put\t1\ta", "Invalid command"},
};

TEST(StoreRequest, IsParsed) {
  for (const auto& [message, expected] : kRequests)
    EXPECT_EQ(shown(parse_store_request(message)), expected) << message.substr(0, 80);
}

TEST(StoreRequest, WhatCouldStillBecomeOneIsKnown) {
  for (const char* message : {"p", "pu", "PUT", "put ", "put -", "put 1", "put 1 ", "put -12", "g",
                              "get", "get ", "get -", "d", "del ", "b", "By"})
    EXPECT_TRUE(could_become_store_request(message)) << message;
  for (const char* message : {"put 1 a", "get 1", "get 12", "del 1", "bye", "x", "putt", "put x",
                              "get 1 2", "get x", "byes", "hello", "put 99999999999999999999"})
    EXPECT_FALSE(could_become_store_request(message)) << message;
}

TEST(StoreRequest, ErrorRepliesAreShort) {
  for (const char* message : {"x", "put x y", "get 1 2"})
    EXPECT_LT(parse_store_request(message).problem.size(), 31u);
}

std::string_view without_end(std::string_view line) { return line.substr(0, line.size() - 1); }

TEST(StoreRecord, OwnFormIsReadBack) {
  for (const std::int64_t key :
       {std::int64_t{0}, std::int64_t{-7}, std::numeric_limits<std::int64_t>::min()}) {
    for (const std::string& value : {std::string("v"), std::string(" two  words \r")}) {
      const std::string line = format_store_put(key, value);
      const auto record = parse_store_record(StoreForm::own, without_end(line));
      EXPECT_EQ(record.kind, StoreRecord::Kind::put);
      EXPECT_EQ(record.key, key);
      EXPECT_EQ(record.value, value);
    }
    const std::string line = format_store_del(key);
    const auto record = parse_store_record(StoreForm::own, without_end(line));
    EXPECT_EQ(record.kind, StoreRecord::Kind::del);
    EXPECT_EQ(record.key, key);
  }
}

// A del on a full disk, in the place of the put.
TEST(StoreRecord, APutThatIsStruckOutIsADel) {
  std::string line = format_store_put(7, "seven");
  line.front() = kStrike;
  const auto record = parse_store_record(StoreForm::own, without_end(line));
  EXPECT_EQ(record.kind, StoreRecord::Kind::del);
  EXPECT_EQ(record.key, 7);
}

TEST(StoreRecord, AForeignLineIsAPair) {
  const auto parse = [](std::string_view line) {
    const auto record = parse_store_record(StoreForm::foreign, line);
    return record.kind == StoreRecord::Kind::none
               ? "none"
               : std::to_string(record.key) + "=" + std::string(record.value);
  };
  EXPECT_EQ(parse("5 five and more"), "5=five and more");
  EXPECT_EQ(parse("-007 x\r"), "-7=x");
  EXPECT_EQ(parse("5 "), "5=");
  EXPECT_EQ(parse("5"), "5=");
  EXPECT_EQ(parse(""), "none");
  EXPECT_EQ(parse("five 5"), "none");
  EXPECT_EQ(parse("put 5 x"), "none");
}

TEST(StoreRecord, AnOwnLineThatIsNothingIsNothing) {
  for (const char* line : {"", "# comment", "put", "put ", "put x y", "del", "del x", "del 1 2",
                           "5 five", "PUT 1 a", "#ut x y", "#put 1 a"})
    EXPECT_EQ(parse_store_record(StoreForm::own, line).kind, StoreRecord::Kind::none) << line;
}

}  // namespace
}  // namespace talk
