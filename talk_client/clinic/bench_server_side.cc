// Where a client is examined that hands in or fetches a file: this side is its server.
#include <algorithm>

#include "talk_client/clinic/bench.h"

namespace talk::clinic {
namespace {

constexpr milliseconds kGlued{100};  // so soon behind the confirmation comes what was sent with it
constexpr const char* kStale = "a NUL came behind the message, and what else its buffer holds";
constexpr milliseconds kNow{100};        // of reading now and then
constexpr milliseconds kBegins{15'000};  // a client that reads its file first
constexpr milliseconds kAnswers{50};     // a system, whatever its programs do
constexpr milliseconds kLeaves{15'000};  // a client whose server has ended

}  // namespace

void Bench::begins(Visitor& visitor, const Step&) {
  wait_for_client(visitor, [&] { return !visitor.unjudged().empty() || visitor.ended(); });
}

// What a client takes its time for is no part of the run's.
void Bench::wait_for_client(Visitor& visitor, const std::function<bool()>& enough) {
  const Time start = Clock::now();
  patience_.end_of_run += kPersonTypes;
  visitor.wait(enough, kPersonTypes);
  patience_.end_of_run -= kPersonTypes - (Clock::now() - start);
}

void Bench::confirmed(Visitor& visitor, const Step& step) {
  const Step greeting{Step::Do::send, step.who, "accio\r\n", {}, step.piece};
  wait_patiently(step.time, patience_);
  send(visitor, greeting);
  if (manners_.old_accio) return;
  const auto hears = [&](const std::string& text, bool first) {
    Step wanted{Step::Do::reply, step.who, text, "\r\n"};
    wanted.weight = step.weight;
    const auto judge = [&](const HeardBytes& heard) {
      return judge_reply(wanted, heard, manners_, "");
    };
    const Verdict verdict = wait_for(visitor, wanted, judge);
    if (first && case_->id == "first" && verdict.state != Verdict::State::well) {
      manners_.old_accio = true;
      return differs(Weight::differs, "second-greeting",
                     "the client does not confirm: an older generation of the exercise, which is "
                     "examined as such");
    }
    if (verdict.state == Verdict::State::waiting) silent(visitor, wanted, escaped(text + "\r\n"));
    if (verdict.mistake == "reply-without-ending") return bear_request(visitor, verdict);
    const bool whole = step.piece == 0;  // it has heard what it answers
    if (verdict.state == Verdict::State::wrong && whole) wanted.when_wrong = "wrong-reply";
    take_verdict(visitor, wanted, verdict);
    if (visitor.unjudged().starts_with('\0')) wrong(step, "sends-buffer", kStale);
  };
  hears("confirm-accio", true);
  if (manners_.old_accio) return;
  visitor.wait_for_more(step.time);
  if (step.time > milliseconds(0) && !visitor.unjudged().empty()) {
    record_.mark(step.who, visitor.judged());
    wrong(step, "speaks-first", "it went on before the second accio was there");
  }
  send(visitor, greeting);
  hears("confirm-accio-again", false);
  confirmed_at_ = Clock::now();
  const auto came = [&] { return visitor.unjudged().size() >= 2 || visitor.ended(); };
  visitor.wait(came, milliseconds(300) + 4 * round_trip_);
  if (visitor.unjudged().starts_with("\r\n")) visitor.judged(2);
}

// A confirmation that nothing ends is told once.
void Bench::bear_request(Visitor& visitor, const Verdict& verdict) {
  record_.mark(visitor.number(), visitor.judged() + verdict.mark);
  manners_.no_endings = true;
  visitor.judged(verdict.taken);
  bear(Weight::fails, "request-without-ending", verdict.what);
}

// Right behind confirmed.
void Bench::apart(Visitor& visitor, const Step& step) {
  if (manners_.old_accio) return;
  const auto came = [&] { return !visitor.unjudged().empty() || visitor.ended(); };
  visitor.wait(came, patience_.answer);
  if (visitor.unjudged().empty() || Clock::now() - confirmed_at_ > kGlued) return;
  record_.mark(step.who, visitor.judged());
  wrong(step, "", "the file came with the confirmation, or right behind it");
}

// All that the client hands in, but for the handshake.
void Bench::take_all(Visitor& visitor, const Step& step) {
  const Time start = Clock::now();
  visitor.wait([&] { return !visitor.unjudged().empty() || visitor.ended(); }, kBegins);
  const bool waited = visitor.unjudged().empty() && Clock::now() - start > patience_.answer;
  visitor.wait([&] { return visitor.ended(); }, 2 * patience_.answer);
  if (visitor.unjudged().empty() && (waited || !visitor.ended()))
    wrong(step, "waits-first",
          visitor.ended() ? "the client waited, and left without sending anything"
                          : "nothing came, and the client is still there");
  if (!visitor.ended()) {
    visitor.judged(visitor.unjudged().size());
    wrong(step, "never-ends", "all seems to have come, and the client does not end its side");
  }
  const std::string content(visitor.unjudged());
  visitor.judged(content.size());
  if (visitor.was_reset()) {
    const std::string& own = step.when_ended.empty() ? case_->mistake : step.when_ended;
    wrong(step, case_->id == "first" ? "ends-by-reset" : own, "the client reset the connection");
  }
  std::optional<std::string>& known = surroundings_.content;
  if (!known) known = content;
  if (*known == content) return;
  const std::size_t same =
      static_cast<std::size_t>(std::ranges::mismatch(*known, content).in2 - content.begin());
  record_.mark(visitor.number(), visitor.judged() - content.size() + same);
  const std::string usual = mistake_between(*known, content);
  const bool first = case_->id == "first";
  wrong(step,
        first && usual.empty()             ? "file-differs"
        : usual == "short-write" && !first ? ""
                                           : usual,
        bytes_in_words(content.size()) + " came, " + std::to_string(known->size()) +
            " were expected; they differ from byte " + std::to_string(same));
}

void Bench::now_and_then(Visitor& visitor, const Step& step) {
  for (const Time until = Clock::now() + step.time; Clock::now() < until && !visitor.ended();) {
    wait_patiently(kNow, patience_);
    visitor.wait_for_more(milliseconds(0));
  }
}

// A client that has closed its connection answers what comes now with a reset.
void Bench::waits_for_end(Visitor& visitor, const Step& step) {
  wait_patiently(settling(), patience_);
  visitor.send("\n");
  wait_patiently(settling(), patience_);
  if (visitor.is_reset()) wrong(step, "", "it did not wait for the server's end");
}

void Bench::read_all(Visitor& visitor, const Step& step) {
  visitor.wait([&] { return visitor.ended(); }, kLeaves);
  visitor.judged(visitor.unjudged().size());
  if (!visitor.ended())
    wrong(step, step.when_silent.empty() ? "stays" : step.when_silent,
          "all was said and ended, and the client is still there");
  // What it did not wait for may come to a closed connection, which answers with a reset.
  if (!visitor.was_reset()) wait_patiently(kAnswers + 4 * round_trip_, patience_);
  if (!visitor.was_reset() && !visitor.is_reset()) return;
  const bool plain = case_->id == "first" || case_->mistake == "file-differs";
  wrong(step, plain ? "leaves-unread" : case_->mistake,
        "the client left while it had not read all that was sent");
}

// A link may lose a reset, which is sent once: the program learns of it when its 10 s are over.
milliseconds Bench::unheard_reset() const {
  constexpr milliseconds kSilence{10'000};
  return was_reset_ && patience_.link_loses ? kSilence : milliseconds(0);
}

bool Bench::appears(const std::function<bool()>& is_there) {
  wait_patiently(settling(), patience_);
  const Time deadline = Clock::now() + unheard_reset();
  while (!is_there()) {
    if (Clock::now() >= deadline) return false;
    wait_patiently(milliseconds(50), patience_);
  }
  return true;
}

// What the client makes of the file shows only where it keeps its files.
void Bench::look_at_fetched(const Step& step) {
  if (surroundings_.directory.empty()) return;
  if (step.what == Step::Do::no_file) {
    if (appears([&] { return stored_.any_is(step.text); }))
      wrong(step, "", "a new file holds " + escaped(step.text.substr(0, 60)));
    return;
  }
  if (step.what == Step::Do::no_bytes) {
    if (appears([&] { return !stored_.newest().empty(); }))
      wrong(step, "", "a new file holds " + escaped(stored_.newest().substr(0, 60)));
    return;
  }
  const Time deadline = Clock::now() + patience_.answer;
  while (!stored_.any_is(step.text)) {
    if (Clock::now() >= deadline) {
      const bool none = stored_.appeared() == 0;
      const std::string newest = stored_.newest();
      const bool line = newest.size() > step.text.size() && newest.ends_with(step.text);
      const std::string usual = line && request_ending_.ends_with('\n')
                                    ? "line-in-file"
                                    : mistake_between(step.text, newest);
      const bool sure = usual == "strlen-binary" || usual == "text-only" || usual == "line-in-file";
      const std::string plain = case_->id != "first" ? "" : none ? "file-missing" : "file-differs";
      wrong(step, !none && sure ? usual : plain,
            none ? "no new file is there"
                 : "no new file holds what was sent; the newest has " +
                       bytes_in_words(newest.size()));
    }
    wait_patiently(milliseconds(50), patience_);
  }
}

// What stands behind a NUL and is no line is an earlier message's, or nothing but padding.
void Bench::look_for_stale(std::string_view said) {
  const std::size_t nul = std::min(said.find('\0'), said.size());
  if (case_->id != "first" || said.size() - nul <= 1 || said.find('\n', nul) != said.npos) return;
  differs(Weight::differs, "sends-buffer",
          bytes_in_words(said.size() - nul - 1) + " came behind the NUL");
}

// Of a client to talk with: one that breaks leaves.
void Bench::stays(Visitor& visitor, const Step& step) {
  const Time until = seen_by(visitor, step.time);
  while (!visitor.ended() && Clock::now() < until) {
    visitor.wait_for_more(std::chrono::ceil<milliseconds>(until - Clock::now()));
    look_for_stale(visitor.unjudged());
    visitor.judged(visitor.unjudged().size());
  }
  if (!visitor.ended()) return;
  if (case_->id == "first" && !visitor.was_reset()) {
    manners_.leaves = true;
    return differs(Weight::differs, "leaves-early",
                   "it leaves by itself: what it bears of later words is not to be seen");
  }
  if (!manners_.leaves) silent(visitor, step, "an open connection");
}

}  // namespace talk::clinic
