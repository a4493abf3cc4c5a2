#include "talk_client/clinic/bench.h"

#include <algorithm>
#include <atomic>
#include <random>

#include "common/posix/bug.h"
#include "common/posix/tcp_gauge.h"

namespace talk::clinic {
namespace {

constexpr std::size_t kMostConnections = 500;
constexpr std::size_t kMostAtOnce = 64;
constexpr milliseconds kBanner{250};
constexpr milliseconds kFarthest{1000};
constexpr milliseconds kFar{50};            // a round trip; in one house none takes so long
constexpr std::size_t kLongestPrompt = 40;  // bytes

// Nine digits: any int holds them, and those that are larger are a case of their own. A try's own;
// several servers may be examined at once.
unsigned long long next_base() {
  constexpr unsigned long long kBegin = 100'000'000;
  constexpr unsigned long long kRange = 700'000'000;
  constexpr unsigned long long kOfOneTry = 1000;
  static std::atomic<unsigned long long> next = std::random_device{}();
  return kBegin + (next += kOfOneTry) % kRange;
}

// Whether nothing may come behind it unasked.
bool is_answer(Step::Do what) {
  return what == Step::Do::reply || what == Step::Do::bytes || what == Step::Do::fetched ||
         what == Step::Do::fetched_no;
}

std::string needed(const Case& tried, const Surroundings& surroundings) {
  if (tried.wants == Case::Wants::directory && surroundings.directory.empty())
    return "cannot be seen from the network: --dir DIR says where the server keeps its files";
  if (tried.wants == Case::Wants::file && surroundings.file.empty())
    return "needs a file that the server has: --file NAME names one";
  const std::vector<Step>& steps = tried.script.steps();
  const auto fetches =
      static_cast<std::size_t>(std::ranges::count(steps, Step::Do::fetched, &Step::what));
  if (fetches > 1 && surroundings.content && surroundings.content->size() > kMostBytes / fetches)
    return "the file is too large to be fetched " + std::to_string(fetches) + " times";
  return "";
}

}  // namespace

// What a try learns for itself is forgotten.
void Bench::begin(const Case& tried) {
  case_ = &tried;
  result_ = {tried.id, tried.story, tried.specification};
  record_ = {};
  patience_.kept = milliseconds(0);
  was_reset_ = false;
  opened_ = 0;
  sent_ = 0;
  oks_ = 0;
  if (tried.id == "first") {  // learnt anew, and told, at each try
    manners_ = {};
    if (surroundings_.port < 0 && !surroundings_.expected) surroundings_.content.reset();
  }
  answered_.clear();
  data_.clear();
  base_ = next_base();
}

Result Bench::try_case(const Case& tried) {
  const Time start = Clock::now();
  begin(tried);
  const auto finding = [&](const std::string& mistake, const std::string& what) {
    result_.weight = Weight::fails;
    result_.mistake = find_mistake(mistake);
    result_.what = what;
  };
  if (std::string why = needed(tried, surroundings_); !why.empty()) {
    result_.weight = Weight::skipped;
    result_.what = std::move(why);
    return result_;
  }
  try {
    stored_.look(surroundings_.directory);
    run(tried);
  } catch (const Finding& found) {
    // What follows from a mistake that was found before is no other.
    if (!result_.borne || found.weight > result_.weight) {
      finding(found.mistake, found.what);
      result_.weight = found.weight;
    }
    result_.borne = false;
  } catch (const TooMuch&) {
    finding("endless", "more than 10 MiB came");
  }
  close_all();
  tidy(tried);
  result_.evidence = record_.take();
  result_.took = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
  return result_;
}

void Bench::run(const Case& tried) {
  const std::vector<Step>& steps = tried.script.steps();
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step* next = i + 1 < steps.size() ? &steps[i + 1] : nullptr;
    perform(steps[i], next);
    answered_[steps[i].who] = is_answer(steps[i].what);
    if (result_.weight == Weight::skipped) return;
  }
  look_at_what_is_left();
  if (tried.id == "first") learn_generation();
}

