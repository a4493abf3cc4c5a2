// What Tab makes of a line.
#include "common/screen/split/completion.h"
#include "common/files/own_files.h"

#include <gtest/gtest.h>

#include <map>

namespace talk {
namespace {

std::vector<std::string> fake_listing(const std::string& directory) {
  static const std::map<std::string, std::vector<std::string>> kDirectories = {
      {".", {"notes.txt", "notes.pdf", "my file.txt", "pictures/", ".hidden", "it's"}},
      {"pictures/", {"sea.png", "sun set.png"}},
      {"/home/al", {"wrong"}},
      {"/home/al/", {"letter.txt", "Mail/"}},
      {"/home/al/Mail/", {"inbox"}},
      {"my dir/", {"inside.txt"}},
  };
  const auto found = kDirectories.find(directory);
  return found == kDirectories.end() ? std::vector<std::string>{} : found->second;
}

struct Case {
  std::string before;
  std::string text;
  std::vector<std::string> candidates;
};

const Case kCases[] = {
    {"", "", {}},
    {"hello", "hello", {}},
    {"//se", "//se", {}},
    {"/se", "/send ", {}},
    {"/b", "/bye ", {}},
    {"/nothing", "/nothing", {}},
    {"/f", "/fi", {"files", "find"}},
    {"/send not", "/send notes.", {"notes.pdf", "notes.txt"}},
    {"/send notes.p", "/send notes.pdf ", {}},
    {"/send a.txt notes.p", "/send a.txt notes.pdf ", {}},
    {"/send my", "/send my\\ file.txt ", {}},
    {"/send my\\ f", "/send my\\ file.txt ", {}},
    {"/send it", "/send it\\'s ", {}},
    {"/send \"my f", "/send \"my file.txt\" ", {}},
    {"/send 'my f", "/send 'my file.txt' ", {}},
    {"/send pic", "/send pictures/", {}},
    {"/send pictures/su", "/send pictures/sun\\ set.png ", {}},
    {"/send pictures/s", "/send pictures/s", {"sea.png", "sun set.png"}},
    {"/send \"my dir\"/in", "/send my\\ dir/inside.txt ", {}},
    {"/send my\" dir/in", "/send \"my dir/inside.txt\" ", {}},
    {"/send my\\ dir/in", "/send my\\ dir/inside.txt ", {}},
    {"/send .h", "/send .hidden ", {}},
    {"/send ~", "/send ~/", {}},
    {"/send ~/le", "/send ~/letter.txt ", {}},
    {"/send ~/M", "/send ~/Mail/", {}},
    {"/send ~/Mail/", "/send ~/Mail/inbox ", {}},
    {"/send nowhere/", "/send nowhere/", {}},
    {"/get no", "/get no", {}},
};

TEST(Completion, CompletesCommandsAndTheFilesBehindSend) {
  for (const Case& each : kCases) {
    const Completion completion = complete(each.before, "/home/al", fake_listing);
    EXPECT_EQ(completion.text, each.text) << each.before;
    if (each.candidates.empty()) continue;
    EXPECT_EQ(completion.candidates, each.candidates) << each.before;
  }
}

TEST(Completion, WithoutAPartTheNamesThatAreNotHiddenAreCandidates) {
  const Completion completion = complete("/send ", "/home/al", fake_listing);
  EXPECT_EQ(completion.text, "/send ");
  EXPECT_EQ(completion.candidates, (std::vector<std::string>{"it's", "my file.txt", "notes.pdf",
                                                             "notes.txt", "pictures/"}));
}

TEST(Completion, TheSharedBeginningEndsAtACharacter) {
  const auto list = [](const std::string&) {
    return std::vector<std::string>{"\u00e4.txt", "\u00f6.txt"};  // differ in their second byte
  };
  EXPECT_EQ(complete("/send ", "", list).text, "/send ");
}

// The story: a file of that name, Tab and Enter said two lines to the other side.
TEST(Completion, ANameThatHoldsAKeyIsNotTyped) {
  const auto list = [](const std::string&) {
    return std::vector<std::string>{"nl\nname", "nl\x7f", "nl.txt"};
  };
  EXPECT_EQ(complete("/send nl", "", list).text, "/send nl.txt ");
}

TEST(Completion, ADirectoryThatCannotBeReadIsEmpty) {
  EXPECT_TRUE(direct_files()->list("/nonexistent/at/all").empty());
}

}  // namespace
}  // namespace talk
