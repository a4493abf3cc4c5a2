// What is found once and borne from then on.
#include "talk_client/clinic/bench.h"

namespace talk::clinic {
namespace {

constexpr std::size_t kShown = 60;  // bytes of what came

}  // namespace

void Bench::bear(Weight weight, const std::string& mistake, const std::string& what) {
  differs(weight, mistake, what);
  result_.borne = true;
}

// Of the first request that was not answered: whether it is when the client says that it was all.
bool Bench::waits_for_all(Visitor& visitor) {
  if (case_->id != "first" || surroundings_.port < 0 || visitor.ended()) return false;
  visitor.half_close();
  visitor.wait([&] { return !visitor.unjudged().empty() || visitor.ended(); }, patience_.answer);
  return !visitor.unjudged().empty();
}

// A reply in words of the program's own.
bool Bench::bear_reply(Visitor& visitor, const Step& wanted, const Verdict& verdict) {
  if (surroundings_.port < 0 || wanted.weight < Weight::fragile) return false;
  visitor.wait([&] { return visitor.ended(); }, settling());  // all of it
  std::string_view came = visitor.unjudged();
  while (!manners_.prompt.empty() && came.starts_with(manners_.prompt))
    came.remove_prefix(manners_.prompt.size());
  if (came.ends_with(manners_.prompt)) came.remove_suffix(manners_.prompt.size());
  came = without_last_ending(came);
  if (!learn_reply(manners_, wanted.text, came)) return false;
  record_.mark(visitor.number(), visitor.judged() + verdict.mark);
  bear(wanted.weight, "wrong-reply",
       escaped(came.substr(0, kShown)) + " came where the specification says " +
           escaped(wanted.text));
  return true;
}

// Of echo's first message: what comes back is not what was sent.
bool Bench::bear_echo(Visitor& visitor, const Step& wanted, const Verdict& verdict) {
  if (case_->id != "first" || surroundings_.port < 0) return false;
  visitor.wait([&] { return visitor.ended(); }, settling());
  const std::string came(visitor.unjudged());
  record_.mark(visitor.number(), visitor.judged() + verdict.mark);
  bear(Weight::fails, learn_echo(manners_, wanted.text, came),
       escaped(came.substr(0, kShown)) + " came back for " + escaped(wanted.text));
  visitor.judged(came.size());
  return true;
}

// Of a name which no file has, for it is the clinic's own.
bool Bench::bear_no(Visitor& visitor, const Step& step) {
  if (step.what != Step::Do::fetched_no || !asked_.starts_with("clinic")) return false;
  if (step.weight != Weight::fails) return false;
  if (manners_.own_no.size() > 1 || manners_.own_identity) return false;
  visitor.wait([&] { return visitor.ended(); }, settling());
  const std::string came(visitor.unjudged());
  if (came.empty()) return false;
  record_.mark(visitor.number(), visitor.judged());
  bear(Weight::fails, learn_no(manners_, came),
       escaped(came.substr(0, kShown)) +
           " came where a process ID and NO were expected: the file "
           "is not there");
  visitor.judged(came.size());
  return true;
}

// Behind an answer nothing may come unasked.
void Bench::look_at_what_is_left() {
  const bool first = case_->id == "first";
  const Step& last = case_->script.steps().back();
  for (const auto& [number, visitor] : visitors_) {
    if (!visitor->open() || !answered_[number]) continue;
    visitor->wait_for_more(first ? settling() : milliseconds(0));
    const std::string left(visitor->unjudged());
    if (left.empty() || left == manners_.prompt) continue;
    record_.mark(number, visitor->judged());
    const std::string what = "more came than was asked for: " + escaped(left.substr(0, kShown));
    if (!first) throw Finding{Weight::fails, case_->mistake, what};
    if (last.what == Step::Do::bytes) {
      const std::string text = filled(last.text);
      bear(Weight::fails, learn_echo(manners_, text, text + left), what);
    } else {
      manners_.prompt = left;
      bear(Weight::fails, "wrong-reply", what);
    }
  }
}

}  // namespace talk::clinic
