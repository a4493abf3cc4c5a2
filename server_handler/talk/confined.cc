#include "server_handler/talk/confined.h"

#include <unistd.h>

#include <exception>

#include "common/confine/confine.h"
#include "common/desk/register.h"
#include "common/posix/log.h"
#include "common/posix/user.h"
#include "server_handler/start/environment.h"

namespace talk {
namespace {

constexpr char kLeaveRegister[] = "leave the register";

SendRule send_rule(const Session& session, bool attended) {
  SendRule rule;
  if (attended) rule.home = real_path(home_directory());
  for (const std::string& place : {session.dir, environment("TALK_SHARE")})
    if (!place.empty()) rule.named.push_back(real_path(place));
  return rule;
}

void remove_from_register(const std::string& directory, std::uint64_t number) {
  if (directory.empty() || number == 0) return;
  ::unlink(session_socket(directory, number).c_str());
  leave_register(directory);
}

}  // namespace

Confined::Confined(const Session& session, bool attended)
    : session_(session), files_(direct_files()) {
  if (session.confine == Confine::off) return;
  Monitor::Deeds deeds = file_deeds(send_rule(session, attended));
  deeds[kLeaveRegister] = [directory = environment("TALK_REGISTER"),
                           number = session.number](const PassedDescriptor&) {
    remove_from_register(directory, number);
    return PassedDescriptor();
  };
  monitor_ = std::make_unique<Monitor>(deeds);
  files_ = monitored_files(*monitor_);
}

void Confined::leave_register() const {
  try {
    if (monitor_) monitor_->ask(kLeaveRegister, {});
  } catch (const std::exception&) {
    // The listener does it, or the next one.
  }
}

void Confined::confine() const {
  LogSink::standard_error();
  Rights rights{Rights::Files::write};
  rights.talks = true;
  rights.writable = {session_.dir};
  if (const std::string share = environment("TALK_SHARE"); !share.empty())
    rights.readable = {share};
  talk::confine(rights, session_.confine);
}

}  // namespace talk
