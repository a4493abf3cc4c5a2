// A case: what is done to a program and what may come, as data, with the story it stands for. Pure.
// The clinic has a namespace of its own: it is linked from the same archive as the programs, and
// has visitors, listeners and results that are not theirs.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "common/posix/clock.h"
#include "talk_client/clinic/result.h"

namespace talk::clinic {

// Texts may hold `{1}` … `{999}`, numbers of nine digits that nobody has used before, each the same
// throughout a try; `{1+4294967296}`, a sum; `{token}`, a word of the kind; `{file}`, the name that
// --file gives; `{end}`, what the client's last request ended in; `{head 23}`, of fetch, what
// stands before a file of 23 bytes in the form that was asked for.
struct Step {
  enum class Do {
    open,             // a new connection; examining a client: the next that it opens
    open_if_ended,    // a new connection where the server has ended this one
    handshake,        // accio's, as far as this server knows it, with a pause behind it
    handshake_quick,  // without
    send,             // `text`, in pieces of `piece` bytes (0: one), reading what comes meanwhile
    flood,            // `text` `times` over without reading, until no more is taken; then, but with
                      // `piece`, the rest while reading
    reply,            // `text` and `ending` come
    not_reply,        // any reply but `text` comes
    bytes,            // exactly `text` comes, `times` over, and nothing else by then
    fetched_no,       // fetch: the process ID and NO
    fetched,          // fetch: the process ID and the file
    first_apart,      // fetched_no, and the first receive brings the process ID alone
    fetched_apart,    // fetched, likewise
    one_ok,           // a reply; of such steps in a row exactly one hears OK
    hello,            // talk: whether the server speaks first is learnt
    heard,            // talk: whether it answers a line within `time`, and says it back, is learnt
    greeted,          // talk: one that speaks first does; one that answers is asked, and does
    said_back,        // talk: one that says lines back says those of `text`, each alone
    fills_up,         // nothing is read, and nothing moves any more: what comes fills the systems
    anything,         // what comes within `time` is no matter; the connection stays
    take,             // something comes: up to a line feed, or a pause
    begins,           // something comes, and is left for the next step
    take_all,         // all that comes until the other side's end is the client's file
    now_and_then,     // reads only every 100 ms, for `time`
    confirmed,   // accio's handshake as the server, the greeting in pieces of `piece`, after `time`
    apart,       // the file does not come in one piece with the confirmation
    echo_all,    // what comes goes back, `times` at most, the first after `time`, in pieces of
                 // `piece`, with `most` between those of the first
    answer_all,  // the store's replies, likewise; `text` is the value of all keys
    read_all,    // the client ends in order, all that was sent having been read
    leaves,      // the client, which was seen to go when all was answered, goes
    stays,       // for `time` the client bears what was said
    waits_for_end,   // the client reads until this side ends
    quiet,           // nothing comes for `time`, and the connection stays
    no_more,         // nothing comes for `time`, and the connection may have ended
    half_close,      // this side has said all
    end,             // the other side ends, nothing having come
    gone,            // the other side ends or resets, whatever came; between `time` and `most`
    reset,           // the connection is closed with a reset
    close,           // the connection is closed
    pause,           // `time` passes
    stored,          // --dir: a file appears that holds exactly `text`, `times` over
    stored_error,    // --dir: a file that has appeared holds ERROR
    nothing_stored,  // --dir: no file has appeared that holds `text` and no more
    in_file,         // --dir: database.txt holds `text`
    fetched_file,    // --dir: the client has a new file that holds `text` and no more
    no_file,         // --dir: it has no new file that holds `text` and no more
    no_bytes,        // --dir: it has no new file with any bytes
    same_process,    // the two last process IDs differ
    no_zombies,      // the server's process has no dead children
    reuses_address   // its listening socket has SO_REUSEADDR
  };
  Do what;
  int who = 1;  // which connection
  std::string text{};
  std::string ending{};
  std::size_t piece = 0;
  std::size_t times = 1;
  milliseconds time{0};
  milliseconds most{0};
  // The mistakes that are behind it when the wrong thing comes, when nothing comes in time, when
  // the connection ends; empty: the case's.
  std::string when_wrong{};
  std::string when_silent{};
  std::string when_ended{};
  Weight weight = Weight::fails;
  // Of a reply: another ending is wrong. Of an end: a reset is none. Of what is sent in pieces:
  // nothing may come before the last one. Of answers in pieces: only the first is of that size.
  bool strict = false;
  // Of a reply: those that the mistake makes of it; any other is a wrong reply. Empty: all are.
  std::vector<std::string> instead{};
  bool in_one_send = false;  // of a reply: not in several
};

// Of pieces: all but the last byte is one.
inline constexpr std::size_t kAllButOne = SIZE_MAX;
inline constexpr std::size_t kAlways = SIZE_MAX;  // times

// Steps, written one behind the other. What follows a step about its mistakes is of the last one.
class Script {
 public:
  Script& open(int who = 1) { return add({Step::Do::open, who}); }
  Script& handshake(int who = 1) { return add({Step::Do::handshake, who}); }
  Script& send(std::string text, int who = 1) {
    return add({Step::Do::send, who, std::move(text)});
  }
  Script& slowly(std::string text, std::size_t piece, int who = 1) {
    return add({Step::Do::send, who, std::move(text), {}, piece});
  }
  Script& flood(std::string text, std::size_t times, int who = 1) {
    return add({Step::Do::flood, who, std::move(text), {}, 0, times});
  }
  // The same, and the rest is never sent, nor anything read.
  Script& deaf(std::string text, std::size_t times, int who = 1) {
    return add({Step::Do::flood, who, std::move(text), {}, 1, times});
  }
  Script& reply(std::string text, std::string ending = "\n", int who = 1) {
    return add({Step::Do::reply, who, std::move(text), std::move(ending)});
  }
  Script& bytes(std::string text, int who = 1, std::size_t times = 1) {
    return add({Step::Do::bytes, who, std::move(text), {}, 0, times});
  }
  Script& pause(milliseconds time) { return add({Step::Do::pause, 1, {}, {}, 0, 1, time}); }
  Script& quiet(milliseconds time, int who = 1) {
    return add({Step::Do::quiet, who, {}, {}, 0, 1, time});
  }
  Script& anything(milliseconds time, int who = 1) {
    return add({Step::Do::anything, who, {}, {}, 0, 1, time});
  }
  Script& gone(milliseconds least, milliseconds most, int who = 1) {
    return add({Step::Do::gone, who, {}, {}, 0, 1, least, most});
  }
  Script& stored(std::string text, std::size_t times = 1) {
    return add({Step::Do::stored, 1, std::move(text), {}, 0, times});
  }
  Script& confirmed(std::size_t piece = 0, milliseconds late = milliseconds(0)) {
    return add({Step::Do::confirmed, 1, {}, {}, piece, 1, late});
  }
  Script& lasting(Step::Do what, milliseconds time) { return add({what, 1, {}, {}, 0, 1, time}); }
  // A client's requests, as `how` says it: echo_all or answer_all, with what differs from that.
  Script& answered(Step how) { return add(std::move(how)); }
  // Those that need no more than a connection, or a text.
  Script& then(Step::Do what, int who = 1) { return add({what, who}); }
  Script& then(Step::Do what, std::string text) { return add({what, 1, std::move(text)}); }
  Script& half_close(int who = 1) { return then(Step::Do::half_close, who); }
  Script& end(int who = 1) { return then(Step::Do::end, who); }
  Script& reset(int who = 1) { return then(Step::Do::reset, who); }
  Script& close(int who = 1) { return then(Step::Do::close, who); }
  Script& add(const Script& more) {
    steps_.insert(steps_.end(), more.steps_.begin(), more.steps_.end());
    return *this;
  }

