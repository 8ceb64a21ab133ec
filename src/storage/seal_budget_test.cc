#include "storage/seal_budget.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

namespace strongroom::storage {
namespace {

using Reservation = SealBudget::Reservation;

TEST(SealBudget, GrantsNothingBeforeAReservationIsDurable) {
  SealBudget budget({}, 1000);
  EXPECT_FALSE(budget.Take().has_value());
  const auto due = budget.Due();
  ASSERT_TRUE(due.has_value());
  EXPECT_FALSE(budget.Take().has_value());
  EXPECT_FALSE(budget.Due().has_value()) << "one at a time";
  budget.Granted(*due);
  EXPECT_EQ(budget.Take(), std::optional<std::uint32_t>(0));
}

TEST(SealBudget, ARefusedReservationCanBeMadeAgain) {
  SealBudget budget({}, 1000);
  const auto due = budget.Due();
  budget.Refused();
  EXPECT_FALSE(budget.Take().has_value());
  EXPECT_EQ(budget.Due(), due);
}

TEST(SealBudget, AnEpochThatIsUsedUpGivesWayToTheNext) {
  SealBudget budget({0, 1000}, 1000);
  const auto due = budget.Due();
  ASSERT_TRUE(due.has_value());
  EXPECT_EQ(due->epoch, 1U);
  EXPECT_EQ(budget.granted().epoch, 0U);
  budget.Granted(*due);
  EXPECT_EQ(budget.Take(), std::optional<std::uint32_t>(1));
  EXPECT_EQ(budget.granted().epoch, 1U);
}

// Whatever crashes, and whether or not the last reservation was written before: no key seals more
// often than it may (security 7.3).
RC_GTEST_PROP(SealBudget, NoEpochSealsMoreThanItsLimitOverAnyCrashes, ()) {
  const auto limit = *rc::gen::inRange<std::uint64_t>(2, 50);
  Reservation stored;
  std::map<std::uint32_t, std::uint64_t> used;
  for (int life = 0; life < 20; ++life) {
    SealBudget budget(stored, limit);
    for (auto seals = *rc::gen::inRange(0, 40); seals > 0; --seals) {
      if (const auto due = budget.Due()) {
        // 0: it is stored; 1: it fails; 2: it is stored, and the crash comes before the answer.
        const int fate = *rc::gen::inRange(0, 3);
        if (fate != 1) stored = *due;
        if (fate == 2) break;
        fate == 0 ? budget.Granted(*due) : budget.Refused();
      }
      if (const auto epoch = budget.Take()) ++used[*epoch];
    }
  }
  for (const auto& [epoch, count] : used) RC_ASSERT(count <= limit);
}

}  // namespace
}  // namespace strongroom::storage
