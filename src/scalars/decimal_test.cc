#include "scalars/decimal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <unordered_set>

#include "scalars/decimal_math.h"
#include "scalars/decimal_samples.h"

namespace strongroom::scalars {
namespace {

using base::ErrorCode;

std::string Text(const base::Result<Decimal>& d) {
  return d.ok() ? d->ToString() : "error: " + d.error().message;
}

TEST(Decimal, KeepsItsScale) {
  for (const char* text :
       {"100", "21.00", "0", "0.00", "-0.10", "118.45", "0.000000000000000001",
        "9999999999999999999999999999999999", "-12345678901234567.1234567890123456",
        "0.0000000000000000000000000000000000000000000000000000000000000001"})
    EXPECT_EQ(D(text).ToString(), text);
}

TEST(Decimal, ReadsOtherSpellings) {
  const std::pair<const char*, const char*> cases[] = {
      {"+1", "1"},
      {".5", "0.5"},
      {"5.", "5"},
      {"007.50", "7.50"},
      {"-0", "0"},
      {"-0.00", "0.00"},
      {"1e3", "1000"},
      {"1E+3", "1000"},
      {"1.50e-7", "0.000000150"},
      {"12e-2", "0.12"},
      {"1E+33", "1000000000000000000000000000000000"},
      {"1E+40", "1E+40"},
      {"1.5e-70", "1.5E-70"},
      {"10e40", "1.0E+41"},
      {"inf", "Infinity"},
      {"-inf", "-Infinity"},
      {"+Infinity", "Infinity"},
      {"-INF", "-Infinity"},
      {"0e9", "0"},
      {"1e6144", "1.000000000000000000000000000000000E+6144"},
  };
  for (const auto& [text, printed] : cases) EXPECT_EQ(D(text).ToString(), printed) << text;
}

TEST(Decimal, RefusesWhatIsNotADecimal) {
  for (const std::string& text : {std::string(""),
                                  std::string("."),
                                  std::string("-"),
                                  std::string("e5"),
                                  std::string("1e"),
                                  std::string("1e+"),
                                  std::string("1e-"),
                                  std::string("NaN"),
                                  std::string("sNaN"),
                                  std::string(" 1"),
                                  std::string("1 "),
                                  std::string("1,000"),
                                  std::string("1_000"),
                                  std::string("0x10"),
                                  std::string("1..2"),
                                  std::string("1.2.3"),
                                  std::string("--1"),
                                  std::string("+-1"),
                                  std::string("1e6145"),
                                  std::string("1e99999"),
                                  std::string("1e123456"),
                                  std::string("1e-6177"),
                                  std::string("infinit"),
                                  std::string("12345678901234567890123456789012345"),
                                  std::string("1.0000000000000000000000000000000000"),
                                  std::string("1\0", 2),
                                  std::string(129, '0'),
                                  std::string("٣")}) {
    const auto d = ParseDecimal(text);
    ASSERT_FALSE(d.ok()) << text << " read as " << d->ToString();
    EXPECT_EQ(d.error().code, ErrorCode::kBadRequest) << text;
  }
  EXPECT_EQ(ParseDecimal("ten").error().message, "`ten` is not a decimal");
}

TEST(Decimal, SumHasTheLargerScale) {
  EXPECT_EQ(Text(Add(D("100"), D("18.45"))), "118.45");
  EXPECT_EQ(Text(Sub(D("11.33"), D("11.33"))), "0.00");
  EXPECT_EQ(Text(Add(D("0"), D("5.00"))), "5.00");
  EXPECT_EQ(Text(Add(D("0.000"), D("5.1"))), "5.100");
  EXPECT_EQ(Text(Add(D("1E+40"), D("-1E+40"))), "0");
}

TEST(Decimal, NeverRoundsSilently) {
  const Decimal most = D("9999999999999999999999999999999999");
  EXPECT_EQ(Add(most, D("1")).value().ToString(), "1.000000000000000000000000000000000E+34");
  EXPECT_EQ(Add(most, D("2")).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(Add(most, D("0.1")).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(Text(Add(most, D("0.0"))), most.ToString());
  EXPECT_EQ(Mul(most, most).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(Add(D("1E+100"), D("1")).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(Mul(D("1E+6000"), D("1E+6000")).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(Mul(D("1E-6000"), D("1E-6000")).error().code, ErrorCode::kLimitExceeded);
}

TEST(Decimal, ProductHasTheSumOfTheScales) {
  EXPECT_EQ(Text(Mul(D("1.20"), D("3"))), "3.60");
  EXPECT_EQ(Text(Mul(D("-1.20"), D("0.10"))), "-0.1200");
  EXPECT_EQ(Text(Mul(D("5000000000000000000000000000000000"), D("2"))),
            "1.000000000000000000000000000000000E+34");
}

TEST(Decimal, ComputesWithInfinitiesOrSaysItIsNotDefined) {
  const Decimal inf = Decimal::Infinity();
  EXPECT_EQ(Text(Add(inf, D("1"))), "Infinity");
  EXPECT_EQ(Text(Sub(D("1"), inf)), "-Infinity");
  EXPECT_EQ(Text(Mul(inf, D("-2"))), "-Infinity");
  EXPECT_EQ(Sub(inf, inf).error().message, "the sum of opposite infinities is not defined");
  EXPECT_FALSE(Mul(D("0.0"), inf).ok());
  EXPECT_LT(inf.Negated(), D("-1E+6144"));
  EXPECT_GT(inf, D("9E+6144"));
}

TEST(Decimal, ComparesAndHashesByValue) {
  EXPECT_EQ(D("100"), D("100.00"));
  EXPECT_FALSE(D("100").IdenticalTo(D("100.00")));
  EXPECT_EQ(D("100").Hash(), D("100.00").Hash());
  EXPECT_EQ(D("0").Hash(), D("0.000").Hash());
  EXPECT_EQ(D("1E+40").Hash(), D("10E+39").Hash());
  EXPECT_LT(D("-1.1"), D("-1.09"));
  EXPECT_LT(D("-1"), D("0.00"));
  EXPECT_LT(D("1E-6000"), D("1"));
  const std::unordered_set<Decimal> set = {D("1"), D("1.0"), D("2"), D("-1"), D("inf"), D("-inf")};
  EXPECT_EQ(set.size(), 5U);
}

TEST(Decimal, ConvertsToIntegersAndDoubles) {
  EXPECT_EQ(D("-9223372036854775808.00").ToInt64().value(),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_FALSE(D("9223372036854775808").ToInt64().ok());
  EXPECT_FALSE(D("1.5").ToInt64().ok());
  EXPECT_FALSE(D("inf").ToInt64().ok());
  EXPECT_FALSE(D("1E+50").ToInt64().ok());
  EXPECT_EQ(D("0.1").ToDouble(), 0.1);
  EXPECT_EQ(D("-1E+400").ToDouble(), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(D("-inf").ToDouble(), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(D("1E-400").ToDouble(), 0.0);
  EXPECT_EQ(Decimal::FromUint(std::numeric_limits<std::uint64_t>::max()).ToString(),
            "18446744073709551615");
}

TEST(DecimalMath, RoundsAsTheTableSays) {  // behaviour §4
  struct Row {
    const char* value;
    Rounding mode;
    const char* expected;
  };
  const Row rows[] = {
      {"9.005", Rounding::kDown, "9.00"},     {"9.005", Rounding::kHalfDown, "9.00"},
      {"9.005", Rounding::kUp, "9.01"},       {"9.005", Rounding::kHalfUp, "9.01"},
      {"9.006", Rounding::kDown, "9.00"},     {"9.006", Rounding::kHalfDown, "9.01"},
      {"9.006", Rounding::kUp, "9.01"},       {"9.006", Rounding::kHalfUp, "9.01"},
      {"9.005", Rounding::kHalfEven, "9.00"}, {"9.015", Rounding::kHalfEven, "9.02"},
      {"-9.005", Rounding::kHalfUp, "-9.01"}, {"-9.005", Rounding::kCeiling, "-9.00"},
      {"-9.001", Rounding::kFloor, "-9.01"},  {"9.001", Rounding::kCeiling, "9.01"},
      {"9.001", Rounding::k05Up, "9.01"},     {"9.051", Rounding::k05Up, "9.06"},
      {"9.014", Rounding::k05Up, "9.01"},     {"0.001", Rounding::kHalfUp, "0.00"},
      {"-0.001", Rounding::kUp, "-0.01"},     {"999.995", Rounding::kHalfUp, "1000.00"},
  };
  for (const Row& row : rows)
    EXPECT_EQ(Text(RoundToPlaces(D(row.value), 2, row.mode)), row.expected) << row.value;
}

TEST(DecimalMath, QuantizesUpAndDownOrFails) {
  EXPECT_EQ(Text(Quantize(D("2"), -2, Rounding::kHalfUp)), "2.00");
  EXPECT_EQ(Text(Quantize(D("251"), 2, Rounding::kHalfUp)), "300");
  EXPECT_EQ(Text(Quantize(D("0.4"), 0, Rounding::kUp)), "1");
  EXPECT_EQ(Text(Quantize(D("1E-6000"), 0, Rounding::kUp)), "1");
  EXPECT_EQ(Text(Quantize(D("1E-6000"), 0, Rounding::kHalfUp)), "0");
  EXPECT_EQ(Quantize(D("123"), -2, Rounding::kDown, 4).error().code, ErrorCode::kLimitExceeded);
  EXPECT_EQ(Quantize(D("99.9"), 0, Rounding::kUp, 2).error().code, ErrorCode::kLimitExceeded);
  EXPECT_FALSE(Quantize(D("inf"), 0, Rounding::kUp).ok());
  EXPECT_FALSE(Quantize(D("1"), 7000, Rounding::kUp).ok());
  EXPECT_FALSE(Quantize(D("1"), 0, Rounding::kUp, 35).ok());
  EXPECT_FALSE(Quantize(D("1"), 0, Rounding::kUp, 0).ok());
}

TEST(DecimalMath, DividesToThePrecisionAskedFor) {
  EXPECT_EQ(Text(Quo(D("10"), D("2"))), "5");
  EXPECT_EQ(Text(Quo(D("1"), D("3"), 5)), "0.33333");
  EXPECT_EQ(Text(Quo(D("2"), D("3"), 5)), "0.66667");
  EXPECT_EQ(Text(Quo(D("-2"), D("3"), 5, Rounding::kDown)), "-0.66666");
  EXPECT_EQ(Text(Quo(D("1"), D("8"))), "0.125");
  EXPECT_EQ(Text(Quo(D("2.40"), D("2"))), "1.20");
  EXPECT_EQ(Text(Quo(D("999999"), D("1"), 3)), "1000000");
  EXPECT_EQ(Text(Quo(D("1"), D("3"))), "0.3333333333333333333333333333333333");
  EXPECT_EQ(Quo(D("1"), D("0.00")).error().message, "division by zero is not defined");
  EXPECT_EQ(Text(Quo(D("1"), D("-inf"))), "0");
  EXPECT_EQ(Text(Quo(D("-inf"), D("-3"))), "Infinity");
}

TEST(DecimalMath, DividesIntegersTowardsZero) {
  EXPECT_EQ(Text(QuoInteger(D("7.5"), D("-2"))), "-3");
  EXPECT_EQ(Text(Rem(D("7.5"), D("-2"))), "1.5");
  EXPECT_EQ(Text(Rem(D("-7"), D("2"))), "-1");
  EXPECT_EQ(Text(Rem(D("1.00"), D("0.3"))), "0.10");
  EXPECT_EQ(Text(Rem(D("3"), D("7"))), "3");
  EXPECT_EQ(Text(Rem(D("3"), D("inf"))), "3");
  EXPECT_EQ(Rem(D("1E+100"), D("3")).error().code, ErrorCode::kLimitExceeded);
  EXPECT_FALSE(Rem(D("inf"), D("3")).ok());
  EXPECT_FALSE(QuoInteger(D("1"), D("0")).ok());
}

TEST(DecimalMath, ReducesAfterThePointOnly) {
  EXPECT_EQ(Reduce(D("1.200")).ToString(), "1.2");
  EXPECT_EQ(Reduce(D("100.00")).ToString(), "100");
  EXPECT_EQ(Reduce(D("0.00")).ToString(), "0");
  EXPECT_EQ(Reduce(D("10E+40")).ToString(), "1E+41");
  EXPECT_EQ(Reduce(D("-inf")).ToString(), "-Infinity");
  EXPECT_EQ(Text(Ceil(D("1.01"))), "2");
  EXPECT_EQ(Text(Ceil(D("-1.99"))), "-1");
  EXPECT_EQ(Text(Floor(D("-1.01"))), "-2");
  EXPECT_EQ(Text(Ceil(D("7"))), "7");
}

// The digits are those that published tables of these constants give.
TEST(DecimalMath, ComputesRootsPowersAndLogarithmsTo34Digits) {
  EXPECT_EQ(Text(Sqrt(D("2"))), "1.414213562373095048801688724209698");
  EXPECT_EQ(Text(Sqrt(D("16"))), "4");
  EXPECT_EQ(Text(Sqrt(D("1.44"))), "1.2");
  EXPECT_EQ(Text(Sqrt(D("0.00"))), "0.0");
  EXPECT_EQ(Text(Cbrt(D("-27"))), "-3");
  EXPECT_EQ(Text(Cbrt(D("2"))), "1.259921049894873164767210607278228");
  EXPECT_EQ(Text(Exp(D("1"))), "2.718281828459045235360287471352662");
  EXPECT_EQ(Text(Exp(D("0"))), "1");
  EXPECT_EQ(Text(Exp(D("-inf"))), "0");
  EXPECT_EQ(Text(Ln(D("10"))), "2.302585092994045684017991454684364");
  EXPECT_EQ(Text(Ln(D("1.0"))), "0");
  EXPECT_EQ(Text(Log10(D("1000"))), "3");
  EXPECT_EQ(Text(Log10(D("0.001"))), "-3");
  EXPECT_EQ(Text(Log10(D("2"))), "0.3010299956639811952137388947244930");
  EXPECT_EQ(Text(Pow(D("1.1"), D("2"))), "1.21");
  EXPECT_EQ(Text(Pow(D("2"), D("-2"))), "0.25");
  EXPECT_EQ(Text(Pow(D("2"), D("0.5"))), "1.414213562373095048801688724209698");
  EXPECT_EQ(Text(Pow(D("-2"), D("3"))), "-8");
  EXPECT_EQ(Text(Pow(D("-1"), D("1000001"))), "-1");
  EXPECT_EQ(Text(Pow(D("5"), D("0"))), "1");
  EXPECT_EQ(Text(Pow(D("2"), D("200"))), "1.606938044258990275541962092341163E+60");
  for (const auto& bad : {Sqrt(D("-1")), Ln(D("0")), Ln(D("-1")), Log10(D("0")),
                          Pow(D("0"), D("0")), Pow(D("-2"), D("0.5")), Pow(D("0"), D("-1"))})
    EXPECT_EQ(bad.error().code, ErrorCode::kBadRequest);
  for (const auto& big : {Exp(D("14300")), Exp(D("1E+6000")), Exp(D("-1E+6000")),
                          Pow(D("10"), D("7000")), Pow(D("2"), D("1E+30"))})
    EXPECT_EQ(big.error().code, ErrorCode::kLimitExceeded);
}

}  // namespace
}  // namespace strongroom::scalars