  Script& blame(const std::string& wrong, const std::string& silent, const std::string& ended);
  Script& blame(const std::string& all) { return blame(all, all, all); }
  Script& weigh(Weight weight) {
    steps_.back().weight = weight;
    return *this;
  }
  Script& instead(std::vector<std::string> replies) {
    steps_.back().instead = std::move(replies);
    return *this;
  }
  Script& times(std::size_t count) {
    steps_.back().times = count;
    return *this;
  }
  Script& in_one_send() {
    steps_.back().in_one_send = true;
    return *this;
  }
  Script& strict() {
    steps_.back().strict = true;
    return *this;
  }

  const std::vector<Step>& steps() const { return steps_; }

 private:
  Script& add(Step step) {
    steps_.push_back(std::move(step));
    return *this;
  }

  std::vector<Step> steps_;
};

struct Case {
  // What must be there for the case to be tried.
  enum class Wants { nothing, directory, file, load };
  std::string id;
  std::string story;          // what is done, and why somebody would
  std::string specification;  // what the text of the exercise says
  std::string mistake;        // what is usually behind it
  Script script;
  std::vector<std::string> needs = {"first"};  // what must have gone well before
  Wants wants = Wants::nothing;
  std::string kills = "dies";  // the mistake, where the server is gone afterwards
};

// The exercises, in the order in which the manual names them.
const std::vector<std::string>& kinds();
// In the order in which they are tried. `kind` is one of kinds().
std::vector<Case> server_cases(const std::string& kind);
std::vector<Case> client_cases(const std::string& kind);

}  // namespace talk::clinic
