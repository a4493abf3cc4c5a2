// How what was said and what happened is written, on every screen, pipe and transcript: nothing
// that a peer chooses can pass for what the program says.
#include "common/screen/entry.h"

#include <gtest/gtest.h>

#include "common/text/display.h"
#include "common/text/width.h"

namespace talk {
namespace {

using Kind = Entry::Kind;

TEST(Entry, IsWrittenInOneWay) {
  const struct {
    Entry entry;
    const char* line;
    const char* on_stderr;
  } cases[] = {
      {{Kind::theirs, "alice", "hello", {}}, "<alice> hello", "<alice> hello"},
      {{Kind::mine, "bob", "hi", {}}, "<bob> hi", "<bob> hi"},
      {{Kind::peer_notice, "alice", "away", {}},
       "-- notice from <alice>: \"away\"",
       "-- notice from <alice>: \"away\""},
      {{Kind::info, "", "alice has come in", {}}, "-- alice has come in", "-- alice has come in"},
      {{Kind::error, "", "no such file", {}}, "-!- no such file", "ERROR: no such file"},
  };
  for (const auto& each : cases) {
    EXPECT_EQ(entry_line(each.entry), each.line);
    EXPECT_EQ(stderr_line(each.entry), each.on_stderr);
  }
}

// On a pipe a name was once shown as long as it came and with its own brackets: one that held
// `> notice: ` and many blanks wrote a line that looked like the program's.
const std::string kForged[] = {
    "x> notice: hi\n-- ERROR: the connection was lost",
    "x>: -- ERROR: forged",
    "-- ERROR: forged",
    "ERROR: forged",
    "\r-- ERROR: forged",
    "\n-- ERROR: forged",
    "\x1b[1G-- ERROR: forged",
    "\xe2\x80\xae:RORRE --",
    "\xe2\x80\xa8-- ERROR: forged",
    std::string(200, ' ') + "09:30 -- ERROR: forged",
    std::string(79, 'x') + "09:30 -- ERROR: forged",
    "",
};

std::vector<Entry> forged_entries() {
  std::vector<Entry> entries;
  for (const std::string& forged : kForged)
    for (const Kind kind : {Kind::theirs, Kind::peer_notice}) {
      entries.push_back({kind, forged, "hello", {}});
      entries.push_back({kind, "alice", forged, {}});
    }
  return entries;
}

TEST(Entry, NoNameAndNoTextCanPassForTheProgram) {
  for (const Entry& entry : forged_entries()) {
    const Mark mark = entry_mark(entry);
    EXPECT_EQ(mark.before, entry.kind == Kind::theirs ? "<" : "-- notice from <");
    EXPECT_EQ(mark.behind, entry.kind == Kind::theirs ? "> " : ">: ");
    EXPECT_EQ(mark.name.find_first_of("<>"), std::string::npos) << mark.name;
    EXPECT_LE(text_width(mark.name), kNameColumns) << mark.name;
    for (const std::string& line : {entry_line(entry), stderr_line(entry)}) {
      EXPECT_TRUE(line.starts_with(mark.text())) << line;
      for (const char c : line) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20) << line;
    }
  }
}

// In a window so narrow that a name does not fit, the terminal broke it, and its end began a row.
TEST(Entry, NoRowBeginsWithWhatAPeerChose) {
  for (const Entry& entry : forged_entries())
    for (int columns = 2; columns < 120; ++columns) {
      const std::vector<std::string> rows = entry_rows(entry, columns);
      const std::string prefix = time_prefix(entry) + entry_mark(entry).text();
      EXPECT_TRUE(rows[0].starts_with(fit_width(prefix, columns))) << rows[0];
      for (const std::string& row : rows) {
        EXPECT_LE(text_width(row), columns) << row;
        EXPECT_EQ(row.starts_with(' '), &row != &rows[0]) << row;
      }
    }
}

}  // namespace
}  // namespace talk
