#include "server/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <string>

namespace strongroom::server {
namespace {

TEST(WorkerPool, RunsWhatItTakes) {
  std::atomic<int> ran = 0;
  {
    WorkerPool pool(3, 100);
    for (int i = 0; i < 100; ++i) {
      while (!pool.Submit([&] { ++ran; })) std::this_thread::yield();
    }
  }
  EXPECT_EQ(ran, 100);
}

TEST(WorkerPool, RefusesWhatIsTooMuch) {
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::promise<void> busy;
  WorkerPool pool(1, 4);
  ASSERT_TRUE(pool.Submit([&] {
    busy.set_value();
    released.wait();
  }));
  busy.get_future().wait();
  EXPECT_TRUE(pool.Submit([] {}));
  EXPECT_TRUE(pool.Submit([] {}));
  EXPECT_FALSE(pool.Submit([] {}));
  EXPECT_EQ(pool.waiting(), 2U);
  release.set_value();
}

TEST(WorkerPool, LetsTheSecondHalfOfARequestInWhateverWaits) {
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::atomic<bool> ran = false;
  {
    WorkerPool pool(1, 0);
    pool.SubmitAlways([&] { released.wait(); });
    EXPECT_FALSE(pool.Submit([] {}));
    pool.SubmitAlways([&] { ran = true; });
    release.set_value();
  }
  EXPECT_TRUE(ran);
}

// Holds up all threads of a pool until Release().
class Gate {
 public:
  explicit Gate(WorkerPool& pool, std::size_t threads) {
    for (std::size_t i = 0; i < threads; ++i) {
      // The task outlives the gate: it keeps what it waits for.
      pool.SubmitAlways([this, released = released_] {
        ++closed_;
        released.wait();
      });
    }
    while (closed_ < threads) std::this_thread::yield();
  }
  void Release() { release_.set_value(); }

 private:
  std::promise<void> release_;
  std::shared_future<void> released_ = release_.get_future().share();
  std::atomic<std::size_t> closed_ = 0;
};

TEST(WorkerPool, SharesTakeTurns) {
  std::mutex mutex;
  std::string order;
  {
    WorkerPool pool(1, 100);
    Gate gate(pool, 1);
    const auto submit = [&](const char* share) {
      ASSERT_TRUE(pool.Submit(share, [&mutex, &order, share] {
        const std::lock_guard lock(mutex);
        order += share;
      }));
    };
    for (int i = 0; i < 6; ++i) submit("A");
    submit("b");
    submit("c");
    submit("b");
    gate.Release();
  }
  EXPECT_EQ(order, "AbcAbAAAA");
}

TEST(WorkerPool, AShareHoldsHalfOfTheQueueAtMost) {
  WorkerPool pool(1, 10);
  Gate gate(pool, 1);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(pool.Submit("flood", [] {}));
  EXPECT_FALSE(pool.Submit("flood", [] {}));
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(pool.Submit(std::to_string(i), [] {}));
  EXPECT_FALSE(pool.Submit("late", [] {})) << "the queue is full";
  gate.Release();
}

TEST(WorkerPool, AShareNeverRunsOnAllThreads) {
  std::promise<void> release;
  std::shared_future<void> released = release.get_future().share();
  std::atomic<int> running = 0;
  std::atomic<bool> other = false;
  WorkerPool pool(4, 100);
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(pool.Submit("slow", [&] {
      ++running;
      released.wait();
    }));
  }
  while (running < 3) std::this_thread::yield();
  ASSERT_TRUE(pool.Submit("quick", [&] { other = true; }));
  while (!other) std::this_thread::yield();
  EXPECT_EQ(running, 3);
  release.set_value();
}

TEST(WorkerPool, RunsOnTheCallersThreadOnceItHasStopped) {
  WorkerPool pool(1, 10);
  pool.Stop();
  EXPECT_FALSE(pool.Submit([] {}));
  std::thread::id on;
  pool.SubmitAlways([&] { on = std::this_thread::get_id(); });
  EXPECT_EQ(on, std::this_thread::get_id());
}

}  // namespace
}  // namespace strongroom::server
