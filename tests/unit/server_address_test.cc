#include "talk_client/server_address.h"

#include <gtest/gtest.h>

#include "common/posix/error.h"

namespace talk {
namespace {

using Words = std::vector<std::string>;

std::string error_of(const Words& words) {
  try {
    return "none: " + read_server_address(words).place();
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(ServerAddress, IsWrittenInManyWays) {
  const std::vector<std::pair<Words, std::string>> kTable = {
      {{"desk", "1234"}, "desk port 1234"},
      {{"desk", "http"}, "desk port http"},
      {{"::1", "1234"}, "::1 port 1234"},
      {{"[::1]", "1234"}, "::1 port 1234"},
      {{"desk:1234"}, "desk port 1234"},
      {{"desk:http"}, "desk port http"},
      {{"10.0.0.7:1"}, "10.0.0.7 port 1"},
      {{"[::1]:65535"}, "::1 port 65535"},
      {{"[fe80::1%eth0]:1234"}, "fe80::1%eth0 port 1234"},
      {{"talk://desk:1234"}, "desk port 1234"},
      {{"TALK://desk:1234/"}, "desk port 1234"},
      {{"talk://[::1]:1234"}, "::1 port 1234"},
      {{"unix:/run/talk"}, "unix:/run/talk"},
      {{"unix:a:1"}, "unix:a:1"},
  };
  for (const auto& [words, place] : kTable) {
    EXPECT_EQ(read_server_address(words).place(), place);
    EXPECT_EQ(words.size() == 1, is_whole_address(words[0])) << words[0];
  }
}

TEST(ServerAddress, WhatIsWrongIsToldWithWhatWasUnderstood) {
  const std::vector<std::pair<Words, std::string>> kTable = {
      {{}, "HOST and PORT are missing ("},
      {{"desk"}, "PORT is missing (understood: HOST 'desk', PORT '')"},
      {{"desk:"}, "PORT is missing (understood: HOST 'desk', PORT '')"},
      {{"[::1]"}, "PORT is missing (understood: HOST '::1', PORT '')"},
      {{"1234"}, "HOST is missing: '1234' alone can only be PORT ("},
      {{":1234"}, "HOST must not be empty (understood: HOST '', PORT '1234')"},
      {{""}, "HOST must not be empty"},
      {{"", "1"}, "HOST must not be empty (understood: HOST '', PORT '1')"},
      {{"desk", ""}, "PORT is missing (understood: HOST 'desk', PORT '')"},
      {{"::1"}, "'::1': an IPv6 address stands in brackets"},
      {{"::1:1234"}, "'::1:1234': an IPv6 address stands in brackets"},
      {{"[::1"}, "'[::1' has a '[' without its ']'"},
      {{"[::1]1234"}, "'[::1]1234': only :PORT can follow"},
      {{"desk", "0"}, "PORT must be a number from 1 to 65535 or the name of a service (under"},
      {{"desk:65536"}, "PORT must be a number from 1 to 65535 or the name of a service (under"},
      {{"desk", "-1"}, "PORT must be a number from 1 to 65535 or the name of a service (under"},
      {{"desk", "12x"}, "PORT must be a number from 1 to 65535 or the name of a service (under"},
      {{"talk://"}, "'talk://' is not of the form talk://HOST:PORT"},
      {{"talk://a:1/room"}, "'talk://a:1/room' is not of the form talk://HOST:PORT"},
      {{"talk://me@a:1"}, "'talk://me@a:1' is not of the form talk://HOST:PORT"},
      {{"talk://desk"}, "PORT is missing (understood: HOST 'desk', PORT '')"},
      {{"unix:"}, "PATH must not be empty"},
      {{"desk:1", "2"}, "'desk:1' says HOST and PORT already, and what is '2'?"},
      {{"unix:/x", "2"}, "'unix:/x' says HOST and PORT already, and what is '2'?"},
      {{"a", "1", "c"}, "one HOST and one PORT are needed: 'a' and '1' could be them, and what"},
  };
  for (const auto& [words, error] : kTable)
    EXPECT_EQ(error_of(words).substr(0, error.size()), error);
}

TEST(ServerAddress, AWordOfAListIsNotTakenForOne) {
  for (const char* word : {"desk", "1234", "notes.txt", "::1", "a:b:c", ":1", "a:", "a:-", ""})
    EXPECT_FALSE(is_whole_address(word)) << word;
}

}  // namespace
}  // namespace talk
