// The cases that all exercises with requests and replies share. Pure.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "talk_client/clinic/case.h"

namespace talk::clinic {

inline constexpr milliseconds kNearlyTen{8000};  // the hint gives a client 10 s for each step

// How one asks in an exercise, and what comes back.
struct KindSpeech {
  std::string request;  // without its ending; `{N}` is a number of its own
  // What must come back to a request that ended so.
  std::function<Script(const std::string& request, const std::string& ending, int who)> answer;
  std::string specification;      // the sentence about that
  bool one_request_ends = false;  // many servers close after one: it is told, not held against them
  bool answers_parts = false;     // a request need not be whole to be answered
  std::size_t many = 2000;        // so many requests keep a server busy for a while
};

// Those that come first, and those that come last: a kind's own stand between them.
std::vector<Case> beginning_cases(const KindSpeech& speech);
std::vector<Case> framing_cases(const KindSpeech& speech);
std::vector<Case> company_cases(const KindSpeech& speech);
std::vector<Case> ending_cases(const KindSpeech& speech);

// The last ones: the same for all kinds. `exchange` is on an open connection.
std::vector<Case> last_cases(const std::function<Script(int who)>& exchange);

// Who closes after one request fails at all that asks twice: it is told once.
void two_requests_need(std::vector<Case>& cases, const std::string& id);

// Behind `beginning` a client has no more to hope for, and leaves within 15 s.
Script gives_up(Script beginning);

// Asks in a line and hears one, on connection 1, which is open.
Script ask(const std::string& request, const std::string& reply);

void append(std::vector<Case>& all, std::vector<Case> more);

}  // namespace talk::clinic
