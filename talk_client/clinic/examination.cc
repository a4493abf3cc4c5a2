#include "talk_client/clinic/examination.h"

#include <poll.h>

#include <algorithm>
#include <thread>

#include "common/posix/address.h"
#include "common/posix/connect.h"
#include "common/posix/error.h"
#include "common/posix/listen.h"
#include "common/posix/tcp_gauge.h"

namespace talk::clinic {
namespace {

constexpr milliseconds kConnecting{15000};  // room for three tries of TCP's own
constexpr milliseconds kRun = std::chrono::minutes(10);
constexpr milliseconds kQuickRun = std::chrono::minutes(1);
constexpr milliseconds kKeptTooLong{8000};  // by the link: the exercise's 10 s are nearly over
constexpr milliseconds kBreath{300};        // before a finding is tried again
constexpr int kMostTries = 4;               // where the network's timing may be behind it
constexpr int kLossyTries = 12;             // where it puts pieces together that it has lost
constexpr milliseconds kComesBack{1000};
constexpr milliseconds kStale{1000};  // a client's wait to be taken
// A server of which nothing went well in so many cases is another kind of server.
constexpr std::ptrdiff_t kHopeless = 3;

bool selected(const ClinicOptions& options, const Case& one) {
  return options.cases.empty() || one.id == "first" ||
         std::ranges::count(options.cases, one.id) > 0;
}

class Examination {
 public:
  Examination(const ClinicOptions& options, const std::atomic<bool>& stop, Report& report,
              const ProgressListener& listener)
      : options_(options), report_(report), listener_(listener) {
    patience_.answer = options.timeout;
    patience_.delay = options.delay;
    patience_.end_of_run = Clock::now() + (options.quick ? kQuickRun : kRun);
    patience_.stop = &stop;
    surroundings_.directory = options.directory;
    surroundings_.file = options.file;
  }

  void servers(const Subject& subject);
  void clients();

 private:
  void run(std::vector<Case> cases, Bench& bench);
  bool is_hopeless() const;
  std::string reason_to_skip(const Case& one) const;
  Result examined(const Case& one, Bench& bench);
  Result tried(const Case& one, Bench& bench);
  Result dead(Result of, const Case& one);
  bool is_gone();
  void add(Result result) {
    report_.results.push_back(std::move(result));
    listener_.found(report_, report_.results.back());
  }

