#include "common/session/wording.h"

#include "common/posix/bug.h"

namespace talk {

std::string farewell_text(TalkEnding::Why why, const std::string& peer, const std::string& reason) {
  const std::string lost = "the connection to " + peer + " was lost";
  switch (why) {
    case TalkEnding::Why::done:
      return "";
    case TalkEnding::Why::left:
    case TalkEnding::Why::protocol_broken:
      return reason;
    case TalkEnding::Why::bye:
      return peer + " has left" + (reason.empty() ? "" : ": " + reason);
    case TalkEnding::Why::peer_closed:
      return "the other side closed the connection";
    case TalkEnding::Why::visitor_left:
      return "the visitor left";
    case TalkEnding::Why::visitor_gone:
      return "the visitor has gone";
    case TalkEnding::Why::refused:
      return "refused by the server: " + reason;
    case TalkEnding::Why::closed_unheard:
      return "the server closed the connection without a word";
    case TalkEnding::Why::link_lost:
      return lost;
    case TalkEnding::Why::link_torn:
      return lost + " in the middle of a message";
    case TalkEnding::Why::link_failed:
      return lost + ": " + reason;
    case TalkEnding::Why::peer_silent:
      return lost + ": nothing heard for 60 s";
  }
  bug("an end without a word for it");
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
  if (who.round_trip)
    text += ", round trip " + std::to_string(who.round_trip->count() / 1000) + " ms";
  return text;
}

}  // namespace talk
