#include "net/event_loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>

#include "net/loop_thread.h"

namespace strongroom::net {
namespace {

using std::chrono::milliseconds;

TEST(EventLoop, RunsTasksInTheOrderPosted) {
  const auto loop = EventLoop::Start(2);
  std::vector<int> order;
  for (int i = 0; i < 1000; ++i) loop->Post(3, [&order, i] { order.push_back(i); });
  EXPECT_TRUE(loop->thread(1)->Run([] {}));
  ASSERT_EQ(order.size(), 1000u);
  EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST(EventLoop, WakesForEveryTaskFromManyThreads) {
  const auto loop = EventLoop::Start(2);
  std::atomic<int> ran{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < 5000; ++i) loop->Post(i, [&ran] { ++ran; });
    });
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < 2; ++i) EXPECT_TRUE(loop->thread(i)->Run([] {}));
  EXPECT_EQ(ran, 20000);
}

TEST(EventLoop, DestroysTasksThatCameTooLate) {
  auto loop = EventLoop::Start(1);
  const std::shared_ptr<LoopThread> thread = loop->thread(0);
  const auto token = std::make_shared<int>();
  std::promise<void> entered;
  std::promise<void> go;
  loop->Post(0, [&entered, wait = go.get_future().share()] {
    entered.set_value();
    wait.wait();
  });
  entered.get_future().wait();
  bool ran = false;
  loop->Post(0, [&ran, token] { ran = true; });
  std::thread stopper([&] { loop.reset(); });
  std::this_thread::sleep_for(milliseconds(20));
  go.set_value();
  stopper.join();
  EXPECT_FALSE(ran);
  thread->Post([&ran, token] { ran = true; });
  EXPECT_FALSE(thread->Run([] {}));
  EXPECT_EQ(token.use_count(), 1);
}

TEST(Timer, ExpiresOnceAfterItsDeadline) {
  const auto loop = EventLoop::Start(1);
  LoopThread& thread = *loop->thread(0);
  std::promise<TimePoint> expired;
  std::unique_ptr<Timer> timer;
  const TimePoint begin = std::chrono::steady_clock::now();
  thread.Run([&] {
    timer = std::make_unique<Timer>(thread, [&] { expired.set_value(thread.now()); });
    timer->Set(begin + milliseconds(500));
    timer->Set(begin + milliseconds(20));  // sooner
    timer->Set(begin + milliseconds(60));  // later
  });
  EXPECT_GE(expired.get_future().get(), begin + milliseconds(60));
  EXPECT_LT(std::chrono::steady_clock::now(), begin + milliseconds(500));
  thread.Run([&] { timer.reset(); });
}

TEST(Timer, StaysStillWhenCancelledOrSetToNever) {
  const auto loop = EventLoop::Start(1);
  LoopThread& thread = *loop->thread(0);
  int expired = 0;
  std::vector<std::unique_ptr<Timer>> timers;
  thread.Run([&] {
    for (int i = 0; i < 3; ++i) {
      timers.push_back(std::make_unique<Timer>(thread, [&] { ++expired; }));
      timers.back()->Set(thread.now() + milliseconds(5));
    }
    timers[0]->Cancel();
    timers[1]->Set(TimePoint::max());
  });
  std::this_thread::sleep_for(milliseconds(40));
  thread.Run([&] { timers.clear(); });
  EXPECT_EQ(expired, 1);
}

}  // namespace
}  // namespace strongroom::net
