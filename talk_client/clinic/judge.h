// Says of what has come whether it is what may come. Pure: knows no connection and no clock.
#pragma once

#include <string>
#include <string_view>

#include "talk_client/clinic/case.h"

namespace talk::clinic {

// What a program was seen to do in the first case. It is reported once, and borne from then on.
struct Manners {
  bool banner = false;   // speaks before the first request
  std::string prompt{};  // what the banner ends with, without a line feed
  bool no_endings = false;
  bool old_accio = false;  // has no second greeting
  bool greets = false;     // of a server to talk with
  // Of clients:
  bool lockstep = false;    // asks again when it was answered, not before
  bool ends_early = false;  // ends its side before it is answered
  bool leaves = false;      // talk: goes by itself
};

struct Heard {
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
Verdict judge_reply(const Step& step, const Heard& heard, const Manners& manners,
                    std::string_view next);
Verdict judge_bytes(const Step& step, const Heard& heard);

// The mistake that makes `content` of `known`, or empty.
std::string mistake_between(std::string_view known, std::string_view content);

// A reply of fetch: "8402 OK 5\nhello", "8402 NO reason\n", or as homework has it: "8402\nhello".
struct Fetched {
  Verdict verdict;
  std::string process;      // the ID
  bool no = false;          // NO
  bool has_size = false;    // it was a line with a size
  std::size_t missing = 0;  // so many bytes less came than that
  std::string content{};
};
Fetched judge_fetched(const Heard& heard);

}  // namespace talk::clinic
