// The disk's thread, with real threads and jobs that only look at which thread they are in.
#include "common/files/disk_thread.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <latch>
#include <string>
#include <thread>
#include <vector>

#include "common/files/disk_pace.h"

namespace talk::test {
namespace {

class DiskThreadTest : public testing::Test {
 protected:
  // Returns once all that was given is done and told.
  void finish() {
    const Time deadline = Clock::now() + seconds(20);
    while (worker.backlog() > 0) {
      ASSERT_LT(Clock::now(), deadline);
      WaitSet wait;
      worker.prepare(wait);
      wait.wake_by(deadline);
      sigset_t mask;
      ::pthread_sigmask(SIG_SETMASK, nullptr, &mask);
      wait.wait(mask);
      worker.turn();
    }
  }
  // A job that notes its name, then where it ran.
  DiskThread::Job job(const std::string& name, milliseconds time = milliseconds(0)) {
    return [this, name, time](const DiskThread::Turn&) -> DiskThread::Done {
      const bool here = std::this_thread::get_id() == own_thread;
      if (time > milliseconds(0)) std::this_thread::sleep_for(time);
      return [this, name, here] { told.push_back(name + (here ? " here" : " there")); };
    };
  }
  void make_it_keep_up() {
    // A busy machine can make any write long: then more are needed.
    for (unsigned i = 0; i < DiskPace::kCalmAtMost && !worker.take_turn(); ++i) {
      worker.post_write(job("first"));
      finish();
    }
    ASSERT_TRUE(worker.take_turn());
    told.clear();
  }

  using Told = std::vector<std::string>;
  DiskThread worker;
  Told told;
  const std::thread::id own_thread = std::this_thread::get_id();
};

TEST_F(DiskThreadTest, TheFirstWriteIsLeftToTheThread) {
  EXPECT_FALSE(worker.take_turn());
  worker.post_write(job("a"));
  finish();
  EXPECT_EQ(told, Told{"a there"});
}

TEST_F(DiskThreadTest, ThereIsOneTurn) {
  make_it_keep_up();
  std::latch looked_at(1);
  {
    const DiskThread::Turn turn = worker.take_turn();
    ASSERT_TRUE(turn);
    EXPECT_FALSE(worker.take_turn());
    worker.post([&, sync = job("sync")](const DiskThread::Turn& theirs) {
      looked_at.wait();
      return sync(theirs);
    });
    worker.finish_within(milliseconds(20));
    EXPECT_EQ(worker.backlog(), 2u);  // the job waits for this turn's end
  }
  EXPECT_FALSE(worker.take_turn());
  worker.post_write(job("behind it"));
  EXPECT_TRUE(told.empty());  // nothing before its turn
  looked_at.count_down();
  finish();
  EXPECT_EQ(told, (Told{"sync there", "behind it there"}));
}

TEST_F(DiskThreadTest, AfterOneLongWriteTheThreadHasThemAgain) {
  make_it_keep_up();
  {
    const DiskThread::Turn turn = worker.take_turn();
    std::this_thread::sleep_for(milliseconds(50));
  }
  EXPECT_FALSE(worker.take_turn());
  worker.post_write(job("next"));
  finish();
  EXPECT_EQ(told, Told{"next there"});
}

}  // namespace
}  // namespace talk::test
