#include "talk_client/plain_batch.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/files/file_source.h"
#include "common/posix/error.h"
#include "common/session/outcome.h"
#include "common/text/display.h"
#include "common/wire/accio.h"
#include "talk_client/fetch_file.h"
#include "talk_client/file_progress.h"
#include "talk_client/interruptible_wait.h"
#include "talk_client/plain_link.h"

namespace talk {
namespace {

constexpr seconds kStep{10};
constexpr std::size_t kPiece = std::size_t{256} << 10;
// Real servers swallow bytes of the file that arrive with the confirmation.
constexpr milliseconds kConfirmationPause{200};

// The bytes of the file and the end, which is not said before the file was seen unchanged; then
// the server's end is waited for.
void pour(PlainLink& link, const FileSource& source, FileProgress& progress) {
  std::vector<char> room(std::min<std::uint64_t>(kPiece, source.size()));
  for (std::uint64_t offset = 0; offset < source.size();) {
    const std::size_t count = std::min<std::uint64_t>(room.size(), source.size() - offset);
    source.read(offset, {room.data(), count});
    link.send({room.data(), count}, kStep);
    offset += count;
    progress.moved(count);
  }
  if (source.changed()) throw std::runtime_error("it changed while it was sent");
  link.end();
  link.await_end(kStep);
}

// One step of accio's handshake.
void expect_accio(PlainLink& link) {
  std::string heard;
  while (heard.size() < kAccioGreeting.size()) {
    const std::string_view bytes = link.receive(kStep);
    if (bytes.empty())
      throw ExitError(Outcome::kTransfer, "the server left in the middle of accio's handshake");
    heard.append(bytes);
  }
  if (heard != kAccioGreeting)
    throw ExitError(Outcome::kTransfer, "the server broke off accio's handshake with other words");
}

void pour_file(PlainLink& link, const FileSource& source, const std::string& path,
               BatchScreen& screen) {
  FileProgress progress(screen, path, true, source.size());
  pour(link, source, progress);
}

}  // namespace

int PlainBatch::attempt(const std::string& doing, const std::function<void()>& move) {
  std::string reason;
  try {
    move();
    return Outcome::kFine;
  } catch (const ExitError& error) {
    if (error.code != Outcome::kTransfer) throw ExitError(error.code, doing + ": " + error.what());
    reason = error.what();
  } catch (const std::runtime_error& error) {
    reason = error.what();
  }
  screen_.show({Entry::Kind::error, {}, doing + ": " + reason, {}});
  return Outcome::kTransfer;
}

// ---- Up ----

// A part of a file must never look like a whole one: until the end is said, the connection is reset
// whatever ends this program.
int PlainBatch::send(OwnedFd socket, const Connect& connect, const Move& move) {
  int code = Outcome::kFine;
  for (const std::string& path : options_.send) {
    const int ended = attempt("cannot send " + display_text(path) + " to " + caller_.place(), [&] {
      PlainLink link(socket ? std::move(socket) : connect(), signals_);
      link.reset_unless_ended();
      move(link, path);
    });
    if (ended != Outcome::kFine) code = ended;
  }
  return code;
}

int PlainBatch::send_accio(OwnedFd socket) {
  return send(
      std::move(socket), [this] { return call_accio(); },
      [this](PlainLink& link, const std::string& path) {
        const FileSource source(files_.open(path));
        expect_accio(link);
        link.send(kAccioConfirmation, kStep);
        expect_accio(link);
        link.send(std::string(kAccioSecondConfirmation) + std::string(kAccioBlankLine), kStep);
        interruptible_pause(kConfirmationPause, signals_);
        pour_file(link, source, path, screen_);
      });
}

OwnedFd PlainBatch::call_accio() const {
  Caller::Answer answer = caller_.call(Caller::Silence::wait);
  if (answer.dialect != Dialect::accio)
    throw ExitError(Outcome::kTransfer, "the server does not begin as it did before");
  return std::move(answer.socket);
}

int PlainBatch::send_raw(OwnedFd socket) {
  return send(
      std::move(socket), [this] { return caller_.connect(); },
      [this](PlainLink& link, const std::string& path) {
        pour_file(link, FileSource(files_.open(path)), path, screen_);
      });
}

// ---- Down ----

PlainBatch::Ended PlainBatch::get(OwnedFd socket, const std::vector<std::string>& names,
                                  bool lines) {
  Ended ended;
  for (auto name = names.begin(); name != names.end(); ++name) {
    try {
      const int code =
          attempt("cannot get " + display_text(*name) + " from " + caller_.place(), [&] {
            PlainLink link(socket ? std::move(socket) : caller_.connect(), signals_);
            fetch(link, *name, lines);
          });
      if (code != Outcome::kFine) ended.code = code;
    } catch (const GreetedAfterAll&) {
      ended.left.assign(name, names.end());
      break;
    } catch (const BrokeOff& link) {
      ended.left.assign(name, names.end());
      ended.broke = link.reason;
      break;
    }
  }
  return ended;
}

void PlainBatch::fetch(PlainLink& link, const std::string& name, bool lines) {
  try {
    FetchFile(name, lines, options_.directory, caller_, screen_).run(link);
  } catch (const GreetedAfterAll&) {
    link.reset_unless_ended();  // so that the place it gave to this call is free at once
    throw;
  } catch (const std::runtime_error&) {
    link.leave();
    throw;
  }
}

}  // namespace talk
