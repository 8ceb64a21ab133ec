#include "storage/turn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace strongroom::storage {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLong{10000};

TEST(Turn, GoesToOneAtATimeInTheOrderOfAsking) {
  Turn turn;
  ASSERT_TRUE(turn.Take(steady_clock::now()));
  std::vector<int> order;  // written by whoever has the turn
  std::vector<std::thread> threads;
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back([&, i] {
      ASSERT_TRUE(turn.Take(steady_clock::now() + kLong));
      order.push_back(i);
      turn.Give();
    });
    std::this_thread::sleep_for(milliseconds(30));
  }
  turn.Give();
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(order, testing::ElementsAre(0, 1, 2, 3, 4));
}

TEST(Turn, WhoGaveUpIsPassedOver) {
  Turn turn;
  ASSERT_TRUE(turn.Take(steady_clock::now()));
  EXPECT_FALSE(turn.Take(steady_clock::now() + milliseconds(1)));
  EXPECT_FALSE(turn.TryTake());
  turn.Give();
  EXPECT_TRUE(turn.TryTake());
  turn.Give();
  EXPECT_TRUE(turn.Take(steady_clock::now() - milliseconds(1))) << "a free turn needs no time";
}

TEST(Turn, MayBeGivenOnByAnotherThread) {
  Turn turn;
  ASSERT_TRUE(turn.TryTake());
  std::thread([&] { turn.Give(); }).join();
  EXPECT_TRUE(turn.TryTake());
}

}  // namespace
}  // namespace strongroom::storage
