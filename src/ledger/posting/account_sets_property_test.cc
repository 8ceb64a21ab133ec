// Random trees of account sets against a model: the balance of a set is the sum of what was posted
// below it while it was there.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <map>
#include <set>

#include "ledger/posting/account_sets_testing.h"

namespace strongroom::ledger {
namespace {

template <typename T>
T InRange(T begin, T end) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<T>(begin, end));
}

constexpr std::uint32_t kSets = 6;
constexpr std::uint32_t kAccounts = 4;
constexpr std::string_view kCurrencies[] = {"USD", "JPY"};

struct Posted {
  base::Uuid account = {};
  base::Uuid journal = {};
  std::string currency = {};
  std::int64_t layer = 0;
  std::int64_t direction = 0;
  std::int64_t cents = 0;
  std::set<base::Uuid> counted_by = {};
};

// Set, currency, layer -> debits and credits, in hundredths.
using SetSums =
    std::map<std::tuple<base::Uuid, std::string, std::int64_t>, std::array<std::int64_t, 2>>;

class RandomTrees : public AccountSetTest {
 protected:
  struct Case {
    std::uint32_t first = 0;                                  // its ids begin behind it
    std::map<base::Uuid, base::Uuid> journals = {};           // of sets
    std::map<base::Uuid, std::set<base::Uuid>> parents = {};  // of members
    std::set<base::Uuid> full = {};                           // sets with members
    std::vector<Posted> posted = {};
  };

  base::Uuid Set(const Case& made, std::uint32_t i) const { return SetId(made.first + i); }
  base::Uuid Account(const Case& made, std::uint32_t i) const { return AccountId(made.first + i); }

  std::set<base::Uuid> Above(const Case& made, const base::Uuid& member,
                             const base::Uuid& journal) const {
    std::set<base::Uuid> above;
    const auto direct = made.parents.find(member);
    if (direct == made.parents.end()) return above;
    for (const base::Uuid& set : direct->second) {
      if (made.journals.at(set) != journal) continue;
      above.insert(set);
      above.merge(Above(made, set, journal));
    }
    return above;
  }

  base::Status Begin(WriteScope& scope, Case& made) {
    for (std::uint32_t i = 0; i < kSets; ++i) {
      const base::Uuid journal = i % 3 == 2 ? Other() : base::Uuid();
      made.journals[Set(made, i)] = journal;
      STRONGROOM_TRY(CreateAccountSet(
          All(), scope, SetInput(Set(made, i), journal, i % 2 == 0 ? "DEBIT" : "CREDIT")));
    }
    for (std::uint32_t i = 0; i < kAccounts; ++i)
      STRONGROOM_TRY(CreateAccount(
          All(), scope,
          {{"accountId", Account(made, i).ToString()}, {"code", "c"}, {"name", "n"}}));
    return {};
  }

  // Adds anything to any set, when the rules allow it; the server has to agree.
  base::Status AddSomething(WriteScope& scope, Case& made) {
    const base::Uuid set = Set(made, InRange<std::uint32_t>(0, kSets));
    const bool is_set = InRange(0, 2) == 0;
    const base::Uuid member = is_set ? Set(made, InRange<std::uint32_t>(0, kSets))
                                     : Account(made, InRange<std::uint32_t>(0, kAccounts));
    if (member == set || made.parents[member].contains(set)) return {};
    if (is_set && (made.full.contains(member) || made.journals[member] != made.journals[set]))
      return {};
    STRONGROOM_TRY(AddToAccountSet(All(), scope, set, Member(member)));
    made.parents[member].insert(set);
    made.full.insert(set);
    return {};
  }

  base::Status PostSomething(WriteScope& scope, Case& made) {
    const std::uint32_t number = ++number_;
    const base::Uuid journal = InRange(0, 2) == 0 ? base::Uuid() : Other();
    const std::string currency(kCurrencies[InRange<std::size_t>(0, std::size(kCurrencies))]);
    const int layer = InRange(0, 3);
    const std::int64_t cents = InRange<std::int64_t>(0, 100000);
    const std::array accounts{Account(made, InRange<std::uint32_t>(0, kAccounts)),
                              Account(made, InRange<std::uint32_t>(0, kAccounts))};
    const std::string amount = scalars::Decimal::Of(cents, -2).value().ToString();
    STRONGROOM_TRY(PostTransaction(
        All(), scope,
        TransferIn(journal, number, accounts[0], accounts[1], amount, currency, layer)));
    std::vector<Posted> posted;
    for (std::int64_t side = 0; side < 2; ++side) {
      const base::Uuid& account = accounts.at(static_cast<std::size_t>(side));
      posted.push_back(
          {account, journal, currency, layer, side, cents, Above(made, account, journal)});
    }
    const bool voided = InRange(0, 5) == 0;
    for (Posted& entry : posted) {
      made.posted.push_back(entry);
      entry.cents = -entry.cents;
      if (voided) made.posted.push_back(entry);
    }
    if (voided) STRONGROOM_TRY(VoidTransaction(All(), scope, TransactionId(number)));
    return {};
  }

