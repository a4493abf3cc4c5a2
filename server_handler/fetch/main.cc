// The file fetcher: a name comes in; this process's ID and the file, or NO, go back.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/socket_options.h"
#include "common/wire/limits.h"
#include "common/wire/line_reader.h"
#include "common/wire/telnet.h"
#include "server_handler/fetch/served_file.h"
#include "server_handler/start/connection.h"
#include "server_handler/start/start.h"

namespace talk {
namespace {

constexpr std::size_t kMaxName = 8192;  // more than any system's paths, bytes
constexpr std::size_t kChunk = std::size_t{64} << 10;
// Homework clients take one receive for the process ID and the next for the file.
constexpr milliseconds kSilenceBehindId{150};

struct stat status_of(const OwnedFd& file) {
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) throw_errno("look at a file that is being sent");
  return status;
}

bool same_state(const struct stat& a, const struct stat& b) {
  return a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec &&
         a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

// Sends the file as it was when `before` was taken. Until that is done, whatever happens here
// breaks the connection, and the last piece is not sent before the file was seen unchanged.
void send_contents(Connection& peer, int socket, const OwnedFd& file, const struct stat& before) {
  reset_on_close(socket, true);
  std::vector<char> room(std::min(kChunk, static_cast<std::size_t>(before.st_size)));
  for (off_t left = before.st_size; left > 0;) {
    const auto most = static_cast<std::size_t>(std::min<off_t>(left, off_t{kChunk}));
    const IoResult got = read_some(file.get(), {room.data(), most});
    if (!got.moved()) throw std::runtime_error("send a file: it could not be read to its end");
    left -= static_cast<off_t>(got.count);
    if (left == 0 && !same_state(before, status_of(file)))
      throw std::runtime_error("send a file: it changed meanwhile");
    peer.send({room.data(), got.count});
  }
  reset_on_close(socket, false);
}

class Fetch {
 public:
  explicit Fetch(const Session& session) : session_(session), peer_(session) {}

  int serve() {
    while (!over_) {
      std::optional<Time> pause;
      if (!names_.partial().empty() && !names_.has_shown_ending())
        pause = Clock::now() + kMessagePause;
      const Received got = peer_.receive(pause);
      if (got.kind == Received::Kind::bytes) {
        names_.feed(without_telnet(got.bytes));
        while (const auto line = over_ ? std::nullopt : names_.next()) answer(*line);
      } else {
        const std::string name = names_.take_partial();
        if (got.kind == Received::Kind::end || !name.empty()) over_ = true;
        if (!name.empty()) answer_bare(name);
      }
    }
    return 0;
  }

 private:
  std::string_view without_telnet(std::string_view bytes) {
    const std::string_view rest = names_.partial().empty() ? skip_telnet(telnet_, bytes) : bytes;
    peer_.send(telnet_.take_answer());
    return rest;
  }

  void answer(const LineReader::Line& line) {
    const bool too_long = line.ending == Ending::none;  // a part; the rest is not worth reading
    if (too_long || line.ending == Ending::nul) {
      over_ = true;
      answer_bare(too_long ? "" : line.text);
    } else if (!line.text.empty()) {
      answer_line(line.text, bytes_of(line.ending));
    }
  }

  void answer_line(const std::string& name, std::string_view ending) {
    const ServedFile found = open_served_file(session_.dir, name);
    std::string reply = id_;
    if (!found.refusal.empty()) {
      peer_.send(reply.append(" NO ").append(found.refusal).append(ending));
      return;
    }
    const struct stat before = status_of(found.file);
    peer_.send(reply.append(" OK ").append(std::to_string(before.st_size)).append(ending));
    send_contents(peer_, session_.socket, found.file, before);
  }

  // An empty name stands for one that is refused in any case.
  void answer_bare(const std::string& name) {
    const ServedFile found = open_served_file(session_.dir, name);
    peer_.send(id_ + "\n");
    std::this_thread::sleep_for(kSilenceBehindId);
    if (found.refusal.empty())
      send_contents(peer_, session_.socket, found.file, status_of(found.file));
    else
      peer_.send("NO");
  }

  const Session& session_;
  Connection peer_;
  TelnetFilter telnet_;
  LineReader names_{kMaxName};
  const std::string id_ = std::to_string(::getpid());
  bool over_ = false;
};

}  // namespace
}  // namespace talk

int main(int argc, char** argv) {
  return talk::run_handler(
      argc, argv,
      {"fetch_handler",
       "Answers the name of a file below TALK_DIR with this process's ID and the file, or NO:\n"
       "a line with 'ID OK SIZE' or 'ID NO REASON' where the name came as a line, and ID and a\n"
       "short silence, then the file or NO and the end, where it came with no ending or a "
       "NUL.\n\n",
       talk::Rights{talk::Rights::Files::read}},
      [](const talk::Session& session) { return talk::Fetch(session).serve(); });
}
