#include "talk_client/clinic/bench.h"

#include <algorithm>
#include <random>

namespace talk::clinic {
namespace {

constexpr std::size_t kMostConnections = 500;
constexpr std::size_t kMostAtOnce = 64;
constexpr milliseconds kBanner{250};
constexpr std::size_t kLongestPrompt = 40;  // bytes

unsigned long long random_base() {
  static std::mt19937_64 numbers{std::random_device{}()};
  return 1'000'000'000'000ULL + numbers() % 1'000'000'000'000ULL * 1000ULL;
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
  return "";
}

}  // namespace

Result Bench::try_case(const Case& tried) {
  const Time start = Clock::now();
  case_ = &tried;
  result_ = {tried.id, tried.story, tried.specification};
  record_ = {};
  opened_ = 0;
  sent_ = 0;
  oks_ = 0;
  if (tried.id == "first") manners_ = {};  // learnt anew, and told, at each try
  answered_.clear();
  base_ = random_base();
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
    finding(found.mistake, found.what);
    result_.weight = found.weight;
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
  for (const auto& [number, visitor] : visitors_) {
    if (!visitor->open() || !answered_[number]) continue;
    visitor->wait_for_more(tried.id == "first" ? settling() : milliseconds(0));
    const std::string_view left = visitor->unjudged();
    if (left.empty() || left == manners_.prompt) continue;
    record_.mark(number, visitor->judged());
    const bool echoed = steps.back().what == Step::Do::bytes;
    const std::string first = echoed ? "echo-adds" : "wrong-reply";
    throw Finding{Weight::fails, tried.id == "first" ? first : tried.mistake,
                  "more came than was asked for: " + escaped(left.substr(0, 60))};
  }
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
    throw Finding{Weight::fails, case_->mistake, error.what()};
  }
  round_trip_ = std::chrono::duration_cast<milliseconds>(Clock::now() - start);
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
  const std::size_t line = said.rfind('\n');
  if (const auto prompt = said.substr(line == std::string_view::npos ? 0 : line + 1);
      prompt.size() <= kLongestPrompt)
    manners_.prompt = prompt;
  differs(Weight::differs, "banner", "it says " + escaped(said.substr(0, 60)) + " unasked");
  visitor.judged(said.size());
}

void Bench::take_banner(Visitor& visitor) {
  visitor.wait([&] { return !visitor.unjudged().empty() || visitor.ended(); }, patience_.answer);
  visitor.wait([&] { return visitor.ended(); }, kBanner);
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
    case Step::Do::same_process:
    case Step::Do::no_zombies:
    case Step::Do::reuses_address:
      return look_at_process(step);
    default:
      return perform_on(visitor(step.who), step, next);
  }
}

void Bench::perform_on(Visitor& visitor, const Step& step, const Step* next) {
  const bool reply_follows =
      next != nullptr && next->what == Step::Do::reply && next->who == step.who;
  switch (step.what) {
    case Step::Do::handshake:
    case Step::Do::handshake_quick:
      return handshake(visitor, step);
    case Step::Do::send:
    case Step::Do::flood:
      return send(visitor, step);
    case Step::Do::reply:
      return reply(visitor, step, reply_follows ? std::string_view(next->text) : "");
    case Step::Do::bytes:
      return bytes(visitor, step);
    case Step::Do::fetched_no:
    case Step::Do::fetched:
    case Step::Do::first_apart:
    case Step::Do::fetched_apart:
      return fetched(visitor, step);
    case Step::Do::one_ok:
      return one_ok(visitor, step, next);
    case Step::Do::hello:
    case Step::Do::greeted:
      return greeted(visitor, step);
    case Step::Do::confirmed:
      return confirmed(visitor, step);
    case Step::Do::echo_all:
    case Step::Do::answer_all:
      return answer_all(visitor, step);
    case Step::Do::read_all:
      return read_all(visitor, step);
    case Step::Do::take:
      return take(visitor, step);
    case Step::Do::take_all:
      return take_all(visitor, step);
    case Step::Do::anything:
    case Step::Do::quiet:
      return quiet(visitor, step);
    case Step::Do::half_close:
      return visitor.half_close();
    case Step::Do::end:
      return end(visitor, step);
    case Step::Do::gone:
      return gone(visitor, step);
    case Step::Do::reset:
      return visitor.reset();
    case Step::Do::close:
      return visitor.close();
    default:
      return;
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

void Bench::silent(Visitor& visitor, const Step& step, const std::string& wanted) {
  const std::size_t came = visitor.unjudged().size();
  record_.mark(visitor.number(), visitor.judged() + came);
  const std::string what =
      came == 0 ? "nothing came" : std::to_string(came) + " bytes came and no more";
  if (visitor.ended()) {
    const std::string& own = step.when_ended.empty() ? case_->mistake : step.when_ended;
    throw Finding{step.weight, own,
                  "the connection " + std::string(visitor.was_reset() ? "was reset" : "ended") +
                      " where " + wanted + " was expected"};
  }
  const std::string& own = step.when_silent.empty() ? case_->mistake : step.when_silent;
  throw Finding{step.weight, own,
                what + " within " + std::to_string(patience_.answer.count() / 1000) + " s where " +
                    wanted + " was expected"};
}

std::string Bench::filled(const std::string& text) const {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = text.find('{', at);
    const std::size_t end = begin == std::string::npos ? begin : text.find('}', begin);
    if (end == std::string::npos) return out + text.substr(at);
    const std::string name = text.substr(begin + 1, end - begin - 1);
    const bool number = !name.empty() && name.size() < 4 &&
                        std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
    out += text.substr(at, begin - at);
    if (number)
      out += std::to_string(base_ + std::stoull(name));
    else if (name == "token")
      out += "clinic-" + std::to_string(base_);
    else if (name == "file")
      out += surroundings_.file;
    else
      out += text.substr(begin, end - begin + 1);
    at = end + 1;
  }
  return out;
}

// After so long without a byte what came is all that comes for now.
milliseconds Bench::settling() const { return milliseconds(300) + 4 * round_trip_; }

}  // namespace talk::clinic
