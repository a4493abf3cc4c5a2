#include "talk_server/board/page.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "common/text/width.h"
#include "talk_server/board/json.h"
#include "talk_server/board/table.h"

namespace talk {
namespace {

SessionRow row(std::uint64_t number, const std::string& name) {
  SessionRow row;
  row.number = number;
  row.report = SessionReport{};
  row.report->number = number;
  row.report->pid = 8402;
  row.report->name = name;
  row.report->address = "10.0.0.7";
  return row;
}

BoardView view_of(std::vector<SessionRow> rows) {
  BoardView view;
  view.server = "1234";
  view.now = std::chrono::sys_seconds(seconds(7200));
  view.listener = ListenerReport{8400, 0, 64, std::chrono::sys_seconds(seconds(0))};
  view.sessions = std::move(rows);
  return view;
}

std::vector<std::string> texts(const Page& page) {
  std::vector<std::string> lines;
  for (const Row& row : page.rows) {
    std::string line;
    for (const Piece& piece : row) line += piece.text;
    line.erase(line.find_last_not_of(' ') + 1);
    lines.push_back(line);
  }
  return lines;
}

TEST(BoardTable, EachStateHasItsWord) {
  SessionRow some = row(3, "alice");
  EXPECT_EQ(word_of(state_of(some)), "here");
  some.report->idle = seconds(299);
  EXPECT_EQ(word_of(state_of(some)), "here");
  some.report->idle = seconds(300);
  EXPECT_EQ(word_of(state_of(some)), "away");
  some.report->silent = seconds(12);
  EXPECT_EQ(word_of(state_of(some)), "silent");
  some.report->link = TalkLink::lost;
  EXPECT_EQ(word_of(state_of(some)), "lost");
  some.report->link = TalkLink::left;
  EXPECT_EQ(word_of(state_of(some)), "left");
  some.frozen = true;
  EXPECT_EQ(word_of(state_of(some)), "frozen");
  EXPECT_EQ(word_of(state_of(SessionRow{})), "frozen");
}

TEST(BoardTable, DurationsAreShort) {
  const std::pair<long, const char*> cases[] = {{0, "0 s"},       {59, "59 s"},  {60, "1 min"},
                                                {3599, "59 min"}, {3600, "1 h"}, {172'799, "47 h"},
                                                {172'800, "2 d"}};
  for (const auto& [time, text] : cases) EXPECT_EQ(short_duration(seconds(time)), text);
}

TEST(BoardTable, ShowsWhatIsKnownOfEach) {
  std::vector<SessionRow> rows = {row(3, "alice"), row(12, ""), SessionRow{}};
  rows[0].report->unread = 2;
  rows[0].report->idle = seconds(7);
  rows[0].report->transfers = {{"notes.pdf", false, 45, 100}, {"x", true, 1, 2}};
  rows[1].report->silent = seconds(12);
  rows[2].number = 40;
  const Table table = lay_out_table(rows, 83, false);
  EXPECT_EQ(table.header, " N  NAME      ADDRESS   STATE        UNREAD  IDLE  FILES");
  EXPECT_EQ(table.lines[0],
            " 3  alice     10.0.0.7  here             *2   7 s  < notes.pdf 45 % [####      ] +1");
  EXPECT_EQ(table.lines[1], "12  10.0.0.7  10.0.0.7  silent 12 s           0 s");
  EXPECT_EQ(table.lines[2], "40  -                   frozen");
}

// How far a file is, as the split screen has it: what there is no room for goes from the end.
TEST(BoardTable, ProgressIsAsWideAsTheRoom) {
  std::vector<SessionRow> rows = {row(3, "alice")};
  rows[0].report->transfers = {{"notes.pdf", false, 45 << 20, 100 << 20, 5 << 20}};
  const auto progress = [&](int columns) {
    const std::string line = lay_out_table(rows, columns, true).lines[0];
    return line.substr(line.find('<'));
  };
  EXPECT_EQ(progress(66), "< notes.pdf 45 % ███▌░░░░");
  EXPECT_EQ(progress(82), "< notes.pdf 45 % ███▌░░░░ 45.0 of 100 MiB");
  EXPECT_EQ(progress(93), "< notes.pdf 45 % ███▌░░░░ 45.0 of 100 MiB, 5.0 MiB/s");
  EXPECT_EQ(progress(104), "< notes.pdf 45 % ███▌░░░░ 45.0 of 100 MiB, 5.0 MiB/s, 0:11 left");
  rows[0].report->transfers[0].rate = 0;
  EXPECT_EQ(progress(90), "< notes.pdf 45 % ███████▏░░░░░░░░ 45.0 of 100 MiB");
}

// On a small terminal the address goes first, what is unread stays.
TEST(BoardTable, WhatMattersLessIsLeftOutFirst) {
  std::vector<SessionRow> rows = {row(3, "alice-with-a-long-name")};
  rows[0].report->unread = 12;
  EXPECT_EQ(lay_out_table(rows, 50, false).lines[0],
            "3  alice-with-a-lo~  10.0.0.7  here      *12   0 s");
  EXPECT_EQ(lay_out_table(rows, 48, true).lines[0], "3  alice-with-a-lo…  here      *12   0 s");
  EXPECT_EQ(lay_out_table(rows, 38, false).lines[0], "3  alice-with-a-~  here      *12   0 s");
  EXPECT_EQ(lay_out_table(rows, 22, false).lines[0], "3  alice-w~  here  *12");
}

// On 40 columns there was no bar, and what was offered was nowhere.
TEST(BoardTable, FilesAreSeenOnASmallTerminalToo) {
  std::vector<SessionRow> rows = {row(3, "alice-with-a-long-name")};
  rows[0].report->unread = 2;
  rows[0].report->transfers = {{"notes.pdf", true, 45, 100}};
  EXPECT_EQ(lay_out_table(rows, 38, false).lines[0], "3  alice-w~  here  *2  > 45 % [##    ]");
  rows[0].report->transfers.clear();
  rows[0].report->offers = {{"photo.jpg", 2'600'000}, {"b", 1}};
  EXPECT_EQ(lay_out_table(rows, 38, false).lines[0], "3  alice-w~  here  *2  > offered");
  EXPECT_EQ(lay_out_table(rows, 83, false).lines[0],
            "3  alice-with-a-long-name  10.0.0.7  here       *2   0 s  > photo.jpg offered +1");
}

TEST(BoardTable, NoLineIsWiderThanItsRoom) {
  std::vector<SessionRow> rows = {row(1, std::string(200, 'n')), row(1'000'000, "木村木村木村木村"),
                                  row(3, "\x1b[2J\xff\u202e")};
  rows[0].report->address = "fe80::1234:5678:9abc:def0%enp0s31f6";
  rows[0].report->transfers = {{std::string(300, 'f'), true, 7, 0}};
  rows[1].report->transfers.assign(30, {"木村木村木村木村木村木村", false, 1, 3});
  for (int columns = 1; columns < 250; ++columns) {
    const Table table = lay_out_table(rows, columns, columns % 2 == 0);
    EXPECT_LE(text_width(table.header), columns);
    for (const std::string& line : table.lines) {
      EXPECT_LE(text_width(line), columns) << line;
      EXPECT_EQ(line.find('\x1b'), std::string::npos);
    }
  }
}

TEST(BoardPage, IsATitleARowASessionAndTheKeys) {
  BoardView view = view_of({row(3, "alice"), row(4, "bob")});
  view.listener->waiting = 3;
  view.sessions[1].report->unread = 5;
  view.selected = 1;
  const Page page = compose_board(view, {80, 8});
  EXPECT_EQ(texts(page),
            (std::vector<std::string>{" desk 1234 | 3 waiting | 2 sessions | 64 at most | up 2 h",
                                      "  N  NAME   ADDRESS   STATE  UNREAD  IDLE",
                                      "  3  alice  10.0.0.7  here            0 s",
                                      "> 4  bob    10.0.0.7  here       *5   0 s", "", "", "",
                                      "Enter raise  s say  a say to all  c close  q leave"}));
  EXPECT_EQ(page.cursor_row, 3);
  EXPECT_EQ(page.title, "(5) desk 1234");
}

TEST(BoardPage, WithNobodyAndWithoutAServerItSaysSo) {
  BoardView view = view_of({});
  EXPECT_EQ(texts(compose_board(view, {80, 6}))[1], "  nobody is here");
  view.listener.reset();
  EXPECT_EQ(texts(compose_board(view, {80, 6}))[0],
            " desk 1234 | the server does not answer | 0 sessions");
}

TEST(BoardPage, ManySessionsAreShownAroundTheSelectedOne) {
  std::vector<SessionRow> rows;
  for (std::uint64_t n = 1; n <= 64; ++n) rows.push_back(row(n, "v" + std::to_string(n)));
  BoardView view = view_of(rows);
  for (view.selected = 0; view.selected < 64; ++view.selected) {
    const std::vector<std::string> lines = texts(compose_board(view, {40, 10}));
    ASSERT_EQ(lines.size(), 10u);
    const std::string number = std::to_string(view.selected + 1);
    const auto marked = std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.starts_with("> ") && line.find("v" + number + " ") != std::string::npos;
    });
    EXPECT_EQ(marked, 1) << number;
  }
  view.selected = 30;
  EXPECT_EQ(texts(compose_board(view, {40, 10}))[8], "  28 more above, 31 more below");
}

TEST(BoardPage, APromptNamesWhomItConcernsAndShowsTheEndOfALongLine) {
  BoardView view = view_of({row(3, "alice")});
  view.prompt = BoardPrompt{"say to 3 alice: ", "words", 5};
  Page page = compose_board(view, {80, 6});
  EXPECT_EQ(texts(page).back(), "say to 3 alice: words");
  EXPECT_EQ(page.cursor_row, 5);
  EXPECT_EQ(page.cursor_column, 21);
  view.prompt->text = std::string(100, 'x') + "end";
  view.prompt->cursor = view.prompt->text.size();
  page = compose_board(view, {40, 6});
  EXPECT_TRUE(texts(page).back().ends_with("xend"));
  EXPECT_LT(page.cursor_column, 40);
}

// What the table of a small terminal has cut off.
TEST(BoardPage, TellsMoreOfTheSelectedSession) {
  BoardView view = view_of({row(3, "alice-with-a-long-name"), row(4, "")});
  const auto details = [&](int columns) { return texts(compose_board(view, {columns, 10}))[7]; };
  EXPECT_EQ(details(40), "alice-with-a-long-name from 10.0.0.7");
  view.sessions[0].report->transfers = {{"notes.pdf", false, 45 << 20, 100 << 20, 5 << 20}};
  EXPECT_EQ(details(40), "< notes.pdf: 5.0 MiB/s, 0:11 left, 45.0~");
  EXPECT_EQ(
      details(100),
      "< notes.pdf: 5.0 MiB/s, 0:11 left, 45.0 of 100 MiB | alice-with-a-long-name from 10.0.0.7");
  view.sessions[0].report->transfers.clear();
  view.sessions[0].report->offers = {{"photo.jpg", 2'600'000}};
  EXPECT_EQ(details(40), "> photo.jpg: offered, 2.5 MiB");
  view.selected = 1;
  EXPECT_EQ(details(40), "no name, from 10.0.0.7");
}

TEST(BoardPage, HasAsManyRowsAsTheTerminalWhateverItsSize) {
  const BoardView full = view_of({row(1, "a"), row(2, "b"), row(3, "c")});
  for (const BoardView& view : {full, view_of({})})
    for (int rows = 1; rows < 30; ++rows)
      for (const int columns : {1, 2, 10, 80})
        EXPECT_EQ(compose_board(view, {columns, rows}).rows.size(), static_cast<std::size_t>(rows));
}

TEST(BoardJson, IsOneObjectAsPromised) {
  std::vector<SessionRow> rows = {row(3, "al\"ice\\"), SessionRow{}};
  rows[0].process = 8402;
  rows[0].report->transfers = {{"a\nb", true, 10, 20}};
  rows[1].number = 4;
  rows[1].process = 8403;
  EXPECT_EQ(
      list_json("1234", ListenerReport{1, 2, 64, {}}, rows),
      R"({"port": 1234, "waiting": 2, "sessions": [)"
      R"({"session": 3, "name": "al\"ice\\", "address": "10.0.0.7", "pid": 8402, "state": "here", )"
      R"("unread": 0, "idle": 0, "since": "1970-01-01T00:00:00Z", )"
      R"("transfers": [{"name": "a\u000ab", "outgoing": true, "done": 10, "total": 20}]}, )"
      R"({"session": 4, "name": null, "address": null, "pid": 8403, "state": "frozen", )"
      R"("unread": null, "idle": null, "since": null, "transfers": []}]})"
      "\n");
  EXPECT_EQ(list_json("some-name", std::nullopt, {}),
            "{\"port\": \"some-name\", \"waiting\": null, \"sessions\": []}\n");
}

TEST(BoardJson, StringsAreAsciiWhateverVisitorsChose) {
  EXPECT_EQ(json_string("é\x1b[2J\u202e😀\xff"), R"("\u00e9\u001b[2J\u202e\ud83d\ude00\ufffd")");
}

}  // namespace
}  // namespace talk
