#include "server_handler/upload/upload.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <optional>

#include "common/files/file_name.h"
#include "common/posix/environment.h"
#include "common/posix/error.h"
#include "common/posix/io.h"
#include "common/posix/signals.h"
#include "common/wire/accio.h"
#include "server_handler/start/connection.h"
#include "server_handler/upload/accio_start.h"

namespace talk {
namespace {

constexpr seconds kIdle{10};

// Two servers over one DIR may count the same; what a killed handler leaves is swept by the desk's
// sessions like any other partial file.
std::string partial_name(std::uint64_t number) {
  return std::string(kPartialPrefix) + "upload-" + std::to_string(number) + "-" +
         std::to_string(::getpid()) + std::string(kPartialSuffix);
}

struct Idle : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Everything up to the peer's orderly end goes into the file.
void receive_file(Connection& peer, UploadFile& file, bool greets, seconds idle) {
  std::optional<AccioStart> start;
  if (greets) {
    start.emplace();
    peer.send(kAccioGreeting);
  }
  while (true) {
    const Received got = peer.receive(Clock::now() + idle);
    const bool in_file = !start || start->done();
    if (got.kind == Received::Kind::nothing) throw Idle("no data came");
    if (got.kind == Received::Kind::end) {
      if (!in_file) file.append(start->end());
      return;
    }
    if (in_file) {
      file.append(got.bytes);
      continue;
    }
    const AccioStart::Step step = start->receive(got.bytes);
    peer.send(step.reply);
    file.append(step.file);
  }
}

}  // namespace

UploadFile::UploadFile(const std::string& dir, std::uint64_t number)
    : dir_(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
      name_(std::to_string(number) + ".file"),
      partial_(partial_name(number)) {
  if (!dir_) throw_errno("open the directory " + dir);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
  file_.reset(::openat(dir_.get(), partial_.c_str(), kFlags, 0666));
  if (!file_) throw_errno("create " + partial_ + " in " + dir);
}

UploadFile::~UploadFile() {
  if (!published_) ::unlinkat(dir_.get(), partial_.c_str(), 0);
}

void UploadFile::append(std::string_view bytes) {
  write_all(file_.get(), bytes, "write " + partial_);
}

void UploadFile::publish() {
  if (::renameat(dir_.get(), partial_.c_str(), dir_.get(), name_.c_str()) != 0)
    throw_errno("rename " + partial_ + " to " + name_);
  published_ = true;
}

void UploadFile::publish_error() {
  if (::ftruncate(file_.get(), 0) != 0 || ::lseek(file_.get(), 0, SEEK_SET) != 0)
    throw_errno("empty " + partial_);
  append("ERROR");
  publish();
}

int take_upload(const Session& session, bool greets) {
  if (session.number == 0)
    throw ExitError(1, "TALK_SESSION is not set: the file's name is the connection's number");
  const seconds idle = environment_seconds("TALK_IDLE_SECONDS", kIdle);
  Signals signals({SIGHUP, SIGINT, SIGTERM});
  Connection peer(session.socket, &signals);
  UploadFile file(session.dir, session.number);
  try {
    receive_file(peer, file, greets, idle);
    file.publish();
    return 0;
  } catch (const std::system_error&) {
    file.publish_error();
    throw;  // the disk's fault: the peer learns it by a reset
  } catch (const std::runtime_error&) {
    file.publish_error();  // the peer's fault, or a stop
    return 0;
  }
}

}  // namespace talk
