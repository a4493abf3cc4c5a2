#include "server_handler/upload/accio_start.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace talk {
namespace {

const std::string kFirst = "confirm-accio\r\n";
const std::string kSecond = "confirm-accio-again\r\n";
const std::string kHeader = "Content-Disposition: attachment; filename=x\r\nX: y\r\n\r\n";

struct Outcome {
  std::string replies;
  std::string file;
  bool operator==(const Outcome&) const = default;
};

// The whole upload, received in these pieces and ended in order; nothing where it failed.
std::optional<Outcome> upload(const std::vector<std::string>& pieces) {
  AccioStart start;
  Outcome outcome;
  try {
    for (const std::string& piece : pieces) {
      if (start.done()) {
        outcome.file += piece;
        continue;
      }
      const AccioStart::Step step = start.receive(piece);
      outcome.replies += step.reply;
      outcome.file += step.file;
    }
    if (!start.done()) outcome.file += start.end();
  } catch (const BadStart&) {
    return std::nullopt;
  }
  return outcome;
}

struct Case {
  const char* name;
  std::string stream;
  std::optional<Outcome> outcome;
};

const std::vector<Case> kCases = {
    {"today's", kFirst + kSecond + "\r\nDATA", Outcome{"accio\r\n", "DATA"}},
    {"without the blank line", kFirst + kSecond + "DATA", Outcome{"accio\r\n", "DATA"}},
    {"an empty file", kFirst + kSecond + "\r\n", Outcome{"accio\r\n", ""}},
    {"an empty file, no blank line", kFirst + kSecond, Outcome{"accio\r\n", ""}},
    {"only one blank line is taken", kFirst + kSecond + "\r\n\r\nD", Outcome{"accio\r\n", "\r\nD"}},
    {"a carriage return is data", kFirst + kSecond + "\rD", Outcome{"accio\r\n", "\rD"}},
    {"a carriage return at the end", kFirst + kSecond + "\r", Outcome{"accio\r\n", "\r"}},
    {"something else there", kFirst + "DATA", std::nullopt},
    {"the first one again", kFirst + kFirst, std::nullopt},
    {"an end behind the first", kFirst, std::nullopt},
    {"an end inside the second", kFirst + "confirm-accio-ag", std::nullopt},
    {"nothing at all", "", Outcome{"", ""}},
    {"an older client", "DATA", Outcome{"", "DATA"}},
    {"nearly a confirmation", "confirm-accio\nDATA", Outcome{"", "confirm-accio\nDATA"}},
    {"a file that begins so", "confirm-acc", Outcome{"", "confirm-acc"}},
    {"2021's", kHeader + "DATA", Outcome{"", "DATA"}},
    {"2021's with line feeds", "Content-Disposition: x\n\nDA\r\n\r\nTA",
     Outcome{"", "DA\r\n\r\nTA"}},
    {"2021's, empty", kHeader, Outcome{"", ""}},
    {"2021's without its end", "Content-Disposition: x\r\nDATA", std::nullopt},
    {"a header at the limit", "Content-Disposition:" + std::string(8192 - 24, 'x') + "\r\n\r\nDATA",
     Outcome{"", "DATA"}},
    {"a header over it", "Content-Disposition:" + std::string(8192 - 23, 'x') + "\r\n\r\nDATA",
     std::nullopt},
    {"a header without end", "Content-Disposition:" + std::string(9000, 'x'), std::nullopt},
};

TEST(AccioStart, TellsTheGenerationsApart) {
  for (const Case& c : kCases) EXPECT_EQ(upload({c.stream}), c.outcome) << c.name;
}

TEST(AccioStart, InAnyPieces) {
  for (const Case& c : kCases) {
    if (c.stream.size() > 200) continue;
    for (std::size_t a = 0; a <= c.stream.size(); ++a) {
      for (std::size_t b = a; b <= c.stream.size(); ++b) {
        std::vector<std::string> pieces;
        for (const std::string& piece :
             {c.stream.substr(0, a), c.stream.substr(a, b - a), c.stream.substr(b)})
          if (!piece.empty()) pieces.push_back(piece);
        ASSERT_EQ(upload(pieces), c.outcome) << c.name << " " << a << " " << b;
      }
    }
  }
}

TEST(AccioStart, TheSecondAccioComesWithTheFirstConfirmation) {
  AccioStart start;
  EXPECT_EQ(start.receive("confirm-accio\r").reply, "");
  EXPECT_EQ(start.receive("\n").reply, "accio\r\n");
  EXPECT_EQ(start.receive(kSecond).reply, "");
}

}  // namespace
}  // namespace talk
