#include "talk_client/plain_batch.h"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "common/files/crc32c.h"
#include "common/files/file_name.h"
#include "common/files/file_source.h"
#include "common/files/inbox.h"
#include "common/files/partial_file.h"
#include "common/files/progress.h"
#include "common/posix/error.h"
#include "common/session/conversation.h"
#include "talk_client/calm_wait.h"
#include "talk_client/fetch_reply.h"
#include "talk_client/plain_link.h"

namespace talk {
namespace {

constexpr seconds kStep{10};
constexpr seconds kDataStep{60};  // a fetcher may have to think about its disk
constexpr std::size_t kPiece = std::size_t{256} << 10;
constexpr std::string_view kAccio = "accio\r\n";
// Real servers swallow bytes of the file that arrive with the confirmation.
constexpr milliseconds kConfirmationPause{200};

// Brings the screen up to date while one file moves.
class Progress {
 public:
  Progress(BatchScreen& screen, const std::string& name, bool outgoing, std::uint64_t total)
      : screen_(screen) {
    view_.name = name;
    view_.outgoing = outgoing;
    view_.total = total;
    meter_.start(0, Clock::now());
  }
  ~Progress() { screen_.set_status({}); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void moved(std::uint64_t count) {
    const Time now = Clock::now();
    view_.done += count;
    view_.total = std::max(view_.total, view_.done);
    meter_.update(view_.done, now);
    view_.rate = meter_.rate(now);
    view_.left = meter_.left(view_.done, view_.total, now);
    Status status;
    status.transfers = {view_};
    screen_.set_status(status);
  }

 private:
  BatchScreen& screen_;
  TransferView view_;
  RateMeter meter_;
};

// The bytes of the file and the end, which is not said before the file was seen unchanged; then
// the server's end is waited for.
void pour(PlainLink& link, const FileSource& source, Progress& progress) {
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
  while (heard.size() < kAccio.size()) {
    const std::string_view bytes = link.receive(kStep);
    if (bytes.empty())
      throw ExitError(Outcome::kTransfer, "the server left in the middle of accio's handshake");
    heard.append(bytes);
  }
  if (heard != kAccio)
    throw ExitError(Outcome::kTransfer, "the server broke off accio's handshake with other words");
}

// A file on its way in whose checksum nobody sent: it is what was received. It is not gone on with
// later, for fetchers send from the beginning; so its identity is this process's alone.
class Download {
 public:
  Download(std::shared_ptr<Inbox> inbox, const std::vector<std::string>& parts, std::uint64_t size)
      : file_(std::move(inbox), {"process " + std::to_string(::getpid()), parts, size, 0}) {}
  void write(std::string_view bytes) {
    file_.write(bytes);
    crc_ = crc32c(crc_, bytes);
  }
  void publish() {
    file_.take_as_whole();
    file_.publish(crc_, false);
  }
  void discard() { file_.discard(); }

 private:
  PartialFile file_;
  std::uint32_t crc_ = 0;
};

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
  link.send("confirm-accio\r\n", kStep);
  expect_accio(link);
  link.send("confirm-accio-again\r\n\r\n", kStep);
  calm_pause(kConfirmationPause, signals_);
  Progress progress(screen_, path, true, source.size());
  pour(link, source, progress);
}

void PlainBatch::raw_one(OwnedFd socket, const std::string& path) {
  PlainLink link(std::move(socket), signals_);
  const FileSource source(path);
  Progress progress(screen_, path, true, source.size());
  pour(link, source, progress);
}

void PlainBatch::get_one(OwnedFd socket, const std::string& name, bool lines) {
  const NameCheck check = check_name(name);
  if (!check.ok()) throw ExitError(Outcome::kTransfer, check.refusal);
  PlainLink link(std::move(socket), signals_);
  if (lines) link.forget_received();  // some banner
  link.send(lines ? name + "\n" : name, kStep);
  FetchReply reply(lines);
  std::optional<Download> download;
  Progress progress(screen_, name, false, 0);
  const auto inbox = std::make_shared<Inbox>(options_.directory);
  const auto keep = [&](const std::string& bytes) {
    if (!reply.judged() || reply.refused()) return;
    if (lines && reply.process_id().empty())
      throw ExitError(Outcome::kTransfer, "the server does not answer as a file fetcher does");
    if (!download) {
      if (!reply.process_id().empty()) screen_.say("process ID " + reply.process_id());
      download.emplace(inbox, check.parts, reply.size().value_or(0));
    }
    download->write(bytes);
    progress.moved(bytes.size());
  };
  try {
    while (!reply.refused() && !reply.complete()) {
      const std::string_view bytes = link.receive(kDataStep);
      keep(bytes.empty() ? reply.end() : reply.receive(bytes));
      if (bytes.empty()) break;
    }
    if (reply.refused() && !reply.process_id().empty())
      screen_.say("process ID " + reply.process_id());
    if (reply.refused()) throw ExitError(Outcome::kTransfer, *reply.refused());
    if (!reply.judged()) throw ExitError(Outcome::kLost, "the server left without an answer");
    if (reply.size() && !reply.complete())
      throw ExitError(Outcome::kLost, "the server left before the file's end");
    download->publish();
  } catch (...) {
    if (download) download->discard();
    throw;
  }
}

}  // namespace talk
