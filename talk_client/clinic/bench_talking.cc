// What a server to talk with says: of one that neither greets nor answers nothing is to be seen.
#include <utility>

#include "talk_client/clinic/bench.h"

namespace talk::clinic {
namespace {

constexpr const char* kHello = "hello from the clinic";
constexpr const char* kMore = "nice to be here";

}  // namespace

void Bench::greeted(Visitor& visitor, const Step& step) {
  const auto spoken = [&] { return !visitor.unjudged().empty() || visitor.ended(); };
  if (step.what == Step::Do::hello) {
    visitor.wait_for_more(milliseconds(1000) + 4 * round_trip_);
    manners_.greets = !visitor.unjudged().empty();
  } else if (manners_.greets) {
    visitor.wait(spoken, patience_.answer);
  } else if (manners_.answers) {
    visitor.send("hello\n");
    visitor.wait(spoken, patience_.answer + 4 * round_trip_);
    if (visitor.unjudged().empty()) silent(visitor, step, "an answer");
  } else {
    result_.weight = Weight::skipped;
    result_.what =
        "cannot be seen from the network: this server neither speaks first nor answers at once";
    return;
  }
  if (manners_.greets && visitor.unjudged().empty()) silent(visitor, step, "a greeting");
  visitor.judged(visitor.unjudged().size());
}

void Bench::heard(Visitor& visitor, const Step& step) {
  const Step listens{Step::Do::anything, step.who, {}, {}, 0, 1, step.time};
  const auto answer_to = [&](const std::string& line) {
    const std::size_t before = visitor.judged();
    visitor.send(line + "\n");
    quiet(visitor, listens);
    return std::string(visitor.all().substr(before, visitor.judged() - before));
  };
  const std::string first = answer_to(kHello);
  const std::string second = answer_to(kMore);
  manners_.answers = !first.empty() && !second.empty();
  learn_said_back(manners_, {kHello, kMore}, {first, second});
}

void Bench::said_back(Visitor& visitor, const Step& step) {
  if (!manners_.says_back) return;
  const std::string wanted = clinic::said_back(manners_, step.text);
  const auto came = [&] { return without_digits(visitor.unjudged()); };
  visitor.wait([&] { return came().size() >= wanted.size() || visitor.ended(); },
               patience_.answer + 4 * round_trip_);
  visitor.wait_for_more(settling());  // what is too much
  const std::string all = came();
  const bool same = manners_.greets ? all.ends_with(wanted) : all == wanted;
  if (visitor.ended()) return;  // that is another finding
  if (!same) {
    record_.mark(visitor.number(), visitor.judged());
    wrong(step, "",
          escaped(all.substr(0, 60)) + " came where " + escaped(wanted.substr(0, 60)) +
              " was expected, as for other lines");
  }
  visitor.judged(visitor.unjudged().size());
}

}  // namespace talk::clinic
