// Decimals against integers of any size: 100 seeds of 1,000 cases for every operation.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>

#include "scalars/decimal_encoding.h"
#include "scalars/decimal_math.h"
#include "scalars/decimal_samples.h"

namespace strongroom::scalars {
namespace {

using Big = boost::multiprecision::cpp_int;
using base::Result;

constexpr int kCasesPerSeed = 1000;

// All 64 bits from the first case on; RapidCheck prints the one that fails.
rc::Gen<std::uint64_t> AnySeed() {
  return rc::gen::noShrink(rc::gen::resize(rc::kNominalSize, rc::gen::arbitrary<std::uint64_t>()));
}

Big BigOf(const Decimal& d) {
  const bool negative = d.Coefficient() < 0;
  const Uint128 magnitude =
      negative ? -static_cast<Uint128>(d.Coefficient()) : static_cast<Uint128>(d.Coefficient());
  Big big = static_cast<std::uint64_t>(magnitude >> 64);
  big = (big << 64) + static_cast<std::uint64_t>(magnitude);
  return negative ? Big(-big) : big;
}

Big Ten(int exponent) {
  return boost::multiprecision::pow(Big(10), static_cast<unsigned>(exponent));
}

// d × 10^-exponent, for an exponent not above d's.
Big At(const Decimal& d, int exponent) { return BigOf(d) * Ten(d.Exponent() - exponent); }

// What the exact value coefficient × 10^exponent must look like: "c e", or "limit".
std::string Expected(Big coefficient, int exponent) {
  const Big end = Ten(34);
  while (abs(coefficient) >= end) {
    if (coefficient % 10 != 0) return "limit";
    coefficient /= 10;
    ++exponent;
  }
  while (exponent < kDecimalExponentMin && coefficient != 0 && coefficient % 10 == 0) {
    coefficient /= 10;
    ++exponent;
  }
  if (coefficient == 0) exponent = std::max(kDecimalExponentMin, std::min(exponent, 0));
  if (exponent > 0 && exponent <= 34 && abs(Big(coefficient * Ten(exponent))) < end) {
    coefficient *= Ten(exponent);
    exponent = 0;
  }
  while (exponent > kDecimalExponentMax && abs(Big(coefficient * 10)) < end) {
    coefficient *= 10;
    --exponent;
  }
  if (exponent > kDecimalExponentMax || exponent < kDecimalExponentMin) return "limit";
  return coefficient.str() + " " + std::to_string(exponent);
}

std::string Actual(const Result<Decimal>& d) {
  if (d.ok()) return BigOf(*d).str() + " " + std::to_string(d->Exponent());
  return d.error().code == base::ErrorCode::kLimitExceeded ? "limit" : d.error().message;
}

template <typename Check>
void ForManyPairs(std::uint64_t seed, Check check) {
  DecimalSamples samples(seed);
  for (int i = 0; i < kCasesPerSeed; ++i) {
    const Decimal a = samples.Any();
    const Decimal b = samples.Between(0, 9) == 0 ? a.Negated() : samples.Any();
    check(a, b, samples);
  }
}

#define EXPECT_SAME(actual, expected, a, b)                             \
  if (const std::string got = (actual), want = (expected); got != want) \
  RC_FAIL(got + " is not " + want + " of " + (a).ToString() + " and " + (b).ToString())

RC_GTEST_PROP(DecimalProperty, AddAndSubAreExactOrRefused, ()) {
  const std::uint64_t seed = *AnySeed();
  ForManyPairs(seed, [](const Decimal& a, const Decimal& b, DecimalSamples&) {
    const int low = std::min(a.Exponent(), b.Exponent());
    EXPECT_SAME(Actual(Add(a, b)), Expected(At(a, low) + At(b, low), low), a, b);
    EXPECT_SAME(Actual(Sub(a, b)), Expected(At(a, low) - At(b, low), low), a, b);
  });
}

RC_GTEST_PROP(DecimalProperty, MulIsExactOrRefused, ()) {
  const std::uint64_t seed = *AnySeed();
  ForManyPairs(seed, [](const Decimal& a, const Decimal& b, DecimalSamples&) {
    EXPECT_SAME(Actual(Mul(a, b)), Expected(BigOf(a) * BigOf(b), a.Exponent() + b.Exponent()), a,
                b);
  });
}

RC_GTEST_PROP(DecimalProperty, OrderIsThatOfTheNumbers, ()) {
  const std::uint64_t seed = *AnySeed();
  ForManyPairs(seed, [](const Decimal& a, const Decimal& b, DecimalSamples&) {
    const int low = std::min(a.Exponent(), b.Exponent());
    const int order = At(a, low).compare(At(b, low));
    const auto sign = [](auto x) { return std::to_string((x > 0) - (x < 0)); };
    EXPECT_SAME(sign(a <=> b), sign(order), a, b);
    std::string left;
    std::string right;
    AppendOrderedDecimal(a, left);
    AppendOrderedDecimal(b, right);
    EXPECT_SAME(sign(left.compare(right)), sign(order), a, b);
    if (order == 0) RC_ASSERT(a.Hash() == b.Hash());
  });
}

// The rounded quotient n / 10^drop, from the definition of each mode.
Big Rounded(const Big& n, int drop, Rounding mode) {
  const Big unit = Ten(drop);
  const Big down = n / unit;  // towards zero
  const Big rest = abs(Big(n - down * unit));
  if (rest == 0) return down;
  const Big up = down + (n < 0 ? -1 : 1);
  const int half = Big(rest * 2).compare(unit);
  switch (mode) {
    case Rounding::kDown: return down;
    case Rounding::kUp: return up;
    case Rounding::kHalfUp: return half >= 0 ? up : down;
    case Rounding::kHalfDown: return half > 0 ? up : down;
    case Rounding::kHalfEven: return half > 0 || (half == 0 && down % 2 != 0) ? up : down;
    case Rounding::kCeiling: return n > 0 ? up : down;
    case Rounding::kFloor: return n < 0 ? up : down;
    case Rounding::k05Up: return down % 5 == 0 ? up : down;
  }
  return down;
}

RC_GTEST_PROP(DecimalProperty, QuantizeRoundsByDefinition, ()) {
  const std::uint64_t seed = *AnySeed();
  ForManyPairs(seed, [](const Decimal& a, const Decimal&, DecimalSamples& samples) {
    const int exponent = a.Exponent() + samples.Between(-10, 40);
    if (exponent > kDecimalExponentMax || exponent < kDecimalExponentMin) return;
    const auto mode = static_cast<Rounding>(samples.Between(0, 7));
    const int precision = samples.Between(1, 34);
    const int drop = exponent - a.Exponent();
    const Big rounded = drop > 0 ? Rounded(BigOf(a), drop, mode) : At(a, exponent);
    const std::string expected =
        abs(rounded) >= Ten(precision) ? "limit" : Expected(rounded, exponent);
    EXPECT_SAME(Actual(Quantize(a, exponent, mode, precision)), expected, a,
                Decimal::FromInt(exponent));
  });
}

RC_GTEST_PROP(DecimalProperty, QuoIsTheNearestOfItsPrecision, ()) {
  const std::uint64_t seed = *AnySeed();
  DecimalSamples samples(seed);
  for (int i = 0; i < kCasesPerSeed; ++i) {
    const Decimal a = samples.Near();
    const Decimal b = samples.Near();
    if (b.IsZero()) continue;
    const int precision = samples.Between(1, 34);
    const auto mode = static_cast<Rounding>(samples.Between(0, 7));
    const Decimal q = Quo(a, b, precision, mode).value();
    RC_ASSERT(q.Exponent() >= 0 || q.Digits() <= precision);
    // |a - q·b| against the unit in q's last place times |b|, all as integers at exponent -200.
    const Big product = BigOf(q) * BigOf(b);
    const int low = std::min(a.Exponent(), q.Exponent() + b.Exponent());
    const Big error = At(a, low) - product * Ten(q.Exponent() + b.Exponent() - low);
    if (error == 0) continue;
    const Big unit = abs(BigOf(b)) * Ten(std::max(0, q.Exponent() + b.Exponent() - low));
    const Big scaled_unit = unit * Ten(q.Exponent() == 0 ? std::max(0, q.Digits() - precision) : 0);
    const bool nearest =
        mode == Rounding::kHalfUp || mode == Rounding::kHalfDown || mode == Rounding::kHalfEven;
    RC_ASSERT(abs(Big(error * (nearest ? 2 : 1))) <= scaled_unit);
    RC_ASSERT(q.Exponent() >= 0 || q.Digits() == precision);
  }
}

RC_GTEST_PROP(DecimalProperty, IntegerDivisionRecomposes, ()) {
  const std::uint64_t seed = *AnySeed();
  DecimalSamples samples(seed);
  for (int i = 0; i < kCasesPerSeed; ++i) {
    const Decimal a = samples.Near();
    const Decimal b = samples.Near();
    if (b.IsZero()) continue;
    const int low = std::min(a.Exponent(), b.Exponent());
    const Big quotient = At(a, low) / At(b, low);
    EXPECT_SAME(Actual(QuoInteger(a, b)),
                abs(quotient) >= Ten(34) ? "limit" : Expected(quotient, 0), a, b);
    const auto rem = Rem(a, b);
    if (abs(quotient) >= Ten(34)) {
      RC_ASSERT(!rem.ok());
    } else {
      const int rem_low = std::min(low, rem->Exponent());
      RC_ASSERT(At(*rem, rem_low) == At(a, rem_low) - quotient * At(b, rem_low));
    }
  }
}

RC_GTEST_PROP(DecimalProperty, RootsAreTheNearest, ()) {
  const std::uint64_t seed = *AnySeed();
  DecimalSamples samples(seed);
  for (int i = 0; i < 30; ++i) {
    const Decimal a = samples.Any().Absolute();
    const Decimal root = Sqrt(a).value();
    // (2r-1)² ≤ 4a ≤ (2r+1)² with r in units of its last place
    const int unit = root.Exponent() - (34 - root.Digits());
    const int low = std::min(a.Exponent(), 2 * unit);
    const Big r = At(root, unit);
    const Big a4 = At(a, low) * 4;
    const Big square_unit = Ten(2 * unit - low);
    RC_ASSERT(a.IsZero() || ((2 * r - 1) * (2 * r - 1) * square_unit <= a4 &&
                             a4 <= (2 * r + 1) * (2 * r + 1) * square_unit));
  }
}

RC_GTEST_PROP(DecimalProperty, TextAndBytesReadBackIdentically, ()) {
  const std::uint64_t seed = *AnySeed();
  ForManyPairs(seed, [](const Decimal& a, const Decimal& b, DecimalSamples&) {
    RC_ASSERT(ParseDecimal(a.ToString()).value().IdenticalTo(a));
    std::string bytes;
    AppendDecimal(a, bytes);
    AppendDecimal(b, bytes);
    AppendOrderedDecimal(a, bytes);
    AppendOrderedDecimal(b, bytes);
    std::string_view rest = bytes;
    RC_ASSERT(TakeDecimal(rest).value().IdenticalTo(a));
    RC_ASSERT(TakeDecimal(rest).value().IdenticalTo(b));
    RC_ASSERT(TakeOrderedDecimal(rest).value() == a);
    RC_ASSERT(TakeOrderedDecimal(rest).value() == b);
    RC_ASSERT(rest.empty());
  });
}

RC_GTEST_PROP(DecimalProperty, ExpAndLnAreInverse, ()) {
  const std::uint64_t seed = *AnySeed();
  DecimalSamples samples(seed);
  const Decimal a = Decimal::Of(samples.Between(1, 1000000000), samples.Between(-12, 0)).value();
  const Decimal back = Exp(Ln(a).value()).value();
  const Decimal error = Quo(Sub(RoundToPrecision(back, 30).value(), a).value(), a).value();
  RC_ASSERT(error.Absolute() < D("1E-28"));
}

}  // namespace
}  // namespace strongroom::scalars
