// The manual pages name every option that the programs have.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "talk_client/options.h"
#include "talk_server/board/options.h"
#include "talk_server/options.h"

namespace talk {
namespace {

// As a page has it: every hyphen that is to be a hyphen in a terminal is escaped.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '-' ? "\\-" : std::string(1, c);
  return result;
}

TEST(Manual, NamesEveryOption) {
  ServerOptions server;
  ClientOptions client;
  BoardOptions board;
  const std::pair<OptionTable, std::string> kTable[] = {
      {server_option_table(server), "talk_server/talk_server.1"},
      {client_option_table(client), "talk_client/talk_client.1"},
      {board_option_table(board), "talk_server/talk_desk.1"},
  };
  for (const auto& [table, path] : kTable) {
    std::stringstream page;
    page << std::ifstream(path).rdbuf();
    ASSERT_FALSE(page.str().empty()) << path << ": tests run in the top folder of the sources";
    for (const Option& option : all_options(table)) {
      EXPECT_NE(page.str().find(escaped("--" + option.name)), std::string::npos)
          << path << ": --" << option.name;
      if (option.letter == 0) continue;
      EXPECT_NE(page.str().find(escaped(std::string("-") + option.letter)), std::string::npos)
          << path << ": -" << option.letter;
    }
  }
}

}  // namespace
}  // namespace talk
