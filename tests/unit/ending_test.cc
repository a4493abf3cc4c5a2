// How a talk ends while it has its link: by its ends, byes, faults and silences.
#include "common/session/ending.h"

#include "common/session/outcome.h"
#include "tests/unit/ending_rows.h"

namespace talk::test::ending {
namespace {

TEST(TalkEnding, ByTheByesOfFrames) {
  const Row rows[] = {
      {"a person's bye", client(), kFrames, {}, bye_typed, bye_and(), Ours::closing},
      {"bye once only", client(), kFrames, {bye_typed}, bye_typed, kNothing, Ours::closing},
      {"while files go", client(), kFrames, {input_ended}, bye_typed, bye_and(), Ours::closing},
      {"and half-closed", client(), kFrames, {bye_typed}, drained, kHalfClose, Ours::closed},
      {"once", client(), kFrames, {bye_typed, drained}, drained, kNothing, Ours::closed},
      {"answered", client(), kFrames, {bye_typed}, peer_bye, over(Why::done)},
      {"or ended", client(), kFrames, {bye_typed, drained}, peer_ended, over(Why::done)},
      {"or torn", handler(), kFrames, {bye_typed}, peer_torn, over(Why::done)},
      {"or reset", handler(), kFrames, {bye_typed}, link_failed, over(Why::done)},
      {"perhaps unread", pipe(), kFrames, {bye_typed}, failed_in_doubt, over(Why::link_failed)},
      {"or waited for", client(), kFrames, {bye_typed}, too_early, kNothing, Ours::closing},
      {"in vain", client(), kFrames, {bye_typed}, person_waited, over(Why::done)},
      {"a pipe waits longer", pipe(), kFrames, {bye_typed}, person_waited, kNothing, Ours::closing},
      {"in vain", pipe(), kFrames, {bye_typed}, waited, over(Why::done)},
      {"the peer's bye is answered", handler(), kFrames, {}, peer_bye, bye_and(Why::bye)},
      {"also while files go", pipe(), kFrames, {input_ended}, peer_bye, bye_and(Why::bye)},
  };
  for (const Row& row : rows) expect(row);
}

TEST(TalkEnding, ByTheEndOfInput) {
  const Row rows[] = {
      {"files first", pipe(), kFrames, {input_ended}, drained, kNothing, Ours::finishing},
      {"then bye", pipe(), kFrames, {input_ended}, work_done, bye_and(), Ours::closing},
      {"files alone say nothing", pipe(), kFrames, {}, work_done, kNothing},
      {"no peer yet", pipe(), kUndecided, {input_ended}, drained, kNothing, Ours::finishing},
      {"nor bye", pipe(), kUndecided, {input_ended}, work_done, kNothing, Ours::finishing},
      {"lines", pipe(), kLines, {input_ended}, drained, kHalfClose, Ours::closed},
      {"have no bye", pipe(), kLines, {input_ended}, work_done, kNothing, Ours::finishing},
      {"then silence", pipe(), kLines, {input_ended, drained}, waited, over(Why::done)},
      {"or the other's end",
       pipe(),
       kLines,
       {input_ended, drained},
       peer_ended,
       over(Why::peer_closed)},
      {"both have ended", handler(), kLines, {peer_ended, input_ended}, drained, kHalfCloseAndOver},
      {"before that it goes on",
       pipe(),
       kLines,
       {peer_ended, typed},
       drained,
       kNothing,
       Ours::speaking,
       Theirs::ended},
  };
  for (const Row& row : rows) expect(row);
}

TEST(TalkEnding, ByAByeWithoutFrames) {
  const Row rows[] = {
      {"lines", client(), kLines, {}, bye_typed, over(Why::done)},
      {"undecided", handler(), kUndecided, {}, bye_typed, over(Why::done)},
      {"words first", client(), kUndecided, {}, bye_typed_behind_words, kNothing, Ours::finishing},
      {"also spaced ones", client(), kLines, {}, bye_typed_behind_words, kNothing, Ours::finishing},
  };
  for (const Row& row : rows) expect(row);
}

TEST(TalkEnding, ByTheEndOfThePeersStream) {
  const Row rows[] = {
      {"frames", client(), kFrames, {}, peer_ended, over(Why::link_lost)},
      {"torn", handler(), kFrames, {}, peer_torn, over(Why::link_torn)},
      {"while files go", pipe(), kFrames, {input_ended}, peer_ended, over(Why::link_lost)},
      {"refused", client(), kLines, {}, peer_refused, over(Why::refused)},
      {"a visitor refuses nobody",
       handler(),
       kLines,
       {},
       peer_refused,
       kDeaf,
       Ours::speaking,
       Theirs::ended},
      {"without a word", client(), kUndecided, {}, peer_ended, over(Why::closed_unheard)},
      {"plain", client(), kLines, {}, peer_ended, over(Why::peer_closed)},
      {"a pipe goes on", pipe(), kLines, {}, peer_ended, kNothing, Ours::speaking, Theirs::ended},
      {"until it is done", pipe(), kLines, {peer_ended, input_ended}, drained, kHalfCloseAndOver},
      {"nobody at the desk", unattended(), kLines, {}, peer_ended, over(Why::visitor_left)},
      {"nor a word", unattended(), kUndecided, {}, peer_ended, over(Why::visitor_left)},
      {"nc -N", handler(), kLines, {}, peer_ended, kDeaf, Ours::speaking, Theirs::ended},
      {"nc < /dev/null",
       handler(),
       kUndecided,
       {},
       peer_ended,
       kDeaf,
       Ours::speaking,
       Theirs::ended},
      {"answered no more", handler(), kLines, {peer_ended}, waited, over(Why::visitor_quiet)},
      {"or reset", handler(), kLines, {peer_ended}, link_failed, over(Why::visitor_gone)},
  };
  for (const Row& row : rows) expect(row);
}

TEST(TalkEnding, ByWhatGoesWrong) {
  const Row rows[] = {
      {"reset", client(), kFrames, {}, link_failed, over(Why::link_failed)},
      {"reset", handler(), kLines, {}, link_failed, over(Why::link_failed)},
      {"a server of lines",
       pipe(),
       kLines,
       {input_ended, drained},
       link_failed,
       over(Why::link_failed)},
      {"silence", client(), kFrames, {}, peer_silent, over(Why::peer_silent)},
      {"lines may be silent", client(), kLines, {}, peer_silent, kNothing},
      {"a fault", handler(), kFrames, {}, protocol_broken, bye_and(Why::protocol_broken)},
      {"bye was said",
       handler(),
       kFrames,
       {bye_typed},
       protocol_broken,
       over(Why::protocol_broken)},
      {"a flood", handler(), kLines, {}, protocol_broken, over(Why::protocol_broken)},
  };
  for (const Row& row : rows) expect(row);
}

TEST(TalkEnding, ByLeaving) {
  const Row rows[] = {
      {"bye", client(), kFrames, {}, leave_silently, bye_and(Why::left)},
      {"with a reason", handler(), kFrames, {}, leave_with_reason, bye_and(Why::left)},
      {"bye was said", client(), kFrames, {bye_typed}, leave_with_reason, over(Why::left)},
      {"a line peer hears why",
       handler(),
       kLines,
       {},
       leave_with_reason,
       {.say_why = true, .over = Why::left}},
      {"if there is a why", handler(), kLines, {}, leave_silently, over(Why::left)},
  };
  for (const Row& row : rows) expect(row);
}

TEST(TalkEnding, AByeIsSaidBehindWordsThatWereHeard) {
  const Row rows[] = {
      {"words first", client(), kFrames, {}, bye_typed_behind_words, kNothing, Ours::finishing},
      {"then bye",
       client(),
       kFrames,
       {bye_typed_behind_words},
       work_done,
       bye_and(),
       Ours::closing},
      {"not for long",
       client(),
       kFrames,
       {bye_typed_behind_words},
       too_early,
       kNothing,
       Ours::finishing},
      {"in vain",
       client(),
       kFrames,
       {bye_typed_behind_words},
       person_waited,
       bye_and(Why::unheard)},
      {"read and never heard",
       pipe(),
       kFrames,
       {survives, input_ended},
       words_ignored,
       bye_and(Why::unheard)},
      {"who leaves calls nobody",
       client(),
       kFrames,
       {survives, bye_typed_behind_words},
       link_failed,
       over(Why::link_failed)},
  };
  for (const Row& row : rows) expect(row);
}

TEST(TalkEnding, NothingComesAfterTheEnd) {
  const Event events[] = {input_ended,   typed,           heard,     bye_typed,   leave_with_reason,
                          peer_bye,      peer_ended,      peer_torn, link_failed, peer_silent,
                          work_done,     protocol_broken, drained,   waited,      peer_refused,
                          words_ignored, failed_in_doubt};
  for (const Speech speech : {kUndecided, kFrames, kLines}) {
    TalkEnding talk(client());
    talk.settled(speech);
    leave_silently(talk);
    for (const Event event : events) EXPECT_EQ(event(talk), kNothing);
    EXPECT_EQ(talk.deadline(), std::nullopt);
  }
}

// The desk answers a visitor who has nothing more to say: each line gives both ten seconds more.
// What a peer still says after our own end does the same.
TEST(TalkEnding, WordsLengthenTheWait) {
  TalkEnding desk(handler());
  desk.settled(kLines);
  peer_ended(desk);
  EXPECT_EQ(desk.deadline(), kNow + TalkEnding::kLinePeerGrace);
  desk.typed(kNow + seconds(5));
  EXPECT_EQ(desk.deadline(), kNow + seconds(5) + TalkEnding::kLinePeerGrace);
  TalkEnding script(pipe());
  script.settled(kLines);
  script.heard(kNow);
  EXPECT_EQ(script.deadline(), std::nullopt);
  input_ended(script);
  drained(script);
  script.heard(kNow + seconds(5));
  EXPECT_EQ(script.deadline(), kNow + seconds(5) + TalkEnding::kLinePeerGrace);
}

TEST(TalkEnding, TheExitCodeIsOfTheReason) {
  for (const Why why : {Why::done, Why::left, Why::bye, Why::peer_closed, Why::visitor_left,
                        Why::visitor_quiet, Why::visitor_gone})
    EXPECT_EQ(TalkEnding::exit_code(why), Outcome::kFine);
  for (const Why why : {Why::closed_unheard, Why::link_lost, Why::link_torn, Why::link_failed,
                        Why::peer_silent, Why::unheard, Why::gave_up})
    EXPECT_EQ(TalkEnding::exit_code(why), Outcome::kLost);
  EXPECT_EQ(TalkEnding::exit_code(Why::refused), Outcome::kRefused);
  EXPECT_EQ(TalkEnding::exit_code(Why::protocol_broken), Outcome::kFailed);
}

}  // namespace
}  // namespace talk::test::ending
