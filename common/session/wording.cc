#include "common/session/wording.h"

#include "common/posix/bug.h"
#include "common/session/liveness.h"
#include "common/text/display.h"

namespace talk {
namespace {

std::string trip_text(std::chrono::microseconds trip) {
  const auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(trip).count();
  return whole == 0 ? "under 1 ms" : std::to_string(whole) + " ms";
}

std::string in_seconds(seconds time) { return std::to_string(time.count()) + " s"; }

}  // namespace

std::string farewell_text(TalkEnding::Why why, const std::string& peer, const std::string& reason) {
  const std::string lost = "the connection to " + peer + " was lost";
  switch (why) {
    case TalkEnding::Why::done:
      return "";
    case TalkEnding::Why::left:
    case TalkEnding::Why::protocol_broken:
      return reason;
    case TalkEnding::Why::bye:
      return peer + " has left" + (reason.empty() ? "" : ": " + quoted(reason));
    case TalkEnding::Why::peer_closed:
      return "the other side closed the connection";
    case TalkEnding::Why::visitor_left:
      return "the visitor left";
    case TalkEnding::Why::visitor_quiet:
      return "the visitor had nothing more to say, and nothing was typed for " +
             in_seconds(TalkEnding::kLinePeerGrace);
    case TalkEnding::Why::visitor_gone:
      return "the visitor has gone";
    case TalkEnding::Why::refused:
      return refusal_text(reason);
    case TalkEnding::Why::closed_unheard:
      return "the server closed the connection without a word";
    case TalkEnding::Why::link_lost:
      return lost;
    case TalkEnding::Why::link_torn:
      return lost + " in the middle of a message";
    case TalkEnding::Why::link_failed:
      return lost + ": " + reason;
    case TalkEnding::Why::peer_silent:
      return "nothing was heard from " + peer + " for " + in_seconds(Liveness::kGiveUpAfter);
    case TalkEnding::Why::unheard:
      return "what was said last was not heard by " + peer;
    case TalkEnding::Why::gave_up:
      return lost + "; this side did not wait for another";
  }
  bug("an end without a word for it");
}

std::string lost_text(Role role, bool piped, const std::string& peer, const std::string& reason) {
  const std::string why = reason.empty() ? "" : ": " + reason;
  const std::string next = role == Role::handler ? "what you say waits for it to come back"
                           : piped               ? "calling again"
                                   : "calling again, and what you say waits (/bye gives up)";
  return "the link to " + peer + " is gone" + why + "; " + next;
}

std::string found_again_text(const std::string& peer, std::chrono::nanoseconds after) {
  return "the link to " + peer + " is there again after " +
         in_seconds(std::chrono::floor<seconds>(after));
}

std::string welcome_line(const std::string& my_name) {
  return "-- you are talking with " + display_text(my_name) + ": type a line, and Enter sends it";
}

std::string refusal_text(const std::string& reason) {
  return "refused by the server: " + quoted(reason);
}

std::string parting_line(const std::string& reason) {
  return "-- the talk has ended: " + quoted(reason);
}

std::string who_text(const Who& who) {
  std::string text = who.title;
  if (!who.address.empty()) text += " at " + who.address;
  if (who.pid) text += ", process " + std::to_string(*who.pid);
  switch (who.speech) {
    case Speech::undecided:
      text += ", nothing heard yet";
      break;
    case Speech::frames:
      text += ", TALK/1";
      break;
    case Speech::lines:
      text += ", plain lines";
      break;
  }
  text += ", here for " + std::to_string(who.here.count()) + " min";
  if (who.round_trip) text += ", round trip " + trip_text(*who.round_trip);
  return text;
}

}  // namespace talk
