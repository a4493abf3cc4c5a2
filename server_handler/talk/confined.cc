#include "server_handler/talk/confined.h"

#include <cstdint>
#include <exception>
#include <stdexcept>
#include <utility>

#include "common/confine/confine.h"
#include "common/desk/register.h"
#include "common/posix/log.h"
#include "common/posix/user.h"
#include "common/text/width.h"
#include "server_handler/start/environment.h"

namespace talk {
namespace {

constexpr char kLeaveRegister[] = "leave the register";
constexpr char kHandOver[] = "hand over";
constexpr char kTell[] = "tell the listener";
constexpr char kTranscript[] = "create the transcript";
constexpr char kTaken[] = "taken";

SendRule send_rule(const Session& session, bool attended) {
  SendRule rule;
  if (attended) rule.home = real_path(home_directory());
  for (const std::string& place : {session.dir, environment("TALK_SHARE")})
    if (!place.empty()) rule.places.push_back(real_path(place));
  return rule;
}

// Only the talk whose secret is told takes the connection, and that secret is the visitor's.
PassedDescriptor hand_connection_over(const std::string& directory, PassedDescriptor asked) {
  const auto resumption =
      asked.words.size() == 1 ? read_resumption(asked.words.front()) : std::nullopt;
  PassedDescriptor answer;
  if (resumption && asked.descriptor && hand_over(directory, *resumption, asked.descriptor.get()))
    answer.words = {kTaken};
  return answer;
}

// The monitor's own rights: it may be asked by one who was taken over. It takes itself out of the
// register, whose directory goes with the last.
Rights monitor_rights(const SendRule& rule) {
  Rights rights{Rights::Files::write};
  rights.monitors = true;
  rights.readable = rule.roots();
  if (const std::string directory = environment("TALK_REGISTER"); !directory.empty())
    rights.writable = {directory.substr(0, directory.rfind('/'))};
  if (const std::string directory = environment("TALK_TRANSCRIPTS"); !directory.empty())
    rights.writable.push_back(directory);
  return rights;
}

TranscriptFile new_transcript(std::uint64_t session, std::chrono::system_clock::time_point start) {
  return create_transcript(environment("TALK_TRANSCRIPTS"), std::to_string(session), start);
}

}  // namespace

Confined::Confined(const Session& session, bool attended)
    : session_(session), files_(direct_files()) {
  if (session.confine == Confine::off) return;
  const SendRule rule = send_rule(session, attended);
  Monitor::Deeds deeds = file_deeds(rule);
  deeds[kLeaveRegister] = [directory = environment("TALK_REGISTER"),
                           number = session.number](const PassedDescriptor&) {
    forget_session(directory, number);
    return PassedDescriptor();
  };
  deeds[kHandOver] = [directory = environment("TALK_REGISTER")](PassedDescriptor asked) {
    return hand_connection_over(directory, std::move(asked));
  };
  // Of this session, whatever it says.
  deeds[kTell] = [directory = environment("TALK_REGISTER"),
                  number = session.number](const PassedDescriptor& asked) {
    auto news = read_link_news(asked.words.empty() ? "" : asked.words.front());
    if (!news) return PassedDescriptor();
    news->session = number;
    tell_listener(directory, *news);
    return PassedDescriptor();
  };
  // One, under this session's name.
  deeds[kTranscript] = [number = session.number, start = start_,
                        made = false](const PassedDescriptor&) mutable {
    if (std::exchange(made, true)) throw std::runtime_error("there is a transcript already");
    TranscriptFile transcript = new_transcript(number, start);
    return PassedDescriptor{std::move(transcript.file), {transcript.path}};
  };
  monitor_ = std::make_unique<Monitor>(
      deeds, [&] { talk::confine(monitor_rights(rule), session.confine); });
  files_ = monitored_files(*monitor_);
}

void Confined::leave_register() const {
  try {
    if (monitor_) monitor_->ask(kLeaveRegister, {});
  } catch (const std::exception&) {
    // The listener does it, or the next one.
  }
}

void Confined::tell(LinkNews news) const {
  news.session = session_.number;
  if (!monitor_) return tell_listener(environment("TALK_REGISTER"), news);
  try {
    monitor_->ask(kTell, {format_link_news(news)});
  } catch (const std::exception&) {
    // The listener counts this session as it did.
  }
}

TranscriptFile Confined::create_transcript() const {
  if (!monitor_) return new_transcript(session_.number, start_);
  PassedDescriptor made = monitor_->ask(kTranscript, {});
  return {made.words.empty() ? "" : made.words.front(), std::move(made.descriptor)};
}

bool Confined::hand_over(const Resumption& resumption) const {
  if (!monitor_) return talk::hand_over(environment("TALK_REGISTER"), resumption, session_.socket);
  try {
    const std::string request = format_resumption(resumption);
    const std::string told = request.substr(request.find(' ') + 1);
    return !monitor_->ask(kHandOver, {told}, session_.socket).words.empty();
  } catch (const std::exception&) {
    return false;
  }
}

void Confined::confine() const {
  load_widths();
  LogSink::standard_error();
  Rights rights{Rights::Files::write};
  rights.talks = true;
  rights.writable = {session_.dir};
  if (const std::string share = environment("TALK_SHARE"); !share.empty())
    rights.readable = {share};
  talk::confine(rights, session_.confine);
}

}  // namespace talk