void Bench::open(int who) {
  if (static_cast<std::size_t>(++opened_) > kMostConnections)
    throw BrokenOff{"too many connections"};
  std::erase_if(visitors_, [](const auto& entry) { return !entry.second->open(); });
  if (visitors_.size() >= kMostAtOnce) throw BrokenOff{"too many connections at once"};
  const Time start = Clock::now();
  OwnedFd socket;
  try {
    socket = door_();
  } catch (const BrokenOff&) {
    throw;
  } catch (const std::exception& error) {
    record_.add(who, Said::By::event, error.what());
    const auto* const system = dynamic_cast<const std::system_error*>(&error);
    const bool reset = system != nullptr && system->code().value() == ECONNRESET;
    throw Finding{Weight::fails, reset && case_->id == "first" ? "hangs-up" : case_->mistake,
                  error.what()};
  }
  round_trip_ = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
  if (surroundings_.port < 0) {  // that was how long it took somebody to start the client
    const auto tcp = read_tcp(socket.get());
    round_trip_ = tcp ? std::chrono::ceil<milliseconds>(tcp->min_rtt) : milliseconds(0);
    round_trip_ = std::min(round_trip_, kFarthest);  // it is larger before the first one
  }
  record_.add(who, Said::By::event, "connected");
  visitors_[who] = std::make_unique<Visitor>(std::move(socket), who, patience_, record_);
  if (manners_.banner && surroundings_.port >= 0) take_banner(*visitors_[who]);
}

void Bench::close_all() {
  for (const auto& [number, visitor] : visitors_) {
    try {
      if (visitor->open()) visitor->close();
    } catch (const TooMuch&) {
    }
  }
  visitors_.clear();
}

// A server that speaks before the first request: what it ends with may be a prompt.
void Bench::learn_banner() {
  Visitor& visitor = *visitors_.begin()->second;
  if (surroundings_.port < 0 || manners_.banner) return;
  if (!visitor.wait_for_more(kBanner + 4 * round_trip_) || visitor.ended()) return;
  manners_.banner = true;
  visitor.wait([&] { return visitor.ended(); }, kBanner);
  const std::string_view said = visitor.unjudged();
  manners_.banner_size = said.size();
  const std::size_t line = said.rfind('\n');
  if (const auto prompt = said.substr(line == std::string_view::npos ? 0 : line + 1);
      prompt.size() <= kLongestPrompt)
    manners_.prompt = prompt;
  differs(Weight::differs, "banner", "it says " + escaped(said.substr(0, 60)) + " unasked");
  visitor.judged(said.size());
}

void Bench::take_banner(Visitor& visitor) {
  visitor.wait([&] { return !visitor.unjudged().empty() || visitor.ended(); }, patience_.answer);
  const auto whole = [&] { return visitor.unjudged().size() >= manners_.banner_size; };
  visitor.wait([&] { return whole() || visitor.ended(); }, kBanner);
  visitor.judged(visitor.unjudged().size());
}

Visitor& Bench::visitor(int who) {
  const auto found = visitors_.find(who);
  if (found == visitors_.end() || !found->second->open())
    throw Finding{Weight::fails, case_->mistake, "there is no such connection any more"};
  return *found->second;
}

void Bench::perform(const Step& step, const Step* next) {
  switch (step.what) {
    case Step::Do::open:
      open(step.who);
      if (case_->id == "first" && next != nullptr && next->what == Step::Do::send) learn_banner();
      return;
    case Step::Do::open_if_ended:
      visitor(step.who).wait_for_more(milliseconds(20));
      return visitor(step.who).ended() ? open(step.who) : void();
    case Step::Do::pause:
      return wait_patiently(step.time, patience_);
    case Step::Do::stored:
    case Step::Do::stored_error:
    case Step::Do::nothing_stored:
    case Step::Do::in_file:
      return look_at_files(step);
    case Step::Do::fetched_file:
    case Step::Do::no_file:
    case Step::Do::no_bytes:
      return look_at_fetched(step);
    case Step::Do::same_process:
    case Step::Do::no_zombies:
    case Step::Do::reuses_address:
      return look_at_process(step);
    default:
      return step.in_one_send ? perform_in_one_send(visitor(step.who), step, next)
                              : perform_on(visitor(step.who), step, next);
  }
}

