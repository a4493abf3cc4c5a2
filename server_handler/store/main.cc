// The key-value store: put, get and del on DIR/database.txt, shared by all sessions.
#include <cerrno>
#include <optional>
#include <string>
#include <system_error>
#include <utility>

#include "common/posix/program.h"
#include "common/wire/limits.h"
#include "common/wire/line_reader.h"
#include "common/wire/telnet.h"
#include "server_handler/start/connection.h"
#include "server_handler/start/start.h"
#include "server_handler/store/request.h"
#include "server_handler/store/store.h"

namespace talk {
namespace {

constexpr std::size_t kMaxMessage = kMaxValue + 4096;  // longer is too long in any case
constexpr std::size_t kMaxReplies = std::size_t{64} << 10;
using Verb = StoreRequest::Verb;

class StoreSession {
 public:
  explicit StoreSession(const Session& session)
      : session_(session), socket_(session.socket), peer_(session), store_(session.dir) {}

  int serve() {
    while (!over_) {
      const Received got = peer_.receive(pause());
      store_.begin_batch();
      if (got.kind == Received::Kind::bytes) {
        requests_.feed(without_telnet(got.bytes));
        while (const auto line = over_ ? std::nullopt : requests_.next()) take(*line);
      } else {
        over_ = got.kind == Received::Kind::end;
        answer(requests_.take_partial(), Ending::none);
      }
      send_replies();
      store_.compact_where_needed(socket_);
    }
    return 0;
  }

 private:
  // For a client that has shown no ending, the time after which what came is a message.
  std::optional<Time> pause() const {
    const bool waiting = too_long_ || !requests_.partial().empty();
    if (!waiting || requests_.has_shown_ending()) return std::nullopt;
    const bool unfinished = !too_long_ && could_become_store_request(requests_.partial());
    return Clock::now() + (unfinished ? kGreetingWait : kMessagePause);
  }

  std::string_view without_telnet(std::string_view bytes) {
    const bool inside = too_long_ || !requests_.partial().empty();
    const std::string_view rest = inside ? bytes : skip_telnet(telnet_, bytes);
    replies_ += telnet_.take_answer();
    return rest;
  }

  void take(const LineReader::Line& line) {
    if (line.ending == Ending::none)  // a part of a message that is too long
      too_long_ = too_long_ ? too_long_ : std::optional(refusal(line.text));
    else
      answer(line.text, line.ending);
  }

  static std::string refusal(std::string_view message) {
    const StoreRequest request = parse_store_request(message);
    return request.verb == Verb::wrong ? std::string(request.problem) : "Invalid command";
  }

  void answer(const std::string& message, Ending ending) {
    if (!too_long_ && message.empty()) return;
    const std::size_t begin = replies_.size();
    const Reply reply = too_long_ ? Reply{*std::exchange(too_long_, std::nullopt)}
                                  : reply_to(parse_store_request(message));
    replies_ += reply.text + std::string(bytes_of(ending));
    if (reply.changed && !first_change_) first_change_ = {begin, replies_.size(), ending};
    if (replies_.size() >= kMaxReplies) send_replies();
  }

  // A value may read like any answer, so the text does not tell what was done.
  struct Reply {
    std::string text;
    bool changed = false;
  };

  Reply reply_to(const StoreRequest& request) {
    const std::string cannot = request.verb == Verb::get ? "Cannot read: " : "Cannot store: ";
    try {
      return obey(request);
    } catch (const DirectoryMoved& moved) {
      over_ = true;
      return {cannot + moved.what()};
    } catch (const Busy&) {
      return {cannot + "busy"};
    } catch (const std::system_error& error) {
      tell_problem(error.what());
      return {cannot + (is_full(error.code().value()) ? "disk full" : "disk error")};
    }
  }

  void tell_problem(const std::string& problem) {
    if (std::exchange(problem_told_, true)) return;
    print_error(with_place(session_, problem), ErrorLine::never_waits);
  }

  Reply obey(const StoreRequest& request) {
    switch (request.verb) {
      case Verb::put:
        return said(store_.put(request.key, request.value), "Key already exists");
      case Verb::del:
        return said(store_.del(request.key), "Key not found");
      case Verb::get:
        return {store_.get(request.key).value_or("Key not found")};
      case Verb::bye:
        over_ = true;
        return {"Goodbye"};
      case Verb::wrong:
        break;
    }
    return {std::string(request.problem)};
  }

  static Reply said(Store::Change change, std::string_view refused) {
    if (change == Store::Change::done) return {"OK", true};
    if (change == Store::Change::refused) return {std::string(refused)};
    return {cannot_store(change == Store::Change::disk_full ? ENOSPC : EIO)};
  }

  static std::string cannot_store(int error) {
    return std::string("Cannot store: disk ") + (is_full(error) ? "full" : "error");
  }

  // All that came in one receive is synced, and answered, at once.
  void send_replies() {
    if (replies_.empty()) return;
    const std::optional<FirstChange> change = std::exchange(first_change_, std::nullopt);
    try {
      store_.sync();
    } catch (const std::system_error& error) {
      if (!change) throw;
      tell_problem(error.what());
      const bool last = change->end == replies_.size();
      replies_.resize(change->begin);
      replies_ += cannot_store(error.code().value());
      replies_ += bytes_of(change->ending);
      peer_.send(std::exchange(replies_, {}));
      if (!last) throw;  // of what followed nobody knows what to say
      store_.give_up_unsynced();
      return;
    }
    peer_.send(std::exchange(replies_, {}));
  }

  // Where in the replies a change is said to be done, which the disk may still refuse to keep.
  struct FirstChange {
    std::size_t begin;
    std::size_t end;
    Ending ending;
  };

  const Session& session_;
  int socket_;
  Connection peer_;
  Store store_;
  TelnetFilter telnet_;
  LineReader requests_{kMaxMessage};
  std::optional<std::string> too_long_;  // the reply to the message of which parts have come
  std::string replies_;
  std::optional<FirstChange> first_change_;  // in replies_
  bool problem_told_ = false;
  bool over_ = false;
};

int serve(const Session& session) {
  std::optional<StoreSession> opened;
  try {
    opened.emplace(session);
  } catch (const std::exception& error) {
    print_error(with_place(session, error.what()), ErrorLine::never_waits);
    Connection(session).send("Cannot open the database\n");
    return 1;
  }
  return opened->serve();
}

}  // namespace
}  // namespace talk

int main(int argc, char** argv) {
  talk::Rights rights{talk::Rights::Files::write};
  rights.copies_itself = true;  // to compact
  rights.readable.emplace_back(talk::StoreIndex::kThisBoot);
  return talk::run_handler(
      argc, argv,
      {"store_handler",
       "A key-value store in database.txt in TALK_DIR: put KEY VALUE, get KEY, del KEY, Bye.\n"
       "Keys are 64-bit integers. OK is said when the change is on disk.\n\n",
       rights},
      talk::serve);
}
