// Says of what has come whether it is what may come. Pure: knows no connection and no clock.
#pragma once

#include <string>
#include <string_view>

#include "talk_client/clinic/case.h"
#include "talk_client/clinic/manners.h"

namespace talk::clinic {

struct HeardBytes {
  std::string_view bytes;  // what came and was not yet judged
  bool ended = false;      // nothing more will come
  bool settled = false;    // nothing more came for a while
};

struct Verdict {
  enum class State { waiting, well, wrong };
  State state = State::waiting;
  std::size_t taken = 0;         // so many bytes were what was judged
  Weight weight = Weight::well;  // well: also `differs` or `fragile`, and it goes on
  std::string mistake{};         // empty: the step's own
  std::string what{};
  std::size_t mark = 0;  // where in the bytes it went wrong
};

// `next` is the text of the reply that is to follow, or empty.
Verdict judge_reply(const Step& step, const HeardBytes& heard, const Manners& manners,
                    std::string_view next);
Verdict judge_bytes(const Step& step, const HeardBytes& heard, const Manners& manners);

// The mistake that makes `content` of `known`, or empty.
std::string mistake_between(std::string_view known, std::string_view content);

// The mistake behind a reply of fetch of which only `came` came, so many bytes less than its line
// tells; `known` is the file, empty where nobody knows it.
std::string mistake_of_short(std::string_view known, std::string_view came, std::size_t missing);

// The mistake that stores `content` as `kept`; `usual` is what the case is about.
std::string mistake_of_file(const std::string& usual, std::string_view content,
                            std::string_view kept);

// A reply of fetch: "8402 OK 5\nhello", "8402 NO reason\n", or as homework has it: "8402\nhello".
struct Fetched {
  Verdict verdict;
  std::string process;      // the ID
  bool no = false;          // NO
  bool has_size = false;    // it was a line with a size
  std::size_t missing = 0;  // so many bytes less came than that
  std::string content{};    // what there is of it
};
Fetched judge_fetched(const HeardBytes& heard, const Manners& manners);

}  // namespace talk::clinic
