// Replies of fetch, in the two forms of the specification, and in a program's own.
#include <algorithm>

#include "common/text/decimal.h"
#include "talk_client/clinic/judge.h"

namespace talk::clinic {
namespace {

using State = Verdict::State;

// Behind the process ID: a blank, then OK and a size or NO on the same line, then the bytes.
void judge_sized(std::string_view came, std::size_t digits, Fetched& fetched) {
  const std::string_view rest = came.substr(digits);
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return;
  const std::string_view line = rest.substr(1, end - 1);
  const std::size_t head = digits + end + 1;
  if (line.starts_with("NO")) {
    fetched.no = true;
    fetched.verdict = {State::well, head};
    return;
  }
  const std::string_view number =
      line.starts_with("OK ") ? line.substr(3, line.find_first_of("\r\n") - 3) : "";
  const auto size = decimal<std::size_t>(number);
  if (!size) {
    fetched.verdict = {
        State::wrong, 0, Weight::fails, "wrong-reply", "expected OK and a size, or NO", digits + 1};
    return;
  }
  fetched.has_size = true;
  if (came.size() - head < *size) {
    fetched.content = came.substr(head);
    fetched.missing = *size - fetched.content.size();
    return;
  }
  fetched.content = came.substr(head, *size);
  fetched.verdict = {State::well, head + *size};
}

// The homework's form: the end of the connection is the end of the file.
void judge_bare(const HeardBytes& heard, std::size_t identity, Fetched& fetched) {
  const std::string_view rest = without_first_ending(heard.bytes.substr(identity));
  const bool no = first_line(rest) == "NO";
  if (!heard.ended && !(no && heard.settled)) return;
  fetched.no = no;
  fetched.content = no ? "" : std::string(rest);
  fetched.verdict = {State::well, heard.bytes.size()};
  if (no && rest.size() > 2)
    fetched.verdict = {
        State::well,
        heard.bytes.size(),
        Weight::differs,
        "other-ending",
        "the specification has the two bytes NO and no more; here came " + escaped(rest),
        heard.bytes.size() - rest.size() + 2};
}

// How many bytes say the process ID; nothing: none do, or (`more`) not yet.
std::optional<std::size_t> identity_of(std::string_view came, const Manners& manners, bool& more) {
  if (manners.own_identity == "") return 0;  // this program tells none
  const std::string before = manners.own_identity.value_or("");
  more = came.size() <= before.size() && before.starts_with(came);
  if (!came.starts_with(before)) return std::nullopt;
  const std::size_t end = came.find_first_not_of("0123456789", before.size());
  const std::size_t size = std::min(end, came.size());
  return size == before.size() ? std::nullopt : std::optional(size);
}

// Whether what stands behind the process ID is this program's NO.
bool judge_own_no(std::string_view rest, std::size_t identity, const HeardBytes& heard,
                  const Manners& manners, Fetched& fetched) {
  const std::size_t line = rest.starts_with(' ') ? rest.find('\n') : std::string_view::npos;
  const bool complete = line != std::string_view::npos || heard.settled || heard.ended;
  rest = rest.substr(0, line == std::string_view::npos ? line : line + 1);
  const std::string words = without_digits(without_last_ending(without_first_ending(rest)));
  for (const std::string& no : manners.own_no) {
    if (!complete && no.starts_with(words)) return true;
    if (words != no) continue;
    fetched.no = true;
    fetched.verdict = {State::well, identity + rest.size()};
    return true;
  }
  return false;
}

}  // namespace

Fetched judge_fetched(const HeardBytes& heard, const Manners& manners) {
  Fetched fetched;
  bool more = false;
  if (heard.bytes.empty()) return fetched;
  const auto identity = identity_of(heard.bytes, manners, more);
  if (!identity && more) return fetched;
  if (!identity) {
    fetched.verdict = {State::wrong,
                       0,
                       Weight::fails,
                       "no-process-id",
                       "a process ID, in decimal digits, must come first",
                       0};
    return fetched;
  }
  fetched.process = heard.bytes.substr(0, *identity);
  const std::string_view rest = heard.bytes.substr(*identity);
  if (judge_own_no(rest, *identity, heard, manners, fetched)) return fetched;
  if (rest.starts_with(' ') && manners.own_identity != "") {
    judge_sized(heard.bytes, *identity, fetched);
  } else {
    judge_bare(heard, *identity, fetched);
  }
  return fetched;
}

}  // namespace talk::clinic
