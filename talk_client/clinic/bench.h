// Does one case once: its steps, one after the other, on real connections.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "talk_client/clinic/case.h"
#include "talk_client/clinic/judge.h"
#include "talk_client/clinic/stored_files.h"
#include "talk_client/clinic/visitor.h"

namespace talk::clinic {

// What is known of the examined program besides its connections.
struct Surroundings {
  std::string directory{};               // --dir; empty: unknown
  std::string file{};                    // --file
  std::optional<std::string> content{};  // of that file, or --expect: what must come
  bool expected = false;                 // --expect gave it; otherwise the first run does
  int port = 0;                          // of a server on this machine; 0: it is elsewhere
};

class Bench {
 public:
  // Gives the next connection; throws std::exception where there is none to be had.
  using Door = std::function<OwnedFd()>;

  // All three learn: a file's content from its first arrival, manners from the first case, patience
  // what the link does. They outlive the bench.
  Bench(Door door, Patience& patience, Surroundings& surroundings, Manners& manners)
      : door_(std::move(door)),
        patience_(patience),
        surroundings_(surroundings),
        manners_(manners) {}

  // Throws BrokenOff.
  Result try_case(const Case& tried);

 private:
  struct Finding {
    Weight weight;
    std::string mistake;
    std::string what;
  };

  using Way = void (Bench::*)(Visitor& visitor, const Step& step);

  // bench.cc: the case, its steps and its connections
  static const std::map<Step::Do, Way>& ways();
  void begin(const Case& tried);
  void run(const Case& tried);
  void perform(const Step& step, const Step* next);
  void perform_on(Visitor& visitor, const Step& step, const Step* next);
  void open(int who);
  void close_all();
  void learn_banner();
  void take_banner(Visitor& visitor);
  [[noreturn]] void wrong(const Step& step, const std::string& mistake, const std::string& what);
  [[noreturn]] void silent(Visitor& visitor, const Step& step, const std::string& wanted,
                           std::optional<milliseconds> waited = std::nullopt);
  void differs(Weight weight, const std::string& mistake, const std::string& what);
  milliseconds settling() const;
  // Until when something is seen that the program does within `time`.
  Time seen_by(const Visitor& visitor, milliseconds time) const;
  Visitor& visitor(int who);
  // bench_replies.cc: what comes over a connection
  void send(Visitor& visitor, const Step& step);
  Visitor::Sent send_parts(Visitor& visitor, const Step& step, std::string_view text);
  void fills_up(Visitor& visitor, const Step& step);
  void reply(Visitor& visitor, const Step& step, std::string_view next);
  void perform_in_one_send(Visitor& visitor, const Step& step, const Step* next);
  void not_reply(Visitor& visitor, const Step& step);
  bool is_instead(std::string_view came, const Step& step) const;
  void bytes(Visitor& visitor, const Step& step);
  void fetched(Visitor& visitor, const Step& step);
  void look_whether_apart(Visitor& visitor, const Step& step, std::size_t digits,
                          std::size_t first);
  std::optional<std::string>& known_file();
  void compare_content(const Step& step, const std::string& content);
  void take(Visitor& visitor, const Step& step);
  void one_ok(Visitor& visitor, const Step& step, const Step* next);
  // Waits for the verdict on what comes; `judge` is asked whenever something has changed.
  Verdict wait_for(Visitor& visitor, const Step& step,
                   const std::function<Verdict(const HeardBytes&)>& judge);
  void take_verdict(Visitor& visitor, const Step& step, const Verdict& verdict);
  // bench_talking.cc: what a server to talk with says
  void greeted(Visitor& visitor, const Step& step);
  void heard(Visitor& visitor, const Step& step);
  void said_back(Visitor& visitor, const Step& step);
  // bench_beyond.cc: silence, ends, and what only the server's own machine shows
  void tidy(const Case& tried);
  void handshake(Visitor& visitor, const Step& step);
  void confirm(Visitor& visitor, const Step& step);
  bool comes(Visitor& visitor);
  void learn_generation();
  void quiet(Visitor& visitor, const Step& step);
  void end(Visitor& visitor, const Step& step);
  void gone(Visitor& visitor, const Step& step);
  void reset(Visitor& visitor, const Step& step);
  void look_at_files(const Step& step);
  [[noreturn]] void miss_file(const Step& step, const std::string& content);
  void look_at_process(const Step& step);
  // bench_texts.cc: what stands in texts for what only the bench knows
  std::string filled(const std::string& text) const;  // numbers and words in the place of {…}
  std::string head_of_reply(const std::string& size) const;
  // bench_requests.cc: a client that asks, and is answered
  void answer_all(Visitor& visitor, const Step& step);
  std::string store_reply(const Step& step, const std::string& request);
  std::string next_request(Visitor& visitor, const Step& step);
  void wait_before_answer(Visitor& visitor, const Step& step);
  void learn_requests(Visitor& visitor, std::size_t answered);
  void answer(Visitor& visitor, const Step& step, const std::string& reply, milliseconds stall);
  void compare_said(Visitor& visitor, const Step& step, const std::string& said);
  void leaves(Visitor& visitor, const Step& step);
  // bench_server_side.cc: a client that hands in or fetches a file
  void begins(Visitor& visitor, const Step& step);
  void wait_for_client(Visitor& visitor, const std::function<bool()>& enough);
  void take_all(Visitor& visitor, const Step& step);
  void confirmed(Visitor& visitor, const Step& step);
  void apart(Visitor& visitor, const Step& step);
  void bear_request(Visitor& visitor, const Verdict& verdict);
  void look_for_stale(std::string_view said);
  void read_all(Visitor& visitor, const Step& step);
  void stays(Visitor& visitor, const Step& step);
  void now_and_then(Visitor& visitor, const Step& step);
  void waits_for_end(Visitor& visitor, const Step& step);
  void look_at_fetched(const Step& step);
  milliseconds unheard_reset() const;
  // What must not be there, waited for as long as it may take to appear.
  bool appears(const std::function<bool()>& is_there);
  // bench_bearing.cc: what is found once, and borne from then on
  void look_at_what_is_left();
  // A finding that is borne from now on; the case goes on.
  void bear(Weight weight, const std::string& mistake, const std::string& what);
  bool waits_for_all(Visitor& visitor);
  bool bear_reply(Visitor& visitor, const Step& wanted, const Verdict& verdict);
  bool bear_echo(Visitor& visitor, const Step& wanted, const Verdict& verdict);
  bool bear_no(Visitor& visitor, const Step& step);

  Door door_;
  Patience& patience_;
  Surroundings& surroundings_;
  Manners& manners_;
  // Of the case that is being done.
  const Case* case_ = nullptr;
  Record record_;
  Result result_;
  std::map<int, std::unique_ptr<Visitor>> visitors_;
  std::map<int, bool> answered_;  // whether the last step on a connection was an answer
  StoredFiles stored_;
  std::map<std::string, std::optional<std::string>> data_;  // of the store; nothing: was deleted
  std::string request_ending_;                              // of the client's last request
  Time confirmed_at_{};     // when the client's confirmation was there
  bool was_reset_ = false;  // by us, in this case
  int opened_ = 0;
  int oks_ = 0;
  std::size_t sent_ = 0;
  unsigned long long base_ = 0;  // of the numbers that texts are filled with; nine digits
  std::string asked_;            // what was sent last
  std::string process_;          // the last process ID, and the one before
  std::string process_before_;
  milliseconds round_trip_{0};  // about: what connecting took
};

}  // namespace talk::clinic
