// Where a client is examined that asks and is answered: this side is its server.
#include <algorithm>
#include <utility>

#include "talk_client/clinic/bench.h"

namespace talk::clinic {
namespace {

constexpr milliseconds kApart{150};  // replies that are to come in receives of their own

std::string in_small_letters(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 'a' - 'A');
  return text;
}

std::string without_ending(std::string text) {
  while (!text.empty() && std::string_view("\r\n\0", 3).find(text.back()) != std::string_view::npos)
    text.pop_back();
  return text;
}

// A last line :exit ends a session of echo; it is no part of what comes back.
bool cut_exit(std::string& said) {
  const std::string text = without_ending(said);
  if (text != ":exit" && !text.ends_with("\n:exit")) return false;
  said.resize(text.size() - std::string_view(":exit").size());
  return true;
}

}  // namespace

// What a store says. A key that this run has not put is somebody else's, and is found.
std::string Bench::store_reply(const Step& step, const std::string& request) {
  const std::size_t blank = std::min(request.find(' '), request.size());
  const std::string command = in_small_letters(request.substr(0, blank));
  if (command == "bye") return "Goodbye";
  const std::string words = blank < request.size() ? request.substr(blank + 1) : "";
  const std::string key = words.substr(0, words.find(' '));
  const auto found = data_.find(key);
  const bool known = found != data_.end();
  const bool there = !known || found->second.has_value();
  if (command == "put") {
    if (known && there) return "Key already exists";
    data_[key] = words.substr(std::min(words.size(), key.size() + 1));
    return "OK";
  }
  if (command != "get" && command != "del") return "Invalid command";
  if (command == "get" && !step.text.empty()) return step.text;
  if (!there) return "Key not found";
  if (command == "get") return known ? *found->second : "a value";
  data_[key].reset();
  return "OK";
}

// The client's next request without its ending, which is remembered; of an echo client all that is
// there. Empty: it says no more.
std::string Bench::next_request(Visitor& visitor, const Step& step) {
  constexpr std::string_view kEnds("\n\0", 2);
  wait_for_client(visitor, [&] { return !visitor.unjudged().empty() || visitor.ended(); });
  if (step.what == Step::Do::echo_all) {
    const std::string came(visitor.unjudged());
    look_for_stale(came);
    visitor.judged(came.size());
    return came;
  }
  // A request without an ending ends at a pause.
  const auto whole = [&] {
    return visitor.unjudged().find_first_of(kEnds) != std::string_view::npos || visitor.ended();
  };
  visitor.wait(whole, settling());
  const std::string_view came = visitor.unjudged();
  const std::size_t end = came.find_first_of(kEnds);
  const bool nul = end != std::string_view::npos && came[end] == '\0';
  const std::string request(came.substr(0, end == std::string_view::npos ? end : end + 1));
  const std::string text = without_ending(request);
  request_ending_ = request.substr(text.size());
  if (nul && came.size() > end + 1)
    differs(Weight::differs, "sends-buffer",
            bytes_in_words(came.size() - end - 1) + " came behind the NUL");
  visitor.judged(nul ? came.size() : request.size());
  if (request_ending_.empty() && !text.empty() && case_->id == "first") {
    manners_.no_endings = true;
    differs(Weight::differs, "request-without-ending", "nothing stands behind " + escaped(text));
  }
  return text;
}

// In the first case: whether it waits for its replies, and for all of them.
void Bench::learn_requests(Visitor& visitor, std::size_t answered) {
  if (answered == 1) manners_.lockstep = true;
  if (answered > 2) return;
  visitor.wait_for_more(settling());
  if (!visitor.unjudged().empty()) manners_.lockstep = false;
  if (visitor.ended()) manners_.ends_early = true;
}

void Bench::wait_before_answer(Visitor& visitor, const Step& step) {
  if (step.time <= milliseconds(0)) return;
  const Time until = Clock::now() + step.time;
  const bool had_ended = visitor.ended();
  wait_patiently(step.time, patience_);
  visitor.wait_for_more(milliseconds(0));
  const bool again = manners_.lockstep && !visitor.unjudged().empty();
  const bool left = !manners_.ends_early && visitor.ended() && !had_ended;
  if (!again && !left) return;
  record_.mark(visitor.number(), visitor.judged());
  wrong(
      step, "impatient",
      std::string(again ? "it went on" : "it left") + " without its reply within " +
          std::to_string(
              std::chrono::duration_cast<milliseconds>(Clock::now() - until + step.time).count()) +
          " ms");
}

