// Keys from bytes, and a line from keys.
#include <gtest/gtest.h>

#include "common/text/keys.h"
#include "common/text/line_editor.h"

namespace talk {
namespace {

std::string describe(const std::vector<Key>& keys) {
  static const char* const kNames[] = {
      "text",       "paste",     "control",   "meta",       "enter",      "tab",    "backspace",
      "del",        "left",      "right",     "up",         "down",       "home",   "end",
      "page_up",    "page_down", "word_left", "word_right", "word_erase", "escape", "wheel_up",
      "wheel_down", "focus_in",  "focus_out", "other"};
  std::string text;
  for (const Key& key : keys) {
    text += kNames[static_cast<int>(key.code)];
    if (!key.text.empty()) text += "(" + key.text + ")";
    if (key.letter != 0) text += std::string("-") + key.letter;
    text += " ";
  }
  return text;
}

struct KeyCase {
  std::string bytes;
  std::string keys;
};

const KeyCase kKeyCases[] = {
    {"ab", "text(ab) "},
    {"\xc3\xa4", "text(ä) "},
    {"\r", "enter "},
    {"\x01", "control-A "},
    {"\x1f", "control-_ "},
    {"\x7f", "backspace "},
    {"\x08", "backspace "},
    {"\t", "tab "},
    {"\x1b[A", "up "},
    {"\x1bOA", "up "},
    {"\x1b[1;5D", "word_left "},
    {"\x1b[1;5C", "word_right "},
    {"\x1b[3~", "del "},
    {"\x1b[5~", "page_up "},
    {"\x1b[1~", "home "},
    {"\x1b[H", "home "},
    {"\x1b[F", "end "},
    {"\x1b"
     "b",
     "meta-b "},
    {"\x1b\x7f", "word_erase "},
    {"\x1b[I", "focus_in "},
    {"\x1b[<64;10;5M", "wheel_up "},
    {"\x1b[<0;10;5M", "other "},
    {"\x1b[999;999z", "other "},
    {"\x1b[M !!x", "other text(x) "},
    {"\x1b[200~one\ntwo\x1b[201~x", "paste(one\ntwo) text(x) "},
    {"\x1b[200~\x1b[31m\x1b[201~", "paste(\x1b[31m) "},
};

TEST(KeyReader, KnowsTheKeys) {
  for (const KeyCase& c : kKeyCases) {
    KeyReader reader(1000);
    EXPECT_EQ(describe(reader.read(c.bytes)), c.keys) << ::testing::PrintToString(c.bytes);
    EXPECT_FALSE(reader.holding());
  }
}

TEST(KeyReader, ASequenceMayComeByteByByte) {
  for (const KeyCase& c : kKeyCases) {
    if (c.keys.starts_with("text(ab)")) continue;  // two reads, two keys
    KeyReader reader(1000);
    std::vector<Key> keys;
    for (const char byte : c.bytes)
      for (Key& key : reader.read({&byte, 1})) keys.push_back(key);
    EXPECT_EQ(describe(keys), c.keys) << ::testing::PrintToString(c.bytes);
  }
}

TEST(KeyReader, AnEscapeAloneIsOneAfterAPause) {
  KeyReader reader(1000);
  EXPECT_EQ(describe(reader.read("\x1b")), "");
  EXPECT_TRUE(reader.holding());
  EXPECT_EQ(describe(reader.flush()), "escape ");
  EXPECT_FALSE(reader.holding());
  EXPECT_EQ(describe(reader.read("x")), "text(x) ");
}

TEST(KeyReader, ALongPasteComesInParts) {
  KeyReader reader(10);
  std::string pasted;
  std::vector<Key> keys = reader.read("\x1b[200~" + std::string(100, 'x'));
  for (Key& key : reader.read("\x1b[201~")) keys.push_back(key);
  for (const Key& key : keys) {
    EXPECT_EQ(key.code, Key::Code::paste);
    EXPECT_LE(key.text.size(), 10u + 16u);
    pasted += key.text;
  }
  EXPECT_EQ(pasted, std::string(100, 'x'));
}

// Types bytes into an editor whose history is "first", "second word", and shows the line with `|`
// where the cursor is.
std::string typed(const std::string& bytes) {
  LineEditor editor(100);
  for (const char* line : {"first", "second word"}) {
    editor.insert(line);
    editor.take();
  }
  KeyReader reader(1000);
  for (const Key& key : reader.read(bytes)) {
    if (key.code == Key::Code::text)
      editor.insert(key.text);
    else
      editor.apply(key);
  }
  return editor.text().substr(0, editor.cursor()) + "|" + editor.text().substr(editor.cursor());
}

TEST(LineEditor, ObeysItsKeys) {
  const std::pair<std::string, std::string> cases[] = {
      {"abc", "abc|"},
      {"abc\x1b[D\x1b[D", "a|bc"},
      {"abc\x01x", "x|abc"},
      {"abc\x01\x1b[C", "a|bc"},
      {"abc\x01\x05", "abc|"},
      {"abc\x02\x02\x06", "ab|c"},
      {"äö\x7f", "ä|"},
      {"日本\x1b[D\x7f", "|本"},
      {"e\xcc\x81x\x1b[D\x7f", "|x"},
      {"abc\x01\x04", "|bc"},
      {"abc\x01\x1b[3~", "|bc"},
      {"one two\x17", "one |"},
      {"one two\x15", "|"},
      {"one two\x01\x0b", "|"},
      {"one two\x17\x17\x19", "one two|"},  // kills in a row are one
      {"one two\x17\x01\x19", "two|one "},
      {"one two\x1b"
       "b",
       "one |two"},
      {"one two\x01\x1b"
       "f",
       "one| two"},
      {"one two\x01\x1b"
       "d",
       "| two"},
      {"one two\x1b\x7f", "one |"},
      {"one two\x1b[1;5D", "one |two"},
      {"ab\x14", "ba|"},
      {"ab\x1b[D\x14", "ba|"},
      {"one\x17\x1f", "one|"},
      {"one\x1f", "|"},
      {"\x1f", "|"},
      {"\x1b[A", "second word|"},
      {"\x10\x10", "first|"},
      {"unsent\x1b[A\x1b[B", "unsent|"},
      {"\x1b[A\x1b[A\x1b[A\x1b[B", "second word|"},
  };
  for (const auto& [bytes, line] : cases)
    EXPECT_EQ(typed(bytes), line) << ::testing::PrintToString(bytes);
}

TEST(LineEditor, RefusesWholeWhatDoesNotFit) {
  LineEditor editor(10);
  EXPECT_TRUE(editor.insert("12345"));
  EXPECT_FALSE(editor.insert("678901"));
  EXPECT_EQ(editor.text(), "12345");
  EXPECT_EQ(editor.room(), 5u);
}

TEST(LineEditor, SearchesItsHistoryBackwards) {
  LineEditor editor(100);
  for (const char* line : {"make test", "ls", "make all"}) {
    editor.insert(line);
    editor.take();
  }
  EXPECT_TRUE(editor.search_back("make", false));
  EXPECT_EQ(editor.text(), "make all");
  EXPECT_TRUE(editor.search_back("make", true));
  EXPECT_EQ(editor.text(), "make test");
  EXPECT_FALSE(editor.search_back("make", true));
  EXPECT_FALSE(editor.search_back("nowhere", false));
}

}  // namespace
}  // namespace talk
