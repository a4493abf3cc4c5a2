#include "talk_client/clinic/judge.h"

#include <algorithm>
#include <array>

#include "common/text/decimal.h"

namespace talk::clinic {
namespace {

using State = Verdict::State;
constexpr std::array<std::string_view, 3> kEndings = {"\r\n", "\n", std::string_view("\0", 1)};

constexpr const char* kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz ";

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const auto end = std::min(a.size(), b.size());
  std::size_t same = 0;
  while (same < end && a[same] == b[same]) ++same;
  return same;
}

Verdict wrong(std::string what, std::size_t mark, std::string mistake = {}) {
  return {State::wrong, 0, Weight::fails, std::move(mistake), std::move(what), mark};
}

// Letters alone and in one case: what is left of "Key not found." and "KEY NOT FOUND".
std::string bare_words(std::string_view text) {
  std::string bare;
  for (const char c : text)
    if (c > ' ' && c != '.' && c != '!' && c != '\'')
      bare += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
  return bare;
}

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find_first_of(std::string_view("\r\n\0", 3)));
}

Verdict other_words(const Step& step, const Heard& heard, std::size_t skipped) {
  const std::string_view rest = heard.bytes.substr(skipped);
  const std::string_view line = first_line(rest);
  const std::size_t mark = skipped + common_prefix(rest, step.text);
  if (line.size() == rest.size() && !heard.settled && !heard.ended) return {};
  // Words of the specification may be spelled otherwise; a value may not.
  const bool words = step.text.find_first_not_of(kLetters) == std::string::npos;
  if (!words || bare_words(line) != bare_words(step.text) || bare_words(line).empty())
    return wrong("expected " + escaped(step.text + step.ending), mark);
  std::size_t taken = skipped + line.size();
  for (const std::string_view ending : kEndings)
    if (rest.substr(line.size()).starts_with(ending)) {
      taken += ending.size();
      break;
    }
  return {State::well,
          taken,
          Weight::differs,
          "other-words",
          "the specification says " + escaped(step.text),
          mark};
}

// Behind the text: the ending that was asked for, another one, or none.
Verdict judge_ending(const Step& step, const Heard& heard, std::size_t taken,
                     const Manners& manners, std::string_view next) {
  const std::string_view rest = heard.bytes.substr(taken);
  const bool complete = heard.settled || heard.ended;
  if (!step.ending.empty() && rest.starts_with(step.ending))
    return {State::well, taken + step.ending.size()};
  if (manners.no_endings && (rest.empty() || (!next.empty() && rest.starts_with(next))))
    return {State::well, taken};
  if (!complete && (rest.empty() || (rest == "\r" && step.ending != "\n"))) return {};
  if (rest.empty() && step.ending.empty()) return {State::well, taken};
  for (const std::string_view ending : kEndings) {
    if (!rest.starts_with(ending)) continue;
    if (step.strict) break;
    return {State::well,
            taken + ending.size(),
            Weight::differs,
            "other-ending",
            "the request ended in " + escaped(step.ending) + ", the reply in " + escaped(ending),
            taken};
  }
  const bool prompt_follows = !manners.prompt.empty() && rest.starts_with(manners.prompt);
  if (rest.empty() || prompt_follows)
    return {State::well,
            taken,
            Weight::differs,
            "reply-without-ending",
            "nothing stands behind " + escaped(step.text) + " where " + escaped(step.ending) +
                " belongs",
            taken};
  if (!next.empty() && rest.starts_with(next))
    return {State::well,
            taken,
            Weight::fragile,
            "reply-without-ending",
            "the next reply follows without anything between",
            taken};
  return wrong("expected " + escaped(step.text + step.ending), taken);
}

}  // namespace

