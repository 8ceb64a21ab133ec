#include "ledger/indexes/key_value.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <compare>
#include <random>
#include <vector>

#include "ledger/catalog/ledgers.h"
#include "scalars/cel_types.h"

namespace strongroom::ledger {
namespace {

std::string OfText(KeyType type, std::string_view text) {
  const auto key = KeyValueOfText(type, nullptr, text);
  EXPECT_TRUE(key.ok()) << text;
  return key.ok() ? *key : std::string();
}

// Texts in ascending order of their values have keys in that order, each its own.
void ExpectOrder(KeyType type, const std::vector<std::string>& texts) {
  for (std::size_t i = 1; i < texts.size(); ++i)
    EXPECT_LT(OfText(type, texts[i - 1]), OfText(type, texts[i]))
        << texts[i - 1] << " and " << texts[i];
}

TEST(KeyValueTest, KeysHaveTheOrderOfTheirValues) {
  ExpectOrder(KeyType::kInt, {"-9223372036854775808", "-10", "-9", "0", "9", "10"});
  ExpectOrder(KeyType::kUint, {"0", "9", "10", "18446744073709551615"});
  ExpectOrder(KeyType::kDouble, {"-inf", "-1e300", "-2.5", "-1e-300", "0", "1e-300", "2.5", "inf"});
  ExpectOrder(KeyType::kBool, {"false", "true"});
  ExpectOrder(KeyType::kString, {"", "a", "a\x01", "ab", "b", "\xc3\xa4"});
  ExpectOrder(KeyType::kDuration, {"-1h", "-1s", "0s", "90s", "1h30m"});
  ExpectOrder(KeyType::kTimestamp, {"1969-12-31T23:59:59Z", "1970-01-01T00:00:00Z",
                                    "2026-01-28T06:24:05.1Z", "2026-01-28T06:24:05.11Z"});
  ExpectOrder(KeyType::kDate, {"1899-12-31", "1970-01-01", "2026-01-28"});
  ExpectOrder(KeyType::kMoney, {"-1 EUR", "0 EUR", "99 EUR", "-5 USD", "0.01 USD", "0.1 USD"});
  ExpectOrder(KeyType::kDecimal,
              {"-Infinity", "-1E+30", "-12", "-10.01", "-10", "-0.1", "-0.099", "-1E-100", "0",
               "1E-100", "0.099", "0.1", "0.12", "0.123", "1", "9.99", "10", "1E+30", "Infinity"});
}

TEST(KeyValueTest, EqualNumbersHaveOneKey) {
  EXPECT_EQ(OfText(KeyType::kDecimal, "1"), OfText(KeyType::kDecimal, "1.000"));
  EXPECT_EQ(OfText(KeyType::kDecimal, "-100"), OfText(KeyType::kDecimal, "-1E+2"));
  EXPECT_EQ(OfText(KeyType::kDecimal, "0"), OfText(KeyType::kDecimal, "0.00"));
  EXPECT_EQ(OfText(KeyType::kDouble, "0"), OfText(KeyType::kDouble, "-0"));
}

TEST(KeyValueTest, RandomDecimalsAreOrderedAsNumbers) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const auto below = [&](std::uint32_t bound) { return random() % bound; };
  std::vector<scalars::Decimal> values;
  for (int i = 0; i < 400; ++i) {
    const auto digits = static_cast<scalars::Int128>(random()) * below(1000000);
    const auto value = scalars::Decimal::Of(below(2) == 0 ? digits : -digits,
                                            static_cast<std::int32_t>(below(40)) - 20);
    if (value.ok()) values.push_back(*value);
  }
  for (const scalars::Decimal& a : values) {
    for (const scalars::Decimal& b : values) {
      const auto key_a = KeyValue(KeyType::kDecimal, scalars::ToCel(a));
      const auto key_b = KeyValue(KeyType::kDecimal, scalars::ToCel(b));
      ASSERT_TRUE(key_a && key_b);
      EXPECT_EQ(a < b, *key_a < *key_b) << a.ToString() << " " << b.ToString();
      EXPECT_EQ(a == b, *key_a == *key_b) << a.ToString() << " " << b.ToString();
    }
  }
}

TEST(KeyValueTest, WhatIsNoValueOfTheTypeHasNoKey) {
  EXPECT_FALSE(KeyValue(KeyType::kInt, cel::Value::Null()));
  EXPECT_FALSE(KeyValue(KeyType::kInt, cel::Value::String("x")));
  EXPECT_FALSE(KeyValue(KeyType::kUint, cel::Value::Int(-1)));
  EXPECT_FALSE(KeyValue(KeyType::kBool, cel::Value::Int(1)));
  EXPECT_FALSE(KeyValue(KeyType::kDecimal, cel::Value::Double(1.5)));
  EXPECT_EQ(KeyValue(KeyType::kInt, cel::Value::String("7")),
            KeyValue(KeyType::kInt, cel::Value::Int(7)));
  EXPECT_EQ(KeyValue(KeyType::kString, cel::Value::Int(7)), std::string("7"));
  EXPECT_EQ(KeyValue(KeyType::kDecimal, cel::Value::Int(7)), OfText(KeyType::kDecimal, "7.0"));
}

TEST(KeyValueTest, NamesOfEnumsStandForTheirNumbers) {
  const auto named = KeyValueOfText(KeyType::kInt, &kLayer, "PENDING");
  ASSERT_TRUE(named.ok());
  EXPECT_EQ(*named, OfText(KeyType::kInt, "1"));
  EXPECT_FALSE(KeyValueOfText(KeyType::kInt, &kLayer, "NOTHING").ok());
}

}  // namespace
}  // namespace strongroom::ledger
