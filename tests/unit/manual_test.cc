// The manual pages name every option that the programs have.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/posix/program.h"
#include "talk_client/clinic/options.h"
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

std::string read_page(const std::string& path) {
  std::stringstream page;
  page << std::ifstream(path).rdbuf();
  EXPECT_FALSE(page.str().empty()) << path << ": tests run in the top folder of the sources";
  return page.str();
}

TEST(Manual, EveryPageIsOfThisVersion) {
  int pages = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(".")) {
    const std::string end = entry.path().extension();
    if ((end != ".1" && end != ".7") || entry.path().string().starts_with("./build/")) continue;
    ++pages;
    EXPECT_NE(read_page(entry.path()).find("\"Talk " + std::string(kVersion) + "\""),
              std::string::npos)
        << entry.path();
  }
  EXPECT_GE(pages, 5);
}

TEST(Manual, NamesEveryOption) {
  ServerOptions server;
  ClientOptions client;
  BoardOptions board;
  clinic::ClinicOptions examination;
  const std::pair<OptionTable, std::string> kTable[] = {
      {server_option_table(server), "talk_server/talk_server.1"},
      {client_option_table(client), "talk_client/talk_client.1"},
      {board_option_table(board), "talk_server/talk_desk.1"},
      {clinic::clinic_option_table(examination), "talk_client/clinic/talk_clinic.1"},
  };
  for (const auto& [table, path] : kTable) {
    const std::string page = read_page(path);
    for (const Option& option : all_options(table)) {
      EXPECT_NE(page.find(escaped("--" + option.name)), std::string::npos)
          << path << ": --" << option.name;
      if (option.letter == 0) continue;
      EXPECT_NE(page.find(escaped(std::string("-") + option.letter)), std::string::npos)
          << path << ": -" << option.letter;
    }
  }
}

}  // namespace
}  // namespace talk
