// Random postings in many currencies, layers and scales against sums of integers of any size.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdlib>
#include <map>
#include <random>

#include "ledger/posting/testing.h"

namespace strongroom::ledger {
namespace {

using boost::multiprecision::cpp_int;

constexpr std::uint32_t kAccounts = 6;
constexpr std::string_view kCurrencies[] = {"USD", "EUR", "JPY", "JOD", "XBT", "UGX", "XAU",
                                            "CHF", "GBP", "SEK", "NOK", "DKK", "PLN", "CZK",
                                            "HUF", "INR", "CNY", "BRL", "MXN", "ZAR"};
constexpr int kScaleMax = 8;

struct RandomPosting {
  std::uint32_t from = 1;
  std::uint32_t to = 1;
  std::int64_t coefficient = 0;
  int scale = 0;
  std::size_t currency = 0;
  int layer = 0;
  bool voided = false;
};

cpp_int Power(int exponent) {
  cpp_int power = 1;
  for (int i = 0; i < exponent; ++i) power *= 10;
  return power;
}

// In units of 10^-kScaleMax.
cpp_int Scaled(const scalars::Decimal& number) {
  cpp_int value = static_cast<std::int64_t>(number.Coefficient() % 1000000000000000000);
  value +=
      cpp_int(static_cast<std::int64_t>(number.Coefficient() / 1000000000000000000)) * Power(18);
  return value * Power(kScaleMax + number.Exponent());
}

std::string AmountText(const RandomPosting& posting) {
  return scalars::Decimal::Of(posting.coefficient, -posting.scale).value().ToString();
}

rc::Gen<RandomPosting> AnyPosting() {
  return rc::gen::map(rc::gen::tuple(rc::gen::inRange<std::uint32_t>(1, kAccounts + 1),
                                     rc::gen::inRange<std::uint32_t>(1, kAccounts + 1),
                                     rc::gen::inRange<std::int64_t>(0, 1000000000000000000),
                                     rc::gen::inRange(0, kScaleMax + 1),
                                     rc::gen::inRange<std::size_t>(0, std::size(kCurrencies)),
                                     rc::gen::inRange(0, 3), rc::gen::inRange(0, 5)),
                      [](const auto& parts) {
                        const auto& [from, to, coefficient, scale, currency, layer, die] = parts;
                        return RandomPosting{from,     to,    coefficient, scale,
                                             currency, layer, die == 0};
                      });
}

using Place = std::tuple<base::Uuid, std::string, std::int64_t>;  // account, currency, layer
using Oracle = std::map<Place, std::array<cpp_int, 2>>;

void AddEntryTo(Oracle& oracle, const Document& entry) {
  const auto& amount = entry.At("amount").Get<scalars::Money>();
  const Place place{entry.At("account_id").Get<base::Uuid>(), amount.currency.ToString(),
                    entry.At("layer").Get<std::int64_t>()};
  oracle[place][static_cast<std::size_t>(entry.At("direction").Get<std::int64_t>())] +=
      Scaled(amount.units);
}

// False when a normal balance is not the difference of its sides.
bool AddBalanceTo(Oracle& oracle, const Document& balance) {
  const bool debit_normal = balance.At("direction").Get<std::int64_t>() == kDebit;
  bool normal_right = true;
  for (std::int64_t layer = 0; layer < kLayerCount; ++layer) {
    const std::string_view name =
        std::array{"settled", "pending", "encumbrance"}.at(static_cast<std::size_t>(layer));
    const Values& amount = *balance.At(name).Get<RecordValue>().fields;
    const cpp_int debits = Scaled(amount[0].Get<scalars::Money>().units);
    const cpp_int credits = Scaled(amount[1].Get<scalars::Money>().units);
    const cpp_int normal = Scaled(amount[2].Get<scalars::Money>().units);
    normal_right = normal_right &&
                   normal == (debit_normal ? cpp_int(debits - credits) : cpp_int(credits - debits));
    oracle[{balance.At("account_id").Get<base::Uuid>(), balance.At("currency").Get<std::string>(),
            layer}] = {debits, credits};
  }
  return normal_right;
}

void DropZeros(Oracle& oracle) {
  std::erase_if(oracle, [](const auto& sum) { return sum.second[0] == 0 && sum.second[1] == 0; });
}

// The debits of every currency and layer equal its credits.
bool SidesAreEqual(const Oracle& sums) {
  std::map<std::pair<std::string, std::int64_t>, cpp_int> differences;
  for (const auto& [place, sides] : sums) {
    differences[{std::get<1>(place), std::get<2>(place)}] += sides[0] - sides[1];
  }
  return std::ranges::all_of(differences, [](const auto& sum) { return sum.second == 0; });
}

class BalancesProperty : public PostingTest {
 protected:
  void SetUp() override {
    for (std::uint32_t i = 1; i <= kAccounts; ++i) {
      MakeAccount(AccountId(i), i % 2 == 0 ? "CREDIT" : "DEBIT");
    }
    MakeTransferCode();
  }

