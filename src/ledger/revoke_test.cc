// Revoking while others ask (security 6.25, 6.28).
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "ledger/access_testing.h"

namespace strongroom::ledger {
namespace {

class RevokeTest : public AccessTest {
 protected:
  static constexpr int kRounds = 40;
  static constexpr int kAskers = 3;

  // Each round: without the client, while it is made, with it, while it is deleted. What is on its
  // way may be seen or not; what was answered has to be.
  enum : int { kWithout, kGranting, kWith, kRevoking, kPhases };

  void Ask() {
    while (phase_ < kPhases * kRounds) {
      const int before = phase_;
      const bool let_in = Resolve("Root", kOther).ok();
      if (phase_ != before) continue;
      ++asked_;
      if (before % kPhases == kWithout && let_in) ++let_in_after_revoke_;
      if (before % kPhases == kWith && !let_in) ++refused_after_grant_;
    }
  }
  void Next() {
    ++phase_;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }

  std::atomic<int> phase_ = 0;
  std::atomic<int> asked_ = 0;
  std::atomic<int> let_in_after_revoke_ = 0;
  std::atomic<int> refused_after_grant_ = 0;
};

TEST_F(RevokeTest, IsInForceForEveryRequestThatStartsAfterTheAnswer) {
  std::vector<std::thread> askers;
  for (int i = 0; i < kAskers; ++i) askers.emplace_back([this] { Ask(); });
  for (int round = 0; round < kRounds; ++round) {
    Next();
    EXPECT_EQ(AddClient(tenant_, kOther), "ok");
    Next();
    Next();
    EXPECT_EQ(Run(tenant_, [&](WriteScope& s) { return DeleteClient(all_, s, kOther); }), "ok");
    Next();
  }
  for (std::thread& asker : askers) asker.join();
  EXPECT_GT(asked_, 0);
  EXPECT_EQ(let_in_after_revoke_, 0);
  EXPECT_EQ(refused_after_grant_, 0);
}

}  // namespace
}  // namespace strongroom::ledger
