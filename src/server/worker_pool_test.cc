#include "server/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

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
  WorkerPool pool(1, 2);
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