  // In one operation; adds what they come to.
  base::Status PostAll(const std::vector<RandomPosting>& postings, Oracle& oracle) {
    return Write([&](WriteScope& scope) -> base::Status {
      for (const RandomPosting& posting : postings) {
        const std::uint32_t number = ++posted_;
        const std::string currency(kCurrencies[posting.currency]);
        STRONGROOM_TRY(
            PostTransaction(All(), scope,
                            Transfer(number, AccountId(posting.from), AccountId(posting.to),
                                     AmountText(posting), currency, posting.layer)));
        cpp_int amount = cpp_int(posting.coefficient) * Power(kScaleMax - posting.scale);
        if (posting.voided) {
          STRONGROOM_TRY(VoidTransaction(All(), scope, TransactionId(number)));
          amount = 0;
        }
        oracle[{AccountId(posting.from), currency, posting.layer}][0] += amount;
        oracle[{AccountId(posting.to), currency, posting.layer}][1] += amount;
      }
      return {};
    });
  }

  // What of the stored documents is wrong; empty when all is right.
  std::string Difference(Oracle expected) {
    Oracle balances;
    Oracle entries;
    bool normal_right = true;
    Each(LedgerId::kBalance, [&](const SharedDocument& balance) {
      normal_right = AddBalanceTo(balances, *balance) && normal_right;
    });
    Each(LedgerId::kEntry, [&](const SharedDocument& entry) { AddEntryTo(entries, *entry); });
    for (Oracle* oracle : {&expected, &balances, &entries}) DropZeros(*oracle);
    if (!normal_right) return "a normal balance";
    if (balances != expected) return "a balance";
    if (entries != expected) return "a sum of entries";
    return SidesAreEqual(balances) ? "" : "debits and credits";
  }

  std::uint32_t posted_ = 0;
};

TEST_F(BalancesProperty, EqualTheSumsOfTheirEntriesAndOfAnOracle) {
  Oracle expected;
  const bool held = rc::check([&] {
    const auto count = *rc::gen::inRange<std::size_t>(1, 25);
    const auto postings = *rc::gen::container<std::vector<RandomPosting>>(count, AnyPosting());
    const auto posted = PostAll(postings, expected);
    RC_ASSERT(Outcome(posted) == "ok");
    RC_ASSERT(Difference(expected) == "");
  });
  EXPECT_TRUE(held);
}

// Ten parts, which are a million postings together with STRONGROOM_LONG=1.
class ManyPostings : public BalancesProperty, public ::testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Parts, ManyPostings, ::testing::Range(0, 10));

TEST_P(ManyPostings, InTwentyCurrenciesAreExact) {
  constexpr std::size_t kPerOperation = 200;
  const std::size_t operations = std::getenv("STRONGROOM_LONG") != nullptr ? 500 : 1;
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t end) { return random() % end; };
  Oracle expected;
  for (std::size_t i = 0; i < operations; ++i) {
    std::vector<RandomPosting> postings(kPerOperation);
    for (RandomPosting& posting : postings) {
      posting.from = static_cast<std::uint32_t>(1 + below(kAccounts));
      posting.to = static_cast<std::uint32_t>(1 + below(kAccounts));
      posting.coefficient = static_cast<std::int64_t>(below(1000000000000000000));
      posting.scale = static_cast<int>(below(kScaleMax + 1));
      posting.currency = below(std::size(kCurrencies));
      posting.layer = static_cast<int>(below(3));
      posting.voided = below(20) == 0;
    }
    const auto posted = PostAll(postings, expected);
    ASSERT_TRUE(posted.ok()) << posted.error().message;
  }
  EXPECT_EQ(Difference(expected), "");
}

}  // namespace
}  // namespace strongroom::ledger
