// What comes over a connection, awaited and judged.
#include <algorithm>

#include "talk_client/clinic/bench.h"

namespace talk::clinic {
namespace {

constexpr std::size_t kPage = 4096;       // bytes
constexpr milliseconds kReadsLate{100};   // a client, and the 150 ms of the exercise are not over
constexpr milliseconds kBeforeLast{300};  // piece: a server on a busy machine answers sooner

}  // namespace

Verdict Bench::wait_for(Visitor& visitor, const Step& step,
                        const std::function<Verdict(const HeardBytes&)>& judge) {
  Verdict verdict;
  Time changed = Clock::now();
  std::size_t seen = visitor.unjudged().size();
  const auto enough = [&] {
    if (visitor.unjudged().size() != seen) {
      seen = visitor.unjudged().size();
      changed = Clock::now();
    }
    const bool settled = seen > 0 && Clock::now() - changed > settling();
    verdict = judge({visitor.unjudged(), visitor.ended(), settled});
    return verdict.state != Verdict::State::waiting || visitor.ended();
  };
  const milliseconds patience = step.most > milliseconds(0) ? step.most : patience_.answer;
  visitor.wait(enough, patience + 4 * round_trip_);
  return verdict;
}

void Bench::take_verdict(Visitor& visitor, const Step& step, const Verdict& verdict) {
  if (verdict.state == Verdict::State::wrong) {
    visitor.wait_for_more(milliseconds(50));  // to be shown
    record_.mark(visitor.number(), visitor.judged() + verdict.mark);
    wrong(step, verdict.mistake, verdict.what);
  }
  if (verdict.weight != Weight::well) {
    record_.mark(visitor.number(), visitor.judged() + verdict.mark);
    differs(verdict.weight, verdict.mistake, verdict.what);
  }
  visitor.judged(verdict.taken);
}

void Bench::send(Visitor& visitor, const Step& step) {
  std::string text = filled(step.text);
  asked_ = text.substr(0, kPage);
  std::string all;
  for (std::size_t i = 0; i < step.times; ++i) all += text;
  sent_ += all.size();
  if (sent_ > kMostBytes) throw BrokenOff{"more than 10 MiB to be sent in one case"};
  std::string_view left = all;
  if (step.what == Step::Do::flood) left.remove_prefix(visitor.flood(all));
  if (step.what == Step::Do::flood && step.piece != 0) return;
  const bool parts = step.what == Step::Do::send && step.piece != 0;
  const Visitor::Sent how = parts ? send_parts(visitor, step, left) : visitor.send(left);
  if (how == Visitor::Sent::stuck)
    throw Finding{step.weight, step.when_silent.empty() ? case_->mistake : step.when_silent,
                  "it stopped taking what was sent"};
  if (how == Visitor::Sent::ended && parts)
    throw Finding{step.weight, step.when_ended.empty() ? case_->mistake : step.when_ended,
                  "the connection ended before all pieces were sent"};
  if (how == Visitor::Sent::ended && !visitor.ended()) visitor.wait_for_more(milliseconds(50));
}

// Where nothing may come before the last piece, time is given for it: but not where this is the
// first that the server hears on the connection, for then a pause may be an ending.
Visitor::Sent Bench::send_parts(Visitor& visitor, const Step& step, std::string_view text) {
  if (!step.strict || text.size() <= step.piece) return visitor.send(text, step.piece);
  const bool first = !visitor.has_spoken();
  const std::size_t last = (text.size() - 1) / step.piece * step.piece;
  const Visitor::Sent how = visitor.send(text.substr(0, last), step.piece);
  if (how != Visitor::Sent::all) return how;
  Step whole = step;
  whole.time = first ? patience_.delay : kBeforeLast + 2 * round_trip_;
  quiet(visitor, whole);
  return visitor.send(text.substr(last));
}

void Bench::fills_up(Visitor& visitor, const Step&) { visitor.wait_until_full(); }

void Bench::reply(Visitor& visitor, const Step& step, std::string_view next) {
  Step wanted = step;
  wanted.text = filled(step.text);
  const std::string following = filled(std::string(next));
  const auto judge = [&](const HeardBytes& heard) {
    return judge_reply(wanted, heard, manners_, following);
  };
  const bool first = case_->id == "first";
  Verdict verdict = wait_for(visitor, wanted, judge);
  bool usual = false;
  if (verdict.state == Verdict::State::wrong) {
    usual = is_instead(visitor.unjudged(), wanted);
    if (!usual && bear_reply(visitor, wanted, verdict)) verdict = wait_for(visitor, wanted, judge);
  }
  if (verdict.state == Verdict::State::waiting)
    silent(visitor, wanted, escaped(wanted.text + wanted.ending));
  if (first && verdict.mistake == "reply-without-ending") manners_.no_endings = true;
  if (verdict.state == Verdict::State::wrong && !usual && !wanted.instead.empty())
    verdict.mistake = "wrong-reply";
  take_verdict(visitor, wanted, verdict);
}

// No network takes a short reply apart that was sent as one.
void Bench::perform_in_one_send(Visitor& visitor, const Step& step, const Step* next) {
  const auto begun = [&] {
    const std::string_view came = visitor.unjudged();
    return (!came.empty() && came != manners_.prompt) || visitor.ended();
  };
  visitor.wait(begun, patience_.answer + 4 * round_trip_);
  const std::size_t first = visitor.judged() + visitor.unjudged().size();
  perform_on(visitor, step, next);
  if (visitor.judged() <= first) return;
  record_.mark(visitor.number(), first);
  throw Finding{Weight::fragile, "reply-split", "the reply came in several pieces"};
}

// Whether what came is what the step's mistake makes of the reply.
bool Bench::is_instead(std::string_view came, const Step& step) const {
  const std::string_view line = first_line(came);
  for (const std::string& reply : step.instead) {
    bool more = false;
    if (line == reply || own_reply(manners_, reply, line, more)) return true;
  }
  return false;
}

// Any reply but this one.
void Bench::not_reply(Visitor& visitor, const Step& step) {
  const std::size_t before = visitor.judged();
  take(visitor, step);
  const std::string_view came = visitor.all().substr(before, visitor.judged() - before);
  bool more = false;
  if (!came.starts_with(step.text) && !own_reply(manners_, step.text, came, more)) return;
  record_.mark(visitor.number(), before);
  wrong(step, "", escaped(came) + " came");
}

void Bench::bytes(Visitor& visitor, const Step& step) {
  Step wanted = step;
  wanted.text = filled(step.text);
  const auto judge = [&](const HeardBytes& heard) { return judge_bytes(wanted, heard, manners_); };
  const Verdict verdict = wait_for(visitor, wanted, judge);
  if (verdict.state == Verdict::State::wrong && bear_echo(visitor, wanted, verdict)) return;
  if (verdict.state == Verdict::State::waiting) {
    if (!visitor.unjudged().empty() && bear_echo(visitor, wanted, verdict)) return;
    silent(visitor, wanted, bytes_in_words(wanted.text.size() * wanted.times));
  }
  take_verdict(visitor, wanted, verdict);
  if (case_->id != "first" || verdict.mistake != "reply-without-ending") return;
  manners_.no_endings = true;
  result_.borne = true;
}

// A client of the usual kind takes one receive for the ID and the next for the file.
void Bench::look_whether_apart(Visitor& visitor, const Step& step, std::size_t digits,
                               std::size_t first) {
  const std::string_view behind = visitor.unjudged().substr(digits);
  const std::size_t ending = behind.size() - without_first_ending(behind).size();
  if (first <= digits + ending) return;
  record_.mark(visitor.number(), visitor.judged() + digits);
  wrong(step, "greeting-glued", "the process ID and what follows came together");
}

void Bench::fetched(Visitor& visitor, const Step& step) {
  Fetched reply;
  const auto judge = [&](const HeardBytes& heard) {
    reply = judge_fetched(heard, manners_);
    return reply.verdict;
  };
  const bool wants_no = step.what == Step::Do::fetched_no || step.what == Step::Do::first_apart;
  const bool apart = step.what == Step::Do::first_apart || step.what == Step::Do::fetched_apart;
  if (apart) visitor.read_late(patience_.answer, kReadsLate);
  const std::size_t first = visitor.unjudged().size();
  wait_for(visitor, step, judge);
  const bool unsaid = reply.verdict.state == Verdict::State::waiting;
  const bool is_no = reply.verdict.state == Verdict::State::well && reply.no;
  if (wants_no && !is_no && bear_no(visitor, step)) return;
  if (unsaid && reply.has_size)
    wrong(step, mistake_of_short(known_file().value_or(""), reply.content, reply.missing),
          bytes_in_words(reply.missing) + " less came than were announced");
  if (unsaid && wants_no && !reply.process.empty())
    wrong(step, step.weight == Weight::fails ? "no-missing" : "", "a process ID came and no NO");
  if (unsaid) silent(visitor, step, wants_no ? "a process ID and NO" : "a process ID and a file");
  const std::size_t digits = reply.process.size();
  if (apart) look_whether_apart(visitor, step, digits, first);
  take_verdict(visitor, step, reply.verdict);
  process_before_ = std::exchange(process_, reply.process);
  if (reply.no == wants_no) return wants_no ? void() : compare_content(step, reply.content);
  record_.mark(visitor.number(), digits);
  wrong(step, wants_no && reply.content.empty() ? "no-missing" : "",
        wants_no ? "a file came where NO was expected"
                 : "NO came for the file that --file names: " + surroundings_.file);
}

// What --dir and --file tell, or the first arrival.
std::optional<std::string>& Bench::known_file() {
  std::optional<std::string>& known = surroundings_.content;
  if (!known && !surroundings_.directory.empty()) {
    const std::string read = read_bounded(surroundings_.directory + "/" + surroundings_.file);
    if (!read.empty()) known = read;
  }
  return known;
}

void Bench::compare_content(const Step& step, const std::string& content) {
  std::optional<std::string>& known = known_file();
  if (!known) known = content;
  if (*known == content) return;
  const std::string sizes =
      bytes_in_words(content.size()) + " came of " + std::to_string(known->size());
  const std::string usual = mistake_between(*known, content);
  wrong(step, usual.empty() ? "file-differs" : usual,
        sizes + (known->starts_with(content) ? "" : ", and not the same ones"));
}

void Bench::one_ok(Visitor& visitor, const Step& step, const Step* next) {
  take(visitor, step);
  bool more = false;
  const bool own = own_reply(manners_, "OK", first_line(visitor.all()), more).has_value();
  if (own || visitor.all().find("OK") != std::string_view::npos) ++oks_;
  if (next != nullptr && next->what == Step::Do::one_ok) return;
  if (oks_ != 1) wrong(step, "", std::to_string(oks_) + " of them heard OK");
}

void Bench::take(Visitor& visitor, const Step& step) {
  Time changed = Clock::now();
  std::size_t seen = 0;
  const auto enough = [&] {
    const std::string_view came = visitor.unjudged();
    if (came.size() != seen) seen = came.size(), changed = Clock::now();
    const bool settled = seen > 0 && Clock::now() - changed > settling();
    return came.find('\n') != std::string_view::npos || settled || visitor.ended();
  };
  const bool person = surroundings_.port < 0;
  person ? wait_for_client(visitor, enough) : void(visitor.wait(enough, patience_.answer));
  if (visitor.unjudged().empty())
    silent(visitor, step, person ? "a request" : "a reply",
           person ? kPersonTypes : patience_.answer);
  const std::string_view came = visitor.unjudged();
  request_ending_ = came.substr(without_last_ending(came).size());
  if (case_->id == "first") manners_.asks_with_line = request_ending_.ends_with('\n');
  visitor.judged(came.size());
}

}  // namespace talk::clinic
