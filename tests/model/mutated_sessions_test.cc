// Sessions that go wrong: what a peer once said in a talk that went well, with changes here and
// there, in pieces of any size, to either role. Each ends, or goes on; none crashes, grows, leaves
// half a file under a name, or calls stored what is not there.
//
// TALK_SESSIONS says how many there are a role (default 300), TALK_SEED which.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "common/files/file_name.h"
#include "common/text/decimal.h"
#include "common/wire/limits.h"
#include "common/wire/messages.h"
#include "tests/model/talk_model.h"
#include "tests/support/linked_transfers.h"

namespace talk::test {
namespace {

unsigned setting(const char* name, unsigned otherwise) {
  const char* const text = std::getenv(name);
  return text != nullptr ? decimal<unsigned>(text).value_or(otherwise) : otherwise;
}

// What the peers of a role have said in some talks that went well.
std::vector<std::string> streams_to(talk::Role role) {
  constexpr unsigned kTalks = 8;
  constexpr int kTurns = 60;
  const talk::Role peer = role == talk::Role::client ? talk::Role::handler : talk::Role::client;
  std::vector<std::string> streams;
  for (unsigned seed = 0; seed < kTalks; ++seed) {
    TalkModel model(seed);
    model.run(kTurns);
    streams.push_back(model.stream_of(peer).substr(0, 20'000));
  }
  return streams;
}

class MutatedSession {
 public:
  MutatedSession(talk::Role role, Mutator& random, const TempDir& share)
      : random_(random),
        seat_({role, directory_.path().string(), share.path().string(), random.one_in(3)}, now_) {}

  void run() {
    std::string stream = random_.next();
    while (random_.one_in(2)) stream = random_.mutate(std::move(stream));
    const std::size_t piece = 1 + random_.up_to(random_.one_in(3) ? 30 : 5'000);
    for (std::string_view left = stream; !left.empty() && !seat_.talk.over();) {
      const std::string_view part = left.substr(0, 1 + random_.up_to(piece));
      left.remove_prefix(part.size());
      if (seat_.talk.wants_to_read()) seat_.talk.receive(part, now_);
      turn();
    }
    leave();
  }

  bool broke_the_protocol() const {
    return seat_.talk.outcome().reason.starts_with("protocol error");
  }

  std::string wrong() const {
    if (!seat_.talk.over()) return "it does not end";
    constexpr std::size_t kMostQueued = kMaxQueued + kMaxPayload;
    if (most_queued_ > kMostQueued) return std::to_string(most_queued_) + " bytes were queued";
    for (const std::string& name : names_below(directory_.path()))
      if (!is_partial_name(std::filesystem::path(name).filename().string()) && !is_whole(name))
        return name + " is half a file, or another one";
    return "";
  }

 private:
  void turn() {
    now_ += milliseconds(random_.up_to(random_.one_in(20) ? 5'000 : 50));
    if (random_.one_in(10)) seat_.type(random_.pick(kLines), now_);
    seat_.work(milliseconds(0));
    most_queued_ = std::max(most_queued_, seat_.talk.outgoing(0, now_).size());
    if (!random_.one_in(8)) seat_.take(random_.up_to(100'000), now_);
    seat_.talk.take_half_close();
    seat_.talk.tick(now_);
  }

  // The peer's end, a reset, or nothing more; and time that passes.
  void leave() {
    if (random_.one_in(3)) seat_.talk.receive_end(now_);
    if (random_.one_in(3)) seat_.talk.link_failed(ECONNRESET, now_);
    if (!seat_.talk.over()) seat_.talk.input({Input::Kind::end, {}}, now_);
    for (int minute = 0; minute < 40 && !seat_.talk.over(); ++minute) {
      turn();
      now_ += seconds(5);
    }
  }

  // Its name may have been changed on its way; its bytes have not.
  bool is_whole(const std::string& name) const {
    const std::string content = read_file(directory_ / name);
    for (std::size_t file = 0; file < kModelFiles; ++file)
      if (content == model_file(file)) return true;
    return false;
  }

  static const std::vector<std::string> kLines;

  Mutator& random_;
  Time now_ = Time{} + seconds(1'000);
  TempDir directory_{memory_place()};
  TalkSeat seat_;
  std::size_t most_queued_ = 0;
};

const std::vector<std::string> MutatedSession::kLines = {
    "hello",       "/accept", "/refuse",   "/cancel",    "/files",
    "/get f2.bin", "/who",    "/cancel 2", "/transfers", "/bye"};

class MutatedSessions : public ::testing::TestWithParam<talk::Role> {};

TEST_P(MutatedSessions, EndInOrder) {
  const unsigned sessions = setting("TALK_SESSIONS", 300);
  const unsigned seed = setting("TALK_SEED", 1);
  const TempDir share{memory_place()};
  write_model_files(share);
  Mutator random(streams_to(GetParam()), seed);
  unsigned errors = 0;
  for (unsigned i = 0; i < sessions; ++i) {
    MutatedSession session(GetParam(), random, share);
    session.run();
    ASSERT_EQ(session.wrong(), "") << "session " << i << " of seed " << seed;
    errors += session.broke_the_protocol();
  }
  RecordProperty("protocol_errors", static_cast<int>(errors));
  EXPECT_GT(errors, sessions / 20);  // else the changes are none
  EXPECT_LT(errors, sessions);
}

INSTANTIATE_TEST_SUITE_P(Roles, MutatedSessions,
                         ::testing::Values(talk::Role::handler, talk::Role::client),
                         [](const auto& role) {
                           return std::string(role.param == talk::Role::client ? "Client"
                                                                               : "Handler");
                         });

}  // namespace
}  // namespace talk::test
