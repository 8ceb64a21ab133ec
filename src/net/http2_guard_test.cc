#include "net/http2_guard.h"

#include <gtest/gtest.h>

namespace strongroom::net {
namespace {

constexpr TimePoint kStart{std::chrono::hours(1)};

TEST(Http2Guard, StopsFloodsAtTheirBurst) {
  Http2Guard guard(kStart);
  for (int i = 0; i < 200; ++i) EXPECT_TRUE(guard.OnReset(kStart));
  EXPECT_FALSE(guard.OnReset(kStart));
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(guard.OnIdleFrame(kStart));
  EXPECT_FALSE(guard.OnIdleFrame(kStart));
}

TEST(Http2Guard, RefillsWithTime) {
  Http2Guard guard(kStart);
  while (guard.OnReset(kStart)) {
  }
  const TimePoint later = kStart + std::chrono::seconds(1);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(guard.OnReset(later));
  EXPECT_FALSE(guard.OnReset(later));
}

TEST(Http2Guard, RefillsWithHonestWork) {
  Http2Guard guard(kStart);
  while (guard.OnIdleFrame(kStart)) {
  }
  guard.OnRequest();
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(guard.OnIdleFrame(kStart));
  guard.OnDataSent(1024);
  EXPECT_TRUE(guard.OnIdleFrame(kStart));
  EXPECT_TRUE(guard.OnIdleFrame(kStart));
  // Frames of one byte, as a tiny window makes them, pay for nothing.
  for (int i = 0; i < 100; ++i) guard.OnDataSent(1);
  EXPECT_FALSE(guard.OnIdleFrame(kStart));
}

}  // namespace
}  // namespace strongroom::net
