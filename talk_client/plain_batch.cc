#include "talk_client/plain_batch.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "common/files/file_source.h"
#include "common/posix/error.h"
#include "common/session/outcome.h"
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
  while (!link.receive(kStep).empty()) {
  }
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

}  // namespace

PlainBatch::PlainBatch(const ClientOptions& options, Signals& signals, BatchScreen& screen,
                       Connect connect)
    : options_(options), signals_(signals), screen_(screen), connect_(std::move(connect)) {}

int PlainBatch::each(OwnedFd socket, const std::vector<std::string>& names, const Task& task) {
  int code = Outcome::kFine;
  for (const std::string& name : names) {
    try {
      task(socket ? std::move(socket) : connect_(), name);
    } catch (const ExitError& error) {
      if (error.code != Outcome::kTransfer) throw;
      screen_.show({Entry::Kind::error, {}, name + ": " + error.what(), {}});
      code = error.code;
    } catch (const std::runtime_error& error) {
      screen_.show({Entry::Kind::error, {}, name + ": " + error.what(), {}});
      code = Outcome::kTransfer;
    }
  }
  return code;
}

int PlainBatch::send_accio(OwnedFd socket) {
  return each(std::move(socket), options_.send,
              [this](OwnedFd one, const std::string& path) { accio_one(std::move(one), path); });
}

int PlainBatch::send_raw(OwnedFd socket) {
  return each(std::move(socket), options_.send,
              [this](OwnedFd one, const std::string& path) { raw_one(std::move(one), path); });
}

int PlainBatch::get(OwnedFd socket, bool lines) {
  return each(std::move(socket), options_.get, [this, lines](OwnedFd one, const std::string& name) {
    get_one(std::move(one), name, lines);
  });
}

void PlainBatch::accio_one(OwnedFd socket, const std::string& path) {
  PlainLink link(std::move(socket), signals_);
  const FileSource source(path);
  expect_accio(link);
  link.send(kAccioConfirmation, kStep);
  expect_accio(link);
  link.send(std::string(kAccioSecondConfirmation) + std::string(kAccioBlankLine), kStep);
  interruptible_pause(kConfirmationPause, signals_);
  FileProgress progress(screen_, path, true, source.size());
  pour(link, source, progress);
}

void PlainBatch::raw_one(OwnedFd socket, const std::string& path) {
  PlainLink link(std::move(socket), signals_);
  const FileSource source(path);
  FileProgress progress(screen_, path, true, source.size());
  pour(link, source, progress);
}

void PlainBatch::get_one(OwnedFd socket, const std::string& name, bool lines) {
  FetchFile file(name, lines, options_.directory, screen_);
  PlainLink link(std::move(socket), signals_);
  file.run(link);
}

}  // namespace talk
