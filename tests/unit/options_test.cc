#include "common/text/options.h"

#include <gtest/gtest.h>

#include "common/posix/error.h"
#include "talk_client/options.h"
#include "talk_server/options.h"

namespace talk {
namespace {

using Words = std::vector<std::string>;

// Everything that was read, in its order.
struct Read {
  std::string settings;
  Words words;
};

Read read(const Words& arguments) {
  Read read;
  const auto note = [&](const std::string& name) {
    return [&read, name](const std::string& value) { read.settings += name + "=" + value + ";"; };
  };
  const OptionTable table = {"program",
                             "[OPTION]... A B",
                             "Does things.",
                             {{"size", 's', "N", "how large", note("size")},
                              {"max-one", 0, "N", "most of one", note("max-one")},
                              {"max-two", 0, "N", "most of two", note("max-two")},
                              {"all", 'a', "", "all of it", note("all")},
                              {"bare", 'b', "", "no more than that", note("bare")},
                              {"send", 0, "PATH", "files", note("send"), true},
                              {"get", 0, "NAME", "names", note("get"), true}},
                             "",
                             [](const std::string&) { return std::size_t{2}; }};
  const CommandLine line = read_command_line(table, arguments);
  if (line.answer) read.settings += "answer:" + line.answer->substr(0, line.answer->find(' '));
  read.words = line.words;
  return read;
}

TEST(Options, AreReadAsGetoptLongReadsThem) {
  const struct {
    Words arguments;
    std::string settings;
    Words words;
  } kTable[] = {
      {{}, "", {}},
      {{"x", "y"}, "", {"x", "y"}},
      {{"--size=3", "x"}, "size=3;", {"x"}},
      {{"--size", "3", "x"}, "size=3;", {"x"}},
      {{"--size="}, "size=;", {}},
      {{"--size", "--all"}, "size=--all;", {}},
      {{"-s3", "-s", "4"}, "size=3;size=4;", {}},
      {{"-abs3", "x"}, "all=;bare=;size=3;", {"x"}},
      {{"x", "--all", "y"}, "all=;", {"x", "y"}},
      {{"--si", "3", "--al", "--max-o=1"}, "size=3;all=;max-one=1;", {}},
      {{"--", "--all", "-s"}, "", {"--all", "-s"}},
      {{"-", "--", "--"}, "", {"-", "--"}},
      {{"--help", "--nonsense"}, "answer:Usage:", {}},
      {{"-a", "-h"}, "all=;answer:Usage:", {}},
      {{"--version"}, "answer:program", {}},
      {{"-V"}, "answer:program", {}},
  };
  for (const auto& row : kTable) {
    const Read got = read(row.arguments);
    EXPECT_EQ(got.settings, row.settings) << testing::PrintToString(row.arguments);
    EXPECT_EQ(got.words, row.words) << testing::PrintToString(row.arguments);
  }
}

TEST(Options, AListTakesEveryWordUpToTheNextOption) {
  const struct {
    Words arguments;
    std::string settings;
    Words words;
  } kTable[] = {
      {{"--send", "p", "q", "h", "1"}, "send=p;send=q;", {"h", "1"}},
      {{"--send", "p", "h", "1", "--all"}, "all=;send=p;", {"h", "1"}},
      {{"--send", "p", "--all", "h", "1"}, "all=;send=p;", {"h", "1"}},
      {{"--send=p", "q", "h", "1"}, "send=p;send=q;", {"h", "1"}},
      {{"h", "1", "--send", "p", "q"}, "send=p;send=q;", {"h", "1"}},
      {{"--send", "p", "--", "h", "1"}, "send=p;", {"h", "1"}},
      {{"--send", "p", "--get", "g", "h", "1"}, "send=p;get=g;", {"h", "1"}},
      {{"--send", "p", "--send", "-", "h", "1"}, "send=p;send=-;", {"h", "1"}},
  };
  for (const auto& row : kTable) {
    const Read got = read(row.arguments);
    EXPECT_EQ(got.settings, row.settings) << testing::PrintToString(row.arguments);
    EXPECT_EQ(got.words, row.words) << testing::PrintToString(row.arguments);
  }
}

TEST(Options, WrongUseIsNamed) {
  const std::pair<Words, std::string> kTable[] = {
      {{"--nonsense"}, "unknown option '--nonsense'"},
      {{"-ax"}, "unknown option '-x'"},
      {{"--max=1"}, "option '--max' could be '--max-one' or '--max-two'"},
      {{"--all=1"}, "option '--all' takes no value"},
      {{"--siz"}, "option '--size' needs a value"},
      {{"-s"}, "option '-s' needs a value"},
      {{"--send"}, "option '--send' needs a value"},
      {{"--send", "h", "1"}, "option '--send' needs a value"},
      {{"h", "1", "--send", "--all"}, "option '--send' needs a value"},
  };
  for (const auto& [arguments, error] : kTable) {
    try {
      read(arguments);
      ADD_FAILURE() << error;
    } catch (const UsageError& thrown) {
      EXPECT_EQ(thrown.what(), error);
    }
  }
}

TEST(Options, HelpIsMadeFromTheSameRows) {
  ServerOptions server;
  ClientOptions client;
  for (const OptionTable& table : {server_option_table(server), client_option_table(client)}) {
    const std::string help = help_text(table);
    for (const Option& option : all_options(table)) {
      std::string row = option.letter != 0 ? std::string("-") + option.letter + ", " : "    ";
      row += "--" + option.name + (option.value.empty() ? "" : " " + option.value);
      EXPECT_NE(help.find("\n  " + row), std::string::npos) << row << "\n" << help;
    }
    for (std::size_t at = 0; at < help.size(); at = help.find('\n', at) + 1)
      EXPECT_LE(help.find('\n', at) - at, 80u) << help.substr(at);
  }
}

TEST(ClientOptions, AnAddressInOneWordIsTheLastOne) {
  for (const std::string one : {"desk:1234", "talk://desk:1234", "talk://desk:1234/"}) {
    for (const Words& words : {Words{"--send", "a", "b", one}, Words{one, "--send", "a", "b"},
                               Words{"--send", "a", "b", "--", one}}) {
      const ClientOptions options = parse_client_options(words);
      EXPECT_EQ(options.send, (Words{"a", "b"})) << one;
      EXPECT_EQ(options.server.place(), "desk port 1234") << one;
    }
  }
  EXPECT_EQ(parse_client_options({"--get", "x", "unix:/run/t"}).server.path, "/run/t");
  EXPECT_EQ(parse_client_options({"--send", "a:1", "desk", "http"}).server.port, "http");
}

TEST(ClientOptions, HostAndPortAreTheLastTwoWords) {
  const ClientOptions options =
      parse_client_options({"--send", "a", "b", "-d", "here", "--get=c", "desk", "1234"});
  EXPECT_EQ(options.send, (Words{"a", "b"}));
  EXPECT_EQ(options.get, Words{"c"});
  EXPECT_EQ(options.directory, "here");
  EXPECT_EQ(options.server.host + ":" + options.server.port, "desk:1234");
  EXPECT_TRUE(options.batch());
  EXPECT_EQ(parse_client_options({"desk", "1234", "-n", "alice"}).name, "alice");
  EXPECT_EQ(parse_client_options({"--send", "a", "desk", "1", "--retry", "0"}).retry, seconds(0));
  EXPECT_TRUE(parse_client_options({"-V"}).answer->starts_with("talk_client "));
  for (const Words& wrong : std::vector<Words>{{"desk"},
                                               {"desk", "0"},
                                               {"desk", "65536"},
                                               {"--send", "a", "1"},
                                               {"--timeout", "0", "desk", "1"},
                                               {"--retry=-1", "desk", "1"},
                                               {"--via", "nc %h %p", "--", "-evil", "1"},
                                               {"x", "desk", "1"}})
    EXPECT_THROW(parse_client_options(wrong), UsageError) << testing::PrintToString(wrong);
}

}  // namespace
}  // namespace talk
