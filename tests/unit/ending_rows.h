// How a talk ends, told as rows of a table: in which state what happens, and what comes of it.
#pragma once

#include <gtest/gtest.h>

#include <vector>

#include "common/session/ending.h"

namespace talk::test::ending {

using Ours = TalkEnding::Ours;
using Theirs = TalkEnding::Theirs;
using Why = TalkEnding::Why;
using Actions = TalkEnding::Actions;
using PeerEnd = TalkEnding::PeerEnd;

constexpr Time kNow = Time{} + seconds(1000);

// What can happen, as a word each.
using Event = Actions (*)(TalkEnding&);

inline Actions input_ended(TalkEnding& talk) {
  talk.input_ended();
  return {};
}
inline Actions typed(TalkEnding& talk) {
  talk.typed(kNow);
  return {};
}
inline Actions heard(TalkEnding& talk) {
  talk.heard(kNow);
  return {};
}
inline Actions bye_typed(TalkEnding& talk) { return talk.bye_typed(false, kNow); }
inline Actions bye_typed_behind_words(TalkEnding& talk) { return talk.bye_typed(true, kNow); }
inline Actions leave_silently(TalkEnding& talk) { return talk.leave(false); }
inline Actions leave_with_reason(TalkEnding& talk) { return talk.leave(true); }
inline Actions peer_bye(TalkEnding& talk) { return talk.peer_bye(); }
inline Actions peer_ended(TalkEnding& talk) { return talk.peer_ended(PeerEnd::orderly, kNow); }
inline Actions peer_torn(TalkEnding& talk) { return talk.peer_ended(PeerEnd::torn, kNow); }
inline Actions peer_refused(TalkEnding& talk) {
  return talk.peer_ended(PeerEnd::after_refusal, kNow);
}
inline Actions link_failed(TalkEnding& talk) { return talk.link_failed(false, kNow); }
inline Actions failed_in_doubt(TalkEnding& talk) { return talk.link_failed(true, kNow); }
inline Actions words_ignored(TalkEnding& talk) { return talk.words_ignored(); }
inline Actions peer_silent(TalkEnding& talk) { return talk.peer_silent(kNow); }
inline Actions protocol_broken(TalkEnding& talk) { return talk.protocol_broken(); }
inline Actions survives(TalkEnding& talk) {
  talk.survives(seconds(60));
  return {};
}
inline Actions replaced(TalkEnding& talk) { return talk.link_replaced(kNow); }
inline Actions called_again(TalkEnding& talk) {
  talk.called_again();
  return {};
}
inline Actions in_vain(TalkEnding& talk) { return talk.tick(kNow + seconds(60)); }
inline Actions not_yet(TalkEnding& talk) { return talk.tick(kNow + milliseconds(59'999)); }
inline Actions work_done(TalkEnding& talk) { return talk.work_done(kNow); }
inline Actions drained(TalkEnding& talk) { return talk.drained(kNow); }
inline Actions too_early(TalkEnding& talk) { return talk.tick(kNow + milliseconds(2'999)); }
inline Actions person_waited(TalkEnding& talk) { return talk.tick(kNow + TalkEnding::kFarewell); }
inline Actions waited(TalkEnding& talk) { return talk.tick(kNow + seconds(10)); }

inline TalkEnding::Setting handler() { return {.role = Role::handler}; }
inline TalkEnding::Setting unattended() { return {.role = Role::handler, .attended = false}; }
inline TalkEnding::Setting client() { return {}; }
inline TalkEnding::Setting pipe() { return {.piped = true}; }

struct Row {
  const char* story;
  TalkEnding::Setting setting;
  Speech speech;
  std::vector<Event> before;
  Event event;
  Actions actions;
  // Afterwards, where it goes on.
  Ours ours = Ours::speaking;
  Theirs theirs = Theirs::speaking;
};

inline void expect(const Row& row) {
  TalkEnding talk(row.setting);
  talk.settled(row.speech);
  for (const Event event : row.before) event(talk);
  ASSERT_FALSE(talk.over()) << row.story;
  const Actions actions = row.event(talk);
  EXPECT_EQ(actions.say_bye, row.actions.say_bye) << row.story;
  EXPECT_EQ(actions.say_why, row.actions.say_why) << row.story;
  EXPECT_EQ(actions.half_close, row.actions.half_close) << row.story;
  EXPECT_EQ(actions.tell_deafness, row.actions.tell_deafness) << row.story;
  EXPECT_EQ(actions.lost, row.actions.lost) << row.story;
  EXPECT_EQ(actions.over, row.actions.over) << row.story;
  EXPECT_EQ(talk.over(), actions.over.has_value()) << row.story;
  if (talk.over()) return;
  EXPECT_EQ(talk.ours(), row.ours) << row.story;
  EXPECT_EQ(talk.theirs(), row.theirs) << row.story;
}

constexpr auto kFrames = Speech::frames;
constexpr auto kLines = Speech::lines;
constexpr auto kUndecided = Speech::undecided;

inline Actions over(Why why) { return {.over = why}; }
inline Actions bye_and(std::optional<Why> why = {}) { return {.say_bye = true, .over = why}; }
inline const Actions kNothing;
inline const Actions kHalfClose{.half_close = true};
inline const Actions kHalfCloseAndOver{.half_close = true, .over = Why::done};
inline const Actions kDeaf{.tell_deafness = true};
inline const Actions kLost{.lost = true};

}  // namespace talk::test::ending
