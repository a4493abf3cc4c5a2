#include "server_handler/upload/upload.h"

#include <fcntl.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <string_view>

#include "common/files/beneath.h"
#include "common/files/file_name.h"
#include "common/files/staged_file.h"
#include "common/posix/error.h"
#include "common/posix/signals.h"
#include "common/posix/socket_options.h"
#include "common/wire/accio.h"
#include "server_handler/start/connection.h"
#include "server_handler/start/environment.h"
#include "server_handler/upload/accio_start.h"

namespace talk {
namespace {

constexpr seconds kIdle{10};

struct TooLarge : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// DIR/N.file while it comes in. All throw std::system_error.
class UploadFile {
 public:
  // At most `limit` bytes; 0: any number.
  UploadFile(const Session& session, std::uint64_t limit)
      : name_(std::to_string(session.number) + ".file"),
        limit_(limit),
        file_(open_directory(session.dir)) {
    begin();
  }

  const std::string& name() const { return name_; }

  // Throws TooLarge too.
  void append(std::string_view bytes) {
    if (limit_ != 0 && bytes.size() > limit_ - file_.size())
      throw TooLarge("the file is larger than " + std::to_string(limit_) + " bytes");
    file_.write(bytes);
  }

  // Replaces a file of that name.
  void publish() {
    file_.make_durable();
    file_.appear_as(name_);
  }

  void publish_error() {
    file_.discard();
    begin();
    file_.write("ERROR");
    publish();
  }

 private:
  // Two servers over one DIR may count the same. What a killed handler leaves is swept by the
  // desk's sessions like any other partial file, or by who has its process ID one day.
  void begin() {
    const std::string hidden = std::string(kPartialPrefix) + "upload-" + name_ + "-" +
                               std::to_string(::getpid()) + std::string(kPartialSuffix);
    ::unlinkat(file_.directory(), hidden.c_str(), 0);
    if (!file_.create(hidden)) throw_error(EEXIST, "create " + hidden);
  }

  std::string name_;
  std::uint64_t limit_;
  StagedFile file_;
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
    if (got.kind == Received::Kind::nothing)
      throw PeerIdle("no data came for " + std::to_string(idle.count()) + " s");
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

// An orderly end tells the peer that its file is stored; whatever else happens ends in a reset.
int take_upload(const Session& session, bool greets) {
  if (session.number == 0)
    throw ExitError(1, "TALK_SESSION is not set: the file's name is the connection's number");
  const seconds idle = environment_seconds("TALK_IDLE_SECONDS", kIdle);
  const std::uint64_t limit = environment_bytes("TALK_MAX_FILE_SIZE", 0);
  Signals signals({SIGHUP, SIGINT, SIGTERM});
  Connection peer(session, &signals);
  UploadFile file(session, limit);
  try {
    receive_file(peer, file, greets, idle);
    file.publish();
    return 0;
  } catch (const std::system_error& error) {
    file.publish_error();
    throw ExitError(1, "store " + file.name() + ": " + error.what());
  } catch (const TooLarge& error) {
    file.publish_error();
    throw ExitError(1, "store " + file.name() + ": " + error.what());
  } catch (const std::runtime_error& error) {
    log_end(session, error.what());
    file.publish_error();  // the peer's fault, or a stop
    reset_on_close(session.socket, true);
    throw PeerLost(error.what());
  }
}

}  // namespace talk
