#include "common/desk/report.h"

#include <gtest/gtest.h>

#include "common/desk/pace.h"
#include "common/text/percent.h"

namespace talk {
namespace {

SessionReport full_report() {
  SessionReport report;
  report.number = 3;
  report.pid = 8402;
  report.link = TalkLink::lost;
  report.silent = seconds(12);
  report.unread = 2;
  report.idle = seconds(7);
  report.since = std::chrono::sys_seconds(seconds(1'790'000'000));
  report.name = "alice = bob\n%41";
  report.address = "fe80::1%eth0";
  report.transfers = {{"a, b.pdf", true, 10, 20, 3}, {"\xff\x1b[2J", false, 0, 0}};
  report.offers = {{"c, d", 30}};
  return report;
}

TEST(SessionReport, ComesBackAsItWasWritten) {
  for (const SessionReport& report : {SessionReport{}, full_report()})
    EXPECT_EQ(read_session_report(format_report(report)), report) << format_report(report);
}

TEST(SessionReport, IsOneLineWhateverVisitorsChose) {
  EXPECT_EQ(format_report(full_report()),
            "session number=3 pid=8402 state=lost silent=12 unread=2 idle=7 since=1790000000 "
            "name=alice%20%3D%20bob%0A%2541 address=fe80%3A%3A1%25eth0 "
            "transfer=out%2C10%2C20%2C3%2Ca%2C%20b.pdf transfer=in%2C0%2C0%2C0%2C%FF%1B%5B2J "
            "offer=30%2Cc%2C%20d");
}

// A visitor who offers ten thousand files must not make an answer that nobody can hold.
TEST(SessionReport, IsBounded) {
  SessionReport report;
  report.name = std::string(100'000, 'n');
  report.transfers.assign(1'000, {std::string(1'000, '\xff'), false, 1, 2});
  EXPECT_LT(format_report(report).size(), std::size_t{64} << 10);
}

TEST(SessionReport, TakesWhatItKnowsOfStrangeLines) {
  EXPECT_EQ(read_session_report(""), std::nullopt);
  EXPECT_EQ(read_session_report("sessions number=3"), std::nullopt);
  EXPECT_EQ(read_session_report("listener pid=3"), std::nullopt);
  const auto report = read_session_report(
      "session number=x pid=-1 state=asleep  future=1 idle=-5 since=99999999999999999 unread=4 "
      "transfer=out transfer=in,1,x,f =");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->number, 0u);
  EXPECT_EQ(report->link, TalkLink::here);
  EXPECT_EQ(report->idle, seconds(0));
  EXPECT_EQ(report->unread, 4u);
  EXPECT_TRUE(report->transfers.empty());
}

TEST(ListenerReport, ComesBackAsItWasWritten) {
  const ListenerReport full{8400, 3, 64, std::chrono::sys_seconds(seconds(1'790'000'000))};
  EXPECT_EQ(format_report(full), "listener pid=8400 waiting=3 limit=64 since=1790000000");
  for (const ListenerReport& report : {ListenerReport{}, full})
    EXPECT_EQ(read_listener_report(format_report(report)), report);
}

TEST(ControlLine, IsAWordAndTheRest) {
  EXPECT_EQ(split_control_line("say  two blanks").word, "say");
  EXPECT_EQ(split_control_line("say  two blanks").text, " two blanks");
  EXPECT_EQ(split_control_line("raise").word, "raise");
  EXPECT_EQ(split_control_line("raise").text, "");
  EXPECT_EQ(split_control_line("").word, "");
}

TEST(TmuxAnswer, ComesBackAsItWasWritten) {
  const TmuxPane window{"/tmp/a b/default", "%3"};
  EXPECT_EQ(format_tmux_answer(window), "tmux %2Ftmp%2Fa%20b%2Fdefault %253");
  EXPECT_EQ(read_tmux_answer(format_tmux_answer(window)), window);
  for (const char* other : {"ok", "tmux", "tmux a", "no tmux a b"})
    EXPECT_EQ(read_tmux_answer(other), std::nullopt) << other;
}

TEST(Percent, BringsEveryByteBack) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) bytes += static_cast<char>(c);
  EXPECT_EQ(percent_decode(percent_encode(bytes)), bytes);
  EXPECT_EQ(percent_decode("100% %4 %zz %41"), "100% %4 %zz A");
}

TEST(Pace, LetsABurstThroughAndThenOneAtATime) {
  Pace pace(milliseconds(20), 3);
  Time now = Time{} + seconds(100);
  int happened = 0;
  for (; pace.ready(now); ++happened) pace.happened(now);
  EXPECT_EQ(happened, 3);
  EXPECT_EQ(pace.next(), now + milliseconds(20));
  now += milliseconds(20);
  EXPECT_TRUE(pace.ready(now));
  pace.happened(now);
  EXPECT_FALSE(pace.ready(now));
  now += seconds(1);  // a pause is no credit beyond the burst
  for (happened = 0; pace.ready(now); ++happened) pace.happened(now);
  EXPECT_EQ(happened, 3);
}

}  // namespace
}  // namespace talk