  static std::int64_t Cents(const Value& money) {
    const auto& units = money.Get<scalars::Money>().units;
    auto value = static_cast<std::int64_t>(units.Coefficient());
    for (int i = units.Exponent(); i > -2; --i) value *= 10;
    return value;
  }

  static void CountIn(SetSums& sums, const Posted& entry) {
    for (const base::Uuid& set : entry.counted_by)
      sums[{set, entry.currency, entry.layer}].at(static_cast<std::size_t>(entry.direction)) +=
          entry.cents;
  }

  // From the stored balances of the case's sets; false when a normal balance is wrong.
  bool StoredBalances(const Case& made, SetSums& sums) {
    bool right = true;
    Each(LedgerId::kBalance, [&](const SharedDocument& balance) {
      const auto& id = balance->At("account_id").Get<base::Uuid>();
      const auto set = made.journals.find(id);
      if (set == made.journals.end()) return;
      right = right && balance->At("journal_id").Get<base::Uuid>() == set->second;
      const bool debit = balance->At("direction").Get<std::int64_t>() == kDebit;
      for (std::int64_t layer = 0; layer < kLayerCount; ++layer) {
        constexpr std::array<std::string_view, 3> kNames{"settled", "pending", "encumbrance"};
        const Values& amount =
            *balance->At(kNames.at(static_cast<std::size_t>(layer))).Get<RecordValue>().fields;
        const std::int64_t dr = Cents(amount[0]);
        const std::int64_t cr = Cents(amount[1]);
        right = right && Cents(amount[2]) == (debit ? dr - cr : cr - dr);
        sums[{id, balance->At("currency").Get<std::string>(), layer}] = {dr, cr};
      }
    });
    return right;
  }

  // From the stored entries, by the sets that they name.
  SetSums StoredEntries(const Case& made) {
    SetSums sums;
    Each(LedgerId::kEntry, [&](const SharedDocument& entry) {
      const auto& amount = entry->At("amount").Get<scalars::Money>();
      const auto parents = Parents(*entry);
      Posted posted{.currency = amount.currency.ToString(),
                    .layer = entry->At("layer").Get<std::int64_t>(),
                    .direction = entry->At("direction").Get<std::int64_t>(),
                    .cents = Cents(entry->At("amount")),
                    .counted_by = {parents.begin(), parents.end()}};
      std::erase_if(posted.counted_by,
                    [&](const base::Uuid& set) { return !made.journals.contains(set); });
      CountIn(sums, posted);
    });
    return sums;
  }

  static SetSums WithoutZeros(SetSums sums) {
    std::erase_if(sums,
                  [](const auto& sum) { return sum.second == std::array<std::int64_t, 2>{}; });
    return sums;
  }

  std::uint32_t number_ = 0;
  std::uint32_t cases_ = 0;
};

TEST_F(RandomTrees, BalancesOfSetsAreTheSumsOfWhatTheyCounted) {
  const bool held = rc::check([&] {
    Case made{.first = ++cases_ * 100};
    const int steps = InRange(1, 60);
    const auto done = Write([&](WriteScope& scope) -> base::Status {
      STRONGROOM_TRY(Begin(scope, made));
      for (int i = 0; i < steps; ++i)
        STRONGROOM_TRY(InRange(0, 3) == 0 ? AddSomething(scope, made) : PostSomething(scope, made));
      return {};
    });
    RC_ASSERT(Outcome(done) == "ok");
    SetSums expected;
    for (const Posted& entry : made.posted) CountIn(expected, entry);
    SetSums balances;
    RC_CLASSIFY(expected.size() > 3, "several sums");
    RC_ASSERT(StoredBalances(made, balances));
    RC_ASSERT(WithoutZeros(balances) == WithoutZeros(expected));
    RC_ASSERT(WithoutZeros(StoredEntries(made)) == WithoutZeros(expected));
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace strongroom::ledger