// Of the steps that need no more than the connection.
const std::map<Step::Do, Bench::Way>& Bench::ways() {
  using Do = Step::Do;
  static const std::map<Do, Way> all = {
      {Do::handshake, &Bench::handshake},
      {Do::handshake_quick, &Bench::handshake},
      {Do::send, &Bench::send},
      {Do::flood, &Bench::send},
      {Do::bytes, &Bench::bytes},
      {Do::not_reply, &Bench::not_reply},
      {Do::fetched_no, &Bench::fetched},
      {Do::fetched, &Bench::fetched},
      {Do::first_apart, &Bench::fetched},
      {Do::fetched_apart, &Bench::fetched},
      {Do::hello, &Bench::greeted},
      {Do::greeted, &Bench::greeted},
      {Do::heard, &Bench::heard},
      {Do::said_back, &Bench::said_back},
      {Do::confirmed, &Bench::confirmed},
      {Do::echo_all, &Bench::answer_all},
      {Do::answer_all, &Bench::answer_all},
      {Do::read_all, &Bench::read_all},
      {Do::take, &Bench::take},
      {Do::take_all, &Bench::take_all},
      {Do::begins, &Bench::begins},
      {Do::now_and_then, &Bench::now_and_then},
      {Do::apart, &Bench::apart},
      {Do::waits_for_end, &Bench::waits_for_end},
      {Do::leaves, &Bench::leaves},
      {Do::stays, &Bench::stays},
      {Do::fills_up, &Bench::fills_up},
      {Do::anything, &Bench::quiet},
      {Do::quiet, &Bench::quiet},
      {Do::no_more, &Bench::quiet},
      {Do::end, &Bench::end},
      {Do::gone, &Bench::gone},
  };
  return all;
}

void Bench::perform_on(Visitor& visitor, const Step& step, const Step* next) {
  using Do = Step::Do;
  const bool reply_follows = next != nullptr && next->what == Do::reply && next->who == step.who;
  switch (step.what) {
    case Do::reply:
      return reply(visitor, step, reply_follows ? std::string_view(next->text) : "");
    case Do::one_ok:
      return one_ok(visitor, step, next);
    case Do::half_close:
      return visitor.half_close();
    case Do::reset:
      return reset(visitor, step);
    case Do::close:
      return visitor.close();
    default:
      const auto way = ways().find(step.what);
      check(way != ways().end(), "a step of a case is done by nobody");
      return (this->*way->second)(visitor, step);
  }
}

void Bench::differs(Weight weight, const std::string& mistake, const std::string& what) {
  if (weight <= result_.weight) return;
  result_.weight = weight;
  result_.mistake = find_mistake(mistake);
  result_.what = what;
}

void Bench::wrong(const Step& step, const std::string& mistake, const std::string& what) {
  const std::string& own = step.when_wrong.empty() ? case_->mistake : step.when_wrong;
  throw Finding{step.weight, mistake.empty() ? own : mistake, what};
}

void Bench::silent(Visitor& visitor, const Step& step, const std::string& wanted,
                   std::optional<milliseconds> waited) {
  const std::size_t came = visitor.unjudged().size();
  record_.mark(visitor.number(), visitor.judged() + came);
  const std::string what = came == 0 ? "nothing came" : bytes_in_words(came) + " came and no more";
  if (visitor.ended()) {
    const std::string& own = step.when_ended.empty() ? case_->mistake : step.when_ended;
    throw Finding{step.weight, own,
                  "the connection " + std::string(visitor.was_reset() ? "was reset" : "ended") +
                      "; expected " + wanted};
  }
  const std::string& own = step.when_silent.empty() ? case_->mistake : step.when_silent;
  if (came == 0 && waits_for_all(visitor))
    throw Finding{step.weight, "wait-all",
                  "it came when the client had ended its side, not before"};
  throw Finding{step.weight, own,
                what + " within " +
                    std::to_string(waited.value_or(patience_.answer).count() / 1000) +
                    " s; expected " + wanted};
}

// After so long without a byte what came is all that comes for now.
milliseconds Bench::settling() const {
  constexpr milliseconds kSentAgain{3000};  // TCP's first patience where it knows no better
  return milliseconds(300) + 4 * round_trip_ +
         (patience_.link_loses ? kSentAgain : milliseconds(0));
}

// An end that is lost comes again when TCP's patience is over, which grows.
Time Bench::seen_by(const Visitor& visitor, milliseconds time) const {
  constexpr milliseconds kOnce{3000}, kTwice{10'000};
  const bool far = round_trip_ > kFar;
  if (far || patience_.link_loses) visitor.wait_until_delivered();
  return Clock::now() + time + 4 * round_trip_ +
         (patience_.link_loses ? kTwice
          : far                ? kOnce
                               : milliseconds(0));
}

}  // namespace talk::clinic
