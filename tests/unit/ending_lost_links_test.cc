// How a talk ends whose link can be lost and found again.
#include "tests/unit/ending_rows.h"

namespace talk::test::ending {
namespace {

constexpr auto kSpeaking = Ours::speaking;

TEST(EndingByLostLinks, TheTalkSurvivesThem) {
  const Row rows[] = {
      {"reset", client(), kFrames, {survives}, link_failed, kLost, kSpeaking, Theirs::lost},
      {"ended", handler(), kFrames, {survives}, peer_ended, kLost, kSpeaking, Theirs::lost},
      {"torn", pipe(), kFrames, {survives}, peer_torn, kLost, kSpeaking, Theirs::lost},
      {"silent", client(), kFrames, {survives}, peer_silent, kLost, kSpeaking, Theirs::lost},
      {"not noticed", handler(), kFrames, {survives}, replaced, kLost, kSpeaking, Theirs::lost},
      {"lines do not", handler(), kLines, {survives}, link_failed, over(Why::link_failed)},
      {"before it is known",
       client(),
       kUndecided,
       {survives},
       link_failed,
       kLost,
       kSpeaking,
       Theirs::lost},
      {"in its greeting",
       client(),
       kUndecided,
       {survives},
       peer_torn,
       kLost,
       kSpeaking,
       Theirs::lost},
      {"an end is none", client(), kUndecided, {survives}, peer_ended, over(Why::closed_unheard)},
      {"the next one breaks",
       client(),
       kFrames,
       {survives, peer_ended},
       link_failed,
       kLost,
       kSpeaking,
       Theirs::lost},
  };
  for (const Row& row : rows) expect(row);
}

TEST(EndingByLostLinks, WhatComesOfThem) {
  const Row rows[] = {
      {"waited for",
       client(),
       kFrames,
       {survives, peer_ended},
       not_yet,
       kNothing,
       kSpeaking,
       Theirs::lost},
      {"in vain", client(), kFrames, {survives, peer_torn}, in_vain, over(Why::link_torn)},
      {"there again", client(), kFrames, {survives, peer_ended, called_again}, in_vain, kNothing},
      {"and lost again",
       client(),
       kFrames,
       {survives, peer_ended, called_again},
       link_failed,
       kLost,
       kSpeaking,
       Theirs::lost},
  };
  for (const Row& row : rows) expect(row);
}

TEST(EndingByLostLinks, OneEndsTheTalkWithoutALink) {
  const Row rows[] = {
      {"given up", client(), kFrames, {survives, peer_ended}, bye_typed, over(Why::gave_up)},
      {"stopped", client(), kFrames, {survives, peer_ended}, leave_silently, over(Why::gave_up)},
      {"by the desk",
       handler(),
       kFrames,
       {survives, peer_ended},
       leave_with_reason,
       over(Why::left)},
      {"a pipe's end waits",
       pipe(),
       kFrames,
       {survives, peer_ended, input_ended},
       work_done,
       kNothing,
       Ours::finishing,
       Theirs::lost},
      {"and is said",
       pipe(),
       kFrames,
       {survives, peer_ended, input_ended, called_again},
       work_done,
       bye_and(),
       Ours::closing},
      {"behind a bye", client(), kFrames, {survives, bye_typed}, link_failed, over(Why::done)},
      {"behind a bye", handler(), kFrames, {survives, bye_typed}, replaced, over(Why::done)},
  };
  for (const Row& row : rows) expect(row);
}

TEST(EndingByLostLinks, WhoSaidByeIsNotCalledAgain) {
  TalkEnding talk(handler());
  talk.settled(kFrames);
  EXPECT_FALSE(talk.may_be_called_again());
  survives(talk);
  EXPECT_TRUE(talk.may_be_called_again());
  bye_typed(talk);
  EXPECT_FALSE(talk.may_be_called_again());
}

}  // namespace
}  // namespace talk::test::ending
