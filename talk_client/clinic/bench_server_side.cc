// Where a client is examined: this side is its server.
#include <algorithm>

#include "talk_client/clinic/bench.h"

namespace talk::clinic {
namespace {

constexpr milliseconds kPersonTypes{60'000};  // the client may be one that a person types into

// The first line, or all where there is none.
std::string first_line_of(std::string_view came) {
  const std::size_t end = came.find('\n');
  return std::string(came.substr(0, end == std::string_view::npos ? end : end + 1));
}

// What a store says to a request; its data is one value for all keys.
std::string store_reply(std::string_view request) {
  const auto begins = [&](std::string_view word) {
    return std::ranges::equal(request.substr(0, word.size()), word, {}, [](char c) {
      return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c);
    });
  };
  if (begins("bye")) return "Goodbye";
  if (begins("put") || begins("del")) return "OK";
  return begins("get") ? "a value" : "Invalid command";
}

}  // namespace

void Bench::confirmed(Visitor& visitor, const Step& step) {
  const Step greeting{Step::Do::send, step.who, "accio\r\n", {}, step.piece};
  wait_patiently(step.time, patience_);
  send(visitor, greeting);
  if (manners_.old_accio) return;
  const auto hears = [&](const std::string& text, bool first) {
    Step wanted{Step::Do::reply, step.who, text, "\r\n"};
    const auto judge = [&](const Heard& heard) { return judge_reply(wanted, heard, manners_, ""); };
    const Verdict verdict = wait_for(visitor, wanted, judge);
    if (first && case_->id == "first" && verdict.state != Verdict::State::well) {
      manners_.old_accio = true;
      return differs(Weight::differs, "second-greeting",
                     "the client does not confirm: an older generation of the exercise, which is "
                     "examined as such");
    }
    if (verdict.state == Verdict::State::waiting) silent(visitor, wanted, escaped(text + "\r\n"));
    take_verdict(visitor, wanted, verdict);
  };
  hears("confirm-accio", true);
  if (manners_.old_accio) return;
  wait_patiently(step.time, patience_);
  send(visitor, greeting);
  hears("confirm-accio-again", false);
  const auto came = [&] { return visitor.unjudged().size() >= 2 || visitor.ended(); };
  visitor.wait(came, milliseconds(300) + 4 * round_trip_);
  if (visitor.unjudged().starts_with("\r\n")) visitor.judged(2);
}

// Until the client ends its side: each request, or all that came, is answered.
void Bench::answer_all(Visitor& visitor, const Step& step) {
  const bool echo = step.what == Step::Do::echo_all;
  std::size_t answered = 0;
  for (;;) {
    visitor.wait([&] { return !visitor.unjudged().empty() || visitor.ended(); }, kPersonTypes);
    if (!echo) {
      // A request without an ending ends at a pause.
      const auto whole = [&] {
        return visitor.unjudged().find('\n') != std::string_view::npos || visitor.ended();
      };
      visitor.wait(whole, settling());
    }
    const std::string came =
        echo ? std::string(visitor.unjudged()) : first_line_of(visitor.unjudged());
    if (came.empty()) break;
    visitor.judged(came.size());
    ++answered;
    wait_patiently(step.time, patience_);
    const std::string reply = echo ? came : store_reply(came) + "\n";
    visitor.send(reply, step.piece);
    if (reply == "Goodbye\n") break;
  }
  if (answered == 0) silent(visitor, step, "a request");
  visitor.half_close();
}

void Bench::read_all(Visitor& visitor, const Step& step) {
  visitor.wait([&] { return visitor.ended(); }, 2 * patience_.answer);
  visitor.judged(visitor.unjudged().size());
  if (!visitor.ended()) silent(visitor, step, "the end of the client's side");
  if (visitor.was_reset())
    wrong(step, "leaves-unread", "the client left while it had not read all that was sent");
}

}  // namespace talk::clinic