// In its pieces. Who goes on before the last one has taken one receive for one message.
void Bench::answer(Visitor& visitor, const Step& step, const std::string& reply,
                   milliseconds stall) {
  const bool had_ended = visitor.ended() || manners_.ends_early;
  const milliseconds between = std::max(stall, patience_.delay);
  for (std::size_t said = 0; said < reply.size();) {
    std::size_t size = reply.size() - said;
    if (step.piece == kAllButOne && said == 0)
      size -= size > 1 ? 1 : 0;
    else if (step.piece != 0 && step.piece != kAllButOne && (!step.strict || said == 0))
      size = std::min(size, step.piece);
    visitor.send(std::string_view(reply).substr(said, size));
    said += size;
    if (said == reply.size()) return;
    if (said == size) visitor.let_first_arrive();
    wait_patiently(between, patience_);
    visitor.wait_for_more(milliseconds(0));
    const bool again = manners_.lockstep && !visitor.unjudged().empty();
    if (!again && (!visitor.ended() || had_ended)) continue;
    record_.mark(visitor.number(), visitor.judged());
    wrong(step, "",
          std::string(again ? "it went on" : "it left") + " when " + bytes_in_words(said) +
              " of a reply of " + std::to_string(reply.size()) + " had been sent");
  }
}

// Until the client ends its side, or has had so many answers.
void Bench::answer_all(Visitor& visitor, const Step& step) {
  const bool echo = step.what == Step::Do::echo_all;
  std::size_t answered = 0;
  const bool together = step.strict && step.piece == 0;
  std::string all;
  std::string replies;
  bool over = false;
  while (!over && answered < step.times) {
    std::string request = next_request(visitor, step);
    if (request.empty() && (echo || visitor.ended())) break;
    if (request.empty()) continue;  // an empty line is ignored
    all += echo ? request : request + "\n";
    ++answered;
    if (case_->id == "first") learn_requests(visitor, answered);
    if (case_->id == "first" && !manners_.lockstep) wait_patiently(kApart, patience_);
    over = echo && cut_exit(request);
    if (over && request.empty()) break;
    if (answered == 1) wait_before_answer(visitor, step);
    const std::string said = echo ? request : store_reply(step, request) + request_ending_;
    replies += said;
    over = over || (!echo && said.starts_with("Goodbye"));
    if (together && !over && visitor.wait_for_more(settling())) continue;
    answer(visitor, step, std::exchange(replies, ""), answered == 1 ? step.most : milliseconds(0));
  }
  if (answered == 0) silent(visitor, step, "a request", kPersonTypes);
  if (step.times == kAlways) compare_said(visitor, step, all);
}

void Bench::leaves(Visitor& visitor, const Step& step) {
  const bool first = case_->id == "first";
  if (!first && !manners_.done_when_answered) return;
  visitor.wait([&] { return visitor.ended(); }, first ? settling() : patience_.answer);
  if (first) manners_.done_when_answered = visitor.ended();
  if (!first && !visitor.ended()) wrong(step, "", "all was answered, and it waits for more");
}

// It says the same at each run, where it is answered the same.
void Bench::compare_said(Visitor& visitor, const Step& step, const std::string& said) {
  std::optional<std::string>& known = surroundings_.content;
  if (!known) known = said;
  const bool other_values = !step.text.empty();
  if (*known == said) {
    manners_.takes_any_value = manners_.takes_any_value || other_values;
    return;
  }
  if (other_values && !manners_.takes_any_value && known->starts_with(said) && visitor.ended() &&
      !visitor.was_reset()) {
    manners_.compares = true;  // as it may
    result_.what =
        "it left when a value was not what it had put: what it makes of others is not seen";
    return;
  }
  const std::size_t same =
      static_cast<std::size_t>(std::ranges::mismatch(*known, said).in2 - said.begin());
  record_.mark(visitor.number(), visitor.judged());
  wrong(step, "",
        "it said " + escaped(said.substr(same, 60)) + " where " + escaped(known->substr(same, 60)) +
            " was expected");
}

}  // namespace talk::clinic
