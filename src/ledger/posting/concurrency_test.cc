#include <atomic>
#include <thread>

#include "ledger/posting/testing.h"

namespace strongroom::ledger {
namespace {

// SPEC 7: "sum of entries = balance, always"; concurrent postings to one account are exact.
TEST_F(PostingTest, PostingsOfManyThreadsToOneAccountAllCount) {
  constexpr std::uint32_t kThreads = 4;
  constexpr std::uint32_t kPostings = 25;
  MakeAccount(AccountId(1), "DEBIT");
  for (std::uint32_t i = 0; i < kThreads; ++i) MakeAccount(AccountId(10 + i));
  MakeTransferCode();
  std::atomic<std::uint32_t> done = 0;
  std::vector<std::thread> threads;
  for (std::uint32_t thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([this, thread, &done] {
      const auto permit =
          authz::Permit::UnrestrictedForHost(engine_->catalog().rights(), "Test", now_);
      for (std::uint32_t i = 0; i < kPostings; ++i) {
        const auto number = thread * kPostings + i + 1;
        const auto result =
            WriteAt(now_ + std::chrono::milliseconds(number), [&](WriteScope& scope) {
              return PostTransaction(
                  permit, scope, Transfer(number, AccountId(1), AccountId(10 + thread), "0.10"));
            });
        if (result.ok()) ++done;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(done, kThreads * kPostings);
  EXPECT_EQ(Sums(BalanceOf(AccountId(1))), "10.00/0/10.00");
  EXPECT_EQ(BalanceOf(AccountId(1))->version(), std::int64_t{kThreads} * kPostings);
  EXPECT_EQ(Sums(BalanceOf(AccountId(10))), "0/2.50/2.50");
  // Each entry names a version of its own.
  std::set<std::int64_t> versions;
  for (const auto& entry : AllOf(LedgerId::kEntry)) {
    if (entry->At("direction").Get<std::int64_t>() == kDebit) {
      versions.insert(entry->At("balance_record_version").Get<std::int64_t>());
    }
  }
  EXPECT_EQ(versions.size(), std::size_t{kThreads} * kPostings);
}

}  // namespace
}  // namespace strongroom::ledger