Verdict judge_reply(const Step& step, const Heard& heard, const Manners& manners,
                    std::string_view next) {
  std::size_t skipped = 0;
  const auto behind = [&] { return heard.bytes.substr(skipped); };
  while (!manners.prompt.empty() && behind().starts_with(manners.prompt))
    skipped += manners.prompt.size();
  const std::string_view rest = behind();
  if (rest.starts_with(step.text))
    return judge_ending(step, heard, skipped + step.text.size(), manners, next);
  if (step.text.starts_with(rest)) {
    if (rest.empty() || (!heard.settled && !heard.ended)) return {};
    // Time alone tells whether the rest comes: its absence is the caller's finding.
    if (!heard.ended) return {};
  }
  if (!manners.prompt.empty() && manners.prompt.starts_with(rest)) return {};
  return other_words(step, heard, skipped);
}

Verdict judge_bytes(const Step& step, const Heard& heard) {
  const std::string_view came = heard.bytes;
  const std::size_t whole = step.text.size() * step.times;
  for (std::size_t at = 0; at < came.size() && at < whole;) {
    const std::string_view part = came.substr(at, step.text.size());
    const std::size_t same = common_prefix(part, step.text);
    if (same < part.size()) return wrong("these are not the bytes that were sent", at + same);
    at += same;
  }
  if (came.size() >= whole) return {State::well, whole};
  const std::string_view missing = std::string_view(step.text).substr(
      step.times == 1 ? std::min(came.size(), step.text.size()) : 0);
  const bool ending_missing = missing == "\n" || missing == "\r\n";
  if (step.times == 1 && !came.empty() && ending_missing && heard.settled)
    return {State::well,
            came.size(),
            Weight::fragile,
            "reply-without-ending",
            escaped(missing) + " did not come back",
            came.size()};
  return {};
}

std::string mistake_between(std::string_view known, std::string_view content) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD, in UTF-8
  constexpr std::size_t kLargestBuffer = 64 << 10;
  const std::size_t nul = known.find('\0');
  if (nul != std::string_view::npos && content.size() == nul && known.starts_with(content))
    return "strlen-binary";
  const auto has = [&](std::string_view text) {
    return content.find(text) != std::string_view::npos &&
           known.find(text) == std::string_view::npos;
  };
  if (has(kReplacement) || has("\xC3\xBF")) return "text-only";
  if (known.starts_with(content) && !content.empty())
    return content.size() <= kLargestBuffer ? "fixed-buffer" : "short-write";
  return "";
}

namespace {

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
    fetched.verdict = wrong("expected OK and a size, or NO", digits + 1, "wrong-reply");
    return;
  }
  fetched.has_size = true;
  if (came.size() - head < *size) {
    fetched.missing = *size - (came.size() - head);
    return;
  }
  fetched.content = came.substr(head, *size);
  fetched.verdict = {State::well, head + *size};
}

// The homework's form: the end of the connection is the end of the file.
void judge_bare(const Heard& heard, std::size_t digits, Fetched& fetched) {
  std::string_view rest = std::string_view(heard.bytes).substr(digits);
  for (const std::string_view ending : kEndings)
    if (rest.starts_with(ending)) {
      rest.remove_prefix(ending.size());
      break;
    }
  const bool no = first_line(rest) == "NO";
  if (!heard.ended && !(no && heard.settled)) return;
  if (digits == 0) return;
  fetched.no = no;
  fetched.content = no ? "" : std::string(rest);
  fetched.verdict = {State::well, heard.bytes.size()};
}

}  // namespace

Fetched judge_fetched(const Heard& heard) {
  Fetched fetched;
  const std::string_view came = heard.bytes;
  const std::size_t digits = std::min(came.find_first_not_of("0123456789"), came.size());
  if (digits == 0 && !came.empty()) {
    fetched.verdict = wrong("a process ID, in decimal digits, must come first", 0, "no-process-id");
    return fetched;
  }
  fetched.process = came.substr(0, digits);
  if (came.substr(digits).starts_with(' '))
    judge_sized(came, digits, fetched);
  else
    judge_bare(heard, digits, fetched);
  return fetched;
}

}  // namespace talk::clinic