  const ClinicOptions& options_;
  Report& report_;
  const ProgressListener& listener_;
  Patience patience_;
  Surroundings surroundings_;
  Manners manners_;
  std::string host_;
  std::string port_;
  bool gone_ = false;
  bool server_ = true;
};

bool Examination::is_hopeless() const {
  const auto tried = [](const Result& result) { return result.weight != Weight::skipped; };
  const auto found = [](const Result& result) { return result.weight >= Weight::fragile; };
  return server_ && options_.cases.empty() &&
         std::ranges::count_if(report_.results, tried) >= kHopeless &&
         std::ranges::all_of(report_.results,
                             [&](const Result& result) { return !tried(result) || found(result); });
}

// Empty: it is tried.
std::string Examination::reason_to_skip(const Case& one) const {
  if (gone_) return "the server is gone";
  if (is_hopeless()) return "not tried: nothing went well; is it a server of another kind?";
  if (options_.quick && one.wants == Case::Wants::load) return "--quick leaves it out";
  for (const std::string& need : one.needs) {
    if (std::string why = stands_in_the_way(manners_, need); !why.empty()) return why;
    if (need == "no-losses" && patience_.link_loses)
      return "this link loses what is sent: nothing comes in time for certain";
    const auto found = std::ranges::find(report_.results, need, &Result::id);
    if (found == report_.results.end()) continue;
    if (found->weight >= Weight::fragile && !found->borne)
      return "not tried: " + need + " must go well before";
    if (found->weight == Weight::skipped && found->what.starts_with("not tried"))
      return found->what;
  }
  return "";
}

bool Examination::is_gone() {
  const Time deadline = Clock::now() + kComesBack;
  for (;;) {
    try {
      connect_to(host_, port_, kConnecting);
      return false;
    } catch (const std::system_error& error) {
      if (error.code().value() != ECONNREFUSED) return false;
      if (Clock::now() > deadline) return true;
    }
    wait_patiently(milliseconds(100), patience_);
  }
}

// How often a case is tried, and how often a finding must be seen to be believed.
struct Doubt {
  int tries;
  int needed;
};

Doubt doubt_of(const Result& result, bool server, bool link_loses) {
  const std::string_view id = result.mistake == nullptr ? "" : result.mistake->id;
  // The network can put together what was sent apart: that excuses these, and hides one-recv. What
  // keeps others waiting is hidden where it is slow to fill what the systems hold.
  const int all = link_loses ? kLossyTries : kMostTries;
  if (id == "greeting-glued" || id == "glued-to-confirmation") return {all, all};
  const bool hides = (server || link_loses) && (id == "one-recv" || id == "blocked-by-deaf");
  if (hides) return {kMostTries, 2};
  // A program that keeps the exercise's time gives up what such a link has kept for too long.
  return link_loses ? Doubt{kMostTries, 3} : Doubt{2, 2};
}

Result Examination::dead(Result of, const Case& one) {
  gone_ = true;
  of.weight = Weight::fails;
  of.mistake = find_mistake(one.kills);
  of.what += (of.what.empty() ? "" : "; ") + std::string("the server is gone");
  return of;
}

// Of what several tries found that which most of them did, or the first did.
const Result& most_frequent(const std::vector<Result>& found) {
  return *std::ranges::max_element(found, {}, [&](const Result& one) {
    return std::ranges::count(found, one.mistake, &Result::mistake);
  });
}

// So many name that mistake.
std::ptrdiff_t alike(const std::vector<Result>& found) {
  return std::ranges::count(found, most_frequent(found).mistake, &Result::mistake);
}

// A try in which the link kept what was said until the program had to give up tells nothing of it.
Result Examination::tried(const Case& one, Bench& bench) {
  for (int left = kLossyTries;; --left) {
    Result result = bench.try_case(one);
    const bool excused = patience_.link_loses && patience_.kept >= kKeptTooLong;
    const bool found = result.weight >= Weight::fragile;
    if (!excused || (left == 0 && !found) || (server_ && is_gone())) return result;
    if (left == 0)
      return {
          one.id,          one.story, one.specification,
          Weight::skipped, nullptr,   "the link keeps what is said for too long: " + result.what};
    wait_patiently(kBreath, patience_);
    listener_.begins(report_, one, true);
  }
}

// A finding is tried again before it is believed: of a client, with its next run.
Result Examination::examined(const Case& one, Bench& bench) {
  Result result = tried(one, bench);
  if (result.weight < Weight::fragile) return result;
  if (server_ && is_gone()) return dead(result, one);
  if (result.borne && one.id != "first") return result;  // another try would bear it
  const Doubt doubt = doubt_of(result, server_, patience_.link_loses);
  std::vector<Result> found = {std::move(result)};
  Result well;
  bool once_more = true;  // where tries found different mistakes
  for (int left = doubt.tries - 1; left > 0;) {
    --left;
    wait_patiently(kBreath, patience_);
    listener_.begins(report_, one, true);
    Result next = tried(one, bench);
    if (next.weight < Weight::fragile) {
      well = std::move(next);
    } else {
      if (server_ && is_gone()) return dead(next, one);
      found.push_back(std::move(next));
    }
    const int seen = static_cast<int>(found.size());
    if (seen + left < doubt.needed || (seen >= doubt.needed && alike(found) > 1)) break;
    if (left == 0 && std::exchange(once_more, false)) left = 1;
  }
  if (static_cast<int>(found.size()) >= doubt.needed) return most_frequent(found);
  well.what = "went well at another try; before: " + found[0].what;
  return well;
}

void Examination::run(std::vector<Case> cases, Bench& bench) {
  std::erase_if(cases, [&](const Case& one) { return !selected(options_, one); });
  try {
    for (const Case& one : cases) {
      if (const std::string why = reason_to_skip(one); !why.empty()) {
        add({one.id, one.story, one.specification, Weight::skipped, nullptr, why});
        continue;
      }
      report_.doing = Result{one.id, one.story, one.specification};
      listener_.begins(report_, one, false);
      Result result = examined(one, bench);
      report_.doing.reset();
      add(std::move(result));
    }
    report_.complete = true;
  } catch (const BrokenOff& broken) {
    report_.break_off(broken.why);
    if (report_.unfinished) listener_.found(report_, report_.results.back());
  }
}

void Examination::servers(const Subject& subject) {
  host_ = subject.host;
  port_ = subject.port;
  OwnedFd first;
  try {
    first = connect_to(host_, port_, kConnecting);
  } catch (const std::system_error& error) {
    if (error.code().value() != ECONNRESET) return void(report_.unreachable = error.what());
  } catch (const std::exception& error) {
    return void(report_.unreachable = error.what());
  }
  try {
    // Only this address is called from now on, whatever the name is found to mean later.
    host_ = peer_address(first.get()).ip;
    if (local_address(first.get()).ip == host_) surroundings_.port = std::stoi(port_);
  } catch (const std::exception&) {
    // It was reset at once: that is for the first case to find.
  }
  const auto door = [&] {
    return first ? std::move(first) : connect_to(host_, port_, kConnecting);
  };
  Bench bench(door, patience_, surroundings_, manners_);
  run(server_cases(options_.kind), bench);
}

void Examination::clients() {
  server_ = false;
  surroundings_.port = -1;
  surroundings_.expected = !options_.expect.empty();
  if (surroundings_.expected) surroundings_.content = read_bounded(options_.expect);
  const OwnedFd listening = listen_on("", *options_.serve);
  report_.place = "port " + std::to_string(local_address(listening.get()).port);
  const auto door = [&] {
    const Time start = Clock::now();
    for (;;) {
      if (*patience_.stop) throw BrokenOff{"interrupted"};
      if (Clock::now() - start > kRun) throw BrokenOff{"nobody starts the client any more"};
      pollfd ready{listening.get(), POLLIN, 0};
      if (::poll(&ready, 1, 50) <= 0) continue;
      OwnedFd socket(::accept4(listening.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (!socket) continue;
      // One that came while the case before was still looked at has lost patience for this one.
      if (const auto signs = read_tcp_signs(socket.get()); signs && signs->last_answer > kStale)
        continue;
      patience_.end_of_run += Clock::now() - start;  // nobody was troubled meanwhile
      return socket;
    }
  };
  Bench bench(door, patience_, surroundings_, manners_);
  run(client_cases(options_.kind), bench);
}

}  // namespace

void examine_server(const ClinicOptions& options, const Subject& subject,
                    const std::atomic<bool>& stop, Report& report,
                    const ProgressListener& listener) {
  Examination(options, stop, report, listener).servers(subject);
}

void examine_client(const ClinicOptions& options, const std::atomic<bool>& stop, Report& report,
                    const ProgressListener& listener) {
  Examination(options, stop, report, listener).clients();
}

}  // namespace talk::clinic
