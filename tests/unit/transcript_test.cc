#include "common/session/transcript.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "common/text/utc.h"
#include "tests/support/temp_dir.h"

namespace talk {
namespace {

using test::read_file;

constexpr std::chrono::system_clock::time_point kStart{std::chrono::seconds(1'795'253'400)};

// In `directory`, of session 1.
Transcript::Create in(const std::string& directory) {
  return [directory] { return create_transcript(directory, "1", kStart); };
}

Entry said(const std::string& text) { return {Entry::Kind::theirs, "alice", text, kStart}; }

// Two servers started in one second kept two people's first talks in one file.
TEST(Transcript, TwoTalksAreNeverInOneFile) {
  const test::TempDir directory;
  {
    Transcript one(in(directory.path()));
    Transcript other(in(directory.path()));
    one.add(said("to one desk"));
    other.add(said("to another"));
    EXPECT_NE(one.path(), other.path());
    EXPECT_TRUE(other.path().ends_with("-1-2.txt"));
    EXPECT_EQ(read_file(one.path()), rfc3339(kStart) + " <alice> to one desk\n");
    EXPECT_EQ(read_file(other.path()), rfc3339(kStart) + " <alice> to another\n");
  }
}

// A link that somebody left there is not written through, nor a file that is there appended to.
TEST(Transcript, WhatIsThereIsLeftAlone) {
  const test::TempDir directory;
  const std::string first = in(directory.path())().path;
  std::filesystem::remove(first);
  std::filesystem::create_symlink("/tmp/nowhere", first);
  EXPECT_NE(in(directory.path())().path, first);
}

TEST(Transcript, ADirectoryThatIsGoneIsAnError) {
  Transcript transcript(in("/nonexistent/transcripts"));
  EXPECT_THROW(transcript.add(said("hello")), std::system_error);
}

// Who calls again to a talk that goes on elsewhere left an empty file at each call.
TEST(Transcript, WithoutALineThereIsNoFile) {
  const test::TempDir directory;
  { const Transcript transcript(in(directory.path())); }
  EXPECT_TRUE(std::filesystem::is_empty(directory.path()));
}

// One visitor wrote 654 MiB of transcript in five seconds.
TEST(Transcript, IsLimitedAndSaysWhatIsLeftOut) {
  const test::TempDir directory;
  std::string path;
  constexpr std::uint64_t kSmall = 1000;
  {
    Transcript transcript(in(directory.path()), kSmall);
    int refusals = 0;
    for (int i = 0; i < 1000; ++i) refusals += !transcript.add(said(std::to_string(i)));
    EXPECT_EQ(refusals, 1) << "said once";
    EXPECT_TRUE(transcript.add(said("x")));
    path = transcript.path();
  }
  const std::string text = read_file(path);
  EXPECT_LT(text.size(), kSmall + 200);
  const std::string full = " -- the transcript is full: what follows is left out\n";
  ASSERT_NE(text.find(full), std::string::npos);
  const auto kept = std::count(text.begin(), text.end(), '\n') - 2;
  EXPECT_TRUE(text.ends_with(" -- the transcript was full: " + std::to_string(1001 - kept) +
                             " lines were left out\n"))
      << text;
}

}  // namespace
}  // namespace talk
