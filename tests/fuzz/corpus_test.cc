// Every fuzz entry over its corpus, and over a thousand inputs that are like those of the
// corpus.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"
#include "tests/support/mutate.h"
#include "tests/support/temp_dir.h"

namespace talk::test {
namespace {

using Entry = int(const std::uint8_t*, std::size_t);

// Each is the LLVMFuzzerTestOneInput of the file of that name, renamed by the Makefile.
#define TALK_FUZZ_ENTRIES(each)                                                                 \
  each(accio) each(display) each(echo) each(fetch_reply) each(frames) each(greeting) each(keys) \
      each(lines) each(messages) each(names) each(options) each(proxy_header) each(report)      \
          each(resumption) each(store_log) each(store_request) each(telnet) each(words)
#define TALK_DECLARE(name) extern "C" Entry fuzz_##name;
#define TALK_ROW(name) {#name, fuzz_##name},
TALK_FUZZ_ENTRIES(TALK_DECLARE)

struct Target {
  const char* name;
  Entry* entry;
};
constexpr Target kTargets[] = {TALK_FUZZ_ENTRIES(TALK_ROW)};

std::vector<std::string> corpus_of(const std::string& name) {
  std::vector<std::string> inputs;
  for (const auto& file : std::filesystem::directory_iterator("tests/fuzz/corpus/" + name))
    inputs.push_back(read_file(file.path()));
  std::sort(inputs.begin(), inputs.end());  // the order of a directory differs between machines
  return inputs;
}

class Corpus : public ::testing::TestWithParam<Target> {
 protected:
  // An entry that finds something wrong aborts, and this program with it.
  static void run(const std::string& input) {
    SCOPED_TRACE(::testing::PrintToString(input));
    GetParam().entry(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  }
};

TEST_P(Corpus, IsTaken) {
  const auto inputs = corpus_of(GetParam().name);
  EXPECT_FALSE(inputs.empty());
  run("");
  for (const std::string& input : inputs) run(input);
}

TEST_P(Corpus, IsTakenWhenItIsChanged) {
  constexpr int kInputs = 1'000;
  const auto inputs = corpus_of(GetParam().name);
  Mutator mutator(inputs, 1);
  for (int i = 0; i < kInputs; ++i) run(mutator.next());
}

INSTANTIATE_TEST_SUITE_P(Fuzz, Corpus, ::testing::ValuesIn(kTargets),
                         [](const auto& target) { return std::string(target.param.name); });

TEST(CorpusTest, EveryEntryIsInTheTable) {
  std::size_t entries = 0;
  for (const auto& file : std::filesystem::directory_iterator("tests/fuzz"))
    entries += file.path().extension() == ".cc" && file.path().stem() != "corpus_test";
  EXPECT_EQ(entries, std::size(kTargets));
}

}  // namespace
}  // namespace talk::test
