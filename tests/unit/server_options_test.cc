#include "talk_server/confinement.h"
#include "talk_server/options.h"

#include <gtest/gtest.h>

#include "common/posix/error.h"

namespace talk {
namespace {

ServerOptions parse(const std::vector<std::string>& words) { return parse_server_options(words); }

TEST(ServerOptions, DefaultsAreThePromisedOnes) {
  const ServerOptions options = parse({"1234"});
  EXPECT_FALSE(options.answer);
  EXPECT_EQ(options.port, 1234);
  EXPECT_EQ(options.directory, ".");
  EXPECT_EQ(options.handler, "talk");
  EXPECT_EQ(options.terminal, "auto");
  EXPECT_EQ(options.bind, "");
  EXPECT_EQ(options.max_sessions, std::nullopt);
  EXPECT_EQ(options.max_per_host, 0u);
  EXPECT_EQ(options.max_file_size, 0u);
  EXPECT_EQ(options.screen, "");
  EXPECT_EQ(options.linger, seconds(60));
  EXPECT_EQ(options.idle, std::nullopt);
}

TEST(ServerOptions, EveryOptionArrives) {
  const ServerOptions options = parse({"--handler",
                                       "echo",
                                       "--terminal",
                                       "urxvt -e",
                                       "--bind",
                                       "::1",
                                       "--name",
                                       "prof",
                                       "--max-sessions",
                                       "7",
                                       "--max-per-host",
                                       "3",
                                       "--share",
                                       "/pub",
                                       "--max-file-size",
                                       "500M",
                                       "--transcripts",
                                       "/log",
                                       "--plain",
                                       "--board",
                                       "--linger",
                                       "0",
                                       "0",
                                       "/files"});
  EXPECT_EQ(options.handler, "echo");
  EXPECT_EQ(options.terminal, "urxvt -e");
  EXPECT_EQ(options.bind, "::1");
  EXPECT_EQ(options.name, "prof");
  EXPECT_EQ(options.max_sessions, 7u);
  EXPECT_EQ(options.max_per_host, 3u);
  EXPECT_EQ(options.share, "/pub");
  EXPECT_EQ(options.max_file_size, std::uint64_t{500} << 20);
  EXPECT_EQ(options.transcripts, "/log");
  EXPECT_EQ(options.screen, "plain");
  EXPECT_EQ(options.linger, seconds(0));
  EXPECT_TRUE(options.board);
  EXPECT_EQ(options.port, 0);
  EXPECT_EQ(options.directory, "/files");
}

TEST(ServerOptions, ShortFormsAndTheirPlaces) {
  const ServerOptions options = parse({"1", "-Hfetch", "-t", "none", "-b::1", "-nx", "-m9", "d"});
  EXPECT_EQ(options.handler, "fetch");
  EXPECT_EQ(options.terminal, "none");
  EXPECT_EQ(options.bind, "::1");
  EXPECT_EQ(options.name, "x");
  EXPECT_EQ(options.max_sessions, 9u);
  EXPECT_EQ(options.directory, "d");
  EXPECT_EQ(parse({"--", "1", "-d"}).directory, "-d");
  EXPECT_EQ(parse({"--split", "1"}).screen, "split");
  EXPECT_EQ(parse({"--idle", "0", "1"}).idle, seconds(0));
  EXPECT_TRUE(parse({"--help"})
                  .answer->starts_with("Usage: talk_server [OPTION]... PORT|unix:PATH [DIR]\n"));
  EXPECT_TRUE(parse({"-V", "rubbish"}).answer->starts_with("talk_server "));
}

TEST(ServerOptions, WrongUseIsRefused) {
  const std::vector<std::vector<std::string>> kWrong = {
      {},
      {"abc"},
      {"-1"},
      {"--", "-1"},
      {"+1"},
      {" 1"},
      {"65536"},
      {"12x"},
      {"0x10"},
      {"1.0"},
      {""},
      {"99999999999999999999"},
      {"1", ""},
      {"1", "a", "b"},
      {"--unknown", "1"},
      {"-x", "1"},
      {"1", "--bind"},
      {"--bind=", "1"},
      {"--handler=", "1"},
      {"--terminal=", "1"},
      {"--max-sessions=0", "1"},
      {"--max-sessions=-1", "1"},
      {"--max-sessions=many", "1"},
      {"--max-per-host=0", "1"},
      {"--linger=-1", "1"},
      {"--linger=1s", "1"},
      {"--idle=-1", "1"},
      {"--max-file-size=", "1"},
      {"--max-file-size=M", "1"},
      {"--max-file-size=5T", "1"},
      {"--max-file-size=1.5G", "1"},
      {"--max-file-size=99999999999G", "1"},
  };
  for (const auto& words : kWrong) {
    std::string shown;
    for (const std::string& word : words) shown += "'" + word + "' ";
    EXPECT_THROW(parse(words), UsageError) << shown;
  }
}

TEST(ServerOptions, WhoMayCome) {
  const ServerOptions options = parse({"--allow", "10.0.0.0/8", "--allow=::1", "unix:/run/t", "d"});
  ASSERT_EQ(options.allow.size(), 2u);
  EXPECT_TRUE(options.allow[0].holds("10.1.2.3"));
  EXPECT_EQ(options.socket_path, "/run/t");
  EXPECT_EQ(options.directory, "d");
  EXPECT_TRUE(parse({"--proxy-protocol", "--allow=10.0.0.1", "1"}).proxy_protocol);
  for (const auto& wrong : std::vector<std::vector<std::string>>{
           {"--allow=desk", "1"},
           {"unix:"},
           {"--bind=::1", "unix:/x"},
           {"--proxy-protocol", "1"},
           {"--proxy-protocol", "--allow=::1", "--handler=./mine", "1"}})
    EXPECT_THROW(parse(wrong), UsageError) << testing::PrintToString(wrong);
}

TEST(ServerOptions, SizesCountInPowersOf1024) {
  EXPECT_EQ(parse_size("x", "1"), 1u);
  EXPECT_EQ(parse_size("x", "2K"), 2048u);
  EXPECT_EQ(parse_size("x", "500M"), std::uint64_t{500} * 1024 * 1024);
  EXPECT_EQ(parse_size("x", "2G"), std::uint64_t{2} << 30);
}

// Started without DIR, a server serves the directory that it was started in.
TEST(ServerConfinement, KnowsADirectoryThatHoldsAHome) {
  struct Case {
    const char* directory;
    const char* home;
    bool holds;
  };
  for (const auto& [directory, home, holds] :
       {Case{"/home/ann", "/home/ann", true}, Case{"/home", "/home/ann", true},
        Case{"/", "/home/ann", true}, Case{"/home/ann/talk", "/home/ann", false},
        Case{"/home/an", "/home/ann", false}, Case{"/home/ann2", "/home/ann", false},
        Case{"/", "/", false}, Case{"/", "", false}, Case{"/srv", "/", false}})
    EXPECT_EQ(holds_home(directory, home), holds) << directory << " and " << home;
}

}  // namespace
}  // namespace talk
