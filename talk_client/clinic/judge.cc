#include "talk_client/clinic/judge.h"

#include <algorithm>
#include <array>
#include <bit>

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

Verdict other_words(const Step& step, const HeardBytes& heard, std::size_t skipped) {
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
Verdict judge_ending(const Step& step, const HeardBytes& heard, std::size_t taken,
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

Verdict judge_reply(const Step& step, const HeardBytes& heard, const Manners& manners,
                    std::string_view next) {
  std::size_t skipped = 0;
  const auto behind = [&] { return heard.bytes.substr(skipped); };
  while (!manners.prompt.empty() && behind().starts_with(manners.prompt))
    skipped += manners.prompt.size();
  const std::string_view rest = behind();
  bool more = false;
  if (const auto own = own_reply(manners, step.text, rest, more))
    return judge_ending(step, heard, skipped + *own, manners, next);
  if (more && !heard.settled && !heard.ended) return {};
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

namespace {

Verdict judge_echo(const Step& step, const HeardBytes& heard, bool no_endings) {
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
  if (step.times == 1 && !came.empty() && ending_missing && no_endings &&
      (heard.settled || heard.ended))
    return {State::well, came.size()};
  if (step.times == 1 && !came.empty() && ending_missing && heard.settled)
    return {State::well,
            came.size(),
            Weight::fragile,
            "reply-without-ending",
            escaped(missing) + " did not come back",
            came.size()};
  return {};
}

// Of an echo that is known to be otherwise: with what it adds, or changed in its own way.
Verdict judge_own_echo(const Step& step, const HeardBytes& heard, const Manners& manners) {
  const bool complete = heard.settled || heard.ended;
  if (manners.changes_echo)
    return complete && !heard.bytes.empty() ? Verdict{State::well, heard.bytes.size()} : Verdict{};
  Step bare = step;
  bare.text = without_additions(manners, step.text);
  const std::string left = without_additions(manners, heard.bytes);
  Verdict verdict = judge_echo(bare, {left, heard.ended, heard.settled}, manners.no_endings);
  if (verdict.state != State::waiting && !complete) return {};  // what it adds may still come
  verdict.taken = heard.bytes.size();
  return verdict;
}

}  // namespace

Verdict judge_bytes(const Step& step, const HeardBytes& heard, const Manners& manners) {
  const bool adds = !manners.adds_before.empty() || !manners.adds_behind.empty();
  return adds || manners.changes_echo ? judge_own_echo(step, heard, manners)
                                      : judge_echo(step, heard, manners.no_endings);
}

namespace {

// A program took as many bytes as its buffer has: at most 64 KiB, or a round number of them.
bool is_of_buffer(std::size_t bytes) {
  constexpr std::size_t kLargest = 64 << 10;
  while (bytes > kLargest && bytes % 10 == 0) bytes /= 10;
  return bytes <= kLargest || std::has_single_bit(bytes);
}

}  // namespace

std::string mistake_between(std::string_view known, std::string_view content) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD, in UTF-8
  // What stands behind a NUL is missing, up to the end of a line, of a buffer, or of all.
  const std::size_t same = common_prefix(known, content);
  const bool at_nul = same < known.size() && known[same] == '\0';
  if (at_nul && content.size() < known.size() && content.find('\0') == std::string_view::npos)
    return "strlen-binary";
  const auto has = [&](std::string_view text) {
    return content.find(text) != std::string_view::npos &&
           known.find(text) == std::string_view::npos;
  };
  if (has(kReplacement) || has("\xC3\xBF")) return "text-only";
  if (known.starts_with(content) && !content.empty())
    return is_of_buffer(content.size()) ? "fixed-buffer" : "short-write";
  return "";
}

std::string mistake_of_short(std::string_view known, std::string_view came, std::size_t missing) {
  constexpr std::size_t kPage = 4096;  // bytes; a wrong count is wrong by little
  const bool cut = known.starts_with(came) && !known.substr(came.size()).starts_with('\0');
  const bool little = missing <= kPage;
  const std::string usual = known.empty() || (cut && little) ? "" : mistake_between(known, came);
  if (!usual.empty()) return usual;
  return little ? "size-wrong" : "short-write";
}

std::string mistake_of_file(const std::string& usual, std::string_view content,
                            std::string_view kept) {
  constexpr std::size_t kLarge = 100'000;  // bytes; no beginner's buffer holds it
  if (kept.find("confirm-accio") != std::string_view::npos) return "confirm-in-file";
  const std::string known = mistake_between(content, kept);
  if (known == "strlen-binary" || known == "text-only") return known;
  if (content.starts_with(kept) && content.size() >= kLarge) return "fixed-buffer";
  const bool part = content.starts_with(kept) || content.ends_with(kept);
  return part && usual != "file-missing" ? usual : "file-differs";
}

}  // namespace talk::clinic
