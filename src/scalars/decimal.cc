#include "scalars/decimal.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "scalars/decimal_digits.h"
#include "scalars/decimal_wide.h"

namespace strongroom::scalars {
namespace {

using base::ErrorCode;
using base::MakeError;
using base::Result;

}  // namespace

Result<Decimal> Decimal::Of(Int128 coefficient, std::int32_t exponent) {
  const bool negative = coefficient < 0;
  Uint128 magnitude = Magnitude(coefficient);
  if (magnitude == 0)
    return Decimal(0, std::clamp(exponent, kDecimalExponentMin, 0), Kind::kFinite);
  if (exponent < kDecimalExponentMin)
    exponent += StripZeros(magnitude, std::min(kDecimalExponentMin - exponent, 39));
  if (magnitude >= kCoefficientEnd)
    exponent += StripZeros(magnitude, DigitCount(magnitude) - kDecimalDigitsMax);
  const int digits = DigitCount(magnitude);
  if (exponent > 0 && exponent <= kDecimalDigitsMax - digits) {
    magnitude *= PowerOfTen(exponent);
    exponent = 0;
  } else if (exponent > kDecimalExponentMax &&
             exponent - kDecimalExponentMax <= kDecimalDigitsMax - digits) {
    magnitude *= PowerOfTen(exponent - kDecimalExponentMax);
    exponent = kDecimalExponentMax;
  }
  if (magnitude >= kCoefficientEnd || exponent < kDecimalExponentMin ||
      exponent > kDecimalExponentMax)
    return DoesNotFit();
  return Decimal(WithSign(magnitude, negative), exponent, Kind::kFinite);
}

Decimal Decimal::FromInt(std::int64_t value) { return Decimal(value, 0, Kind::kFinite); }
Decimal Decimal::FromUint(std::uint64_t value) { return Decimal(value, 0, Kind::kFinite); }

bool Decimal::IsInteger() const {
  if (!IsFinite()) return false;
  Uint128 magnitude = Magnitude(coefficient_);
  return exponent_ >= 0 || magnitude == 0 || StripZeros(magnitude, -exponent_) == -exponent_;
}

int Decimal::Sign() const {
  if (!IsFinite()) return kind_ == Kind::kPositiveInfinity ? 1 : -1;
  return coefficient_ > 0 ? 1 : coefficient_ < 0 ? -1 : 0;
}

int Decimal::Digits() const { return DigitCount(Magnitude(coefficient_)); }

std::weak_ordering operator<=>(const Decimal& a, const Decimal& b) {
  if (a.kind_ != b.kind_) return a.kind_ <=> b.kind_;
  if (a.exponent_ == b.exponent_) {
    return a.coefficient_ < b.coefficient_   ? std::weak_ordering::less
           : a.coefficient_ > b.coefficient_ ? std::weak_ordering::greater
                                             : std::weak_ordering::equivalent;
  }
  if (const int sign = a.Sign(); sign != b.Sign() || sign == 0) return sign <=> b.Sign();
  Uint128 left = Magnitude(a.coefficient_);
  Uint128 right = Magnitude(b.coefficient_);
  const int left_end = DigitCount(left) + a.exponent_;
  const int right_end = DigitCount(right) + b.exponent_;
  auto order = left_end <=> right_end;
  if (order == 0) {  // so the shorter one has room for the difference of the exponents
    const int difference = a.exponent_ - b.exponent_;
    (difference > 0 ? left : right) *= PowerOfTen(difference > 0 ? difference : -difference);
    order = left < right   ? std::strong_ordering::less
            : left > right ? std::strong_ordering::greater
                           : std::strong_ordering::equal;
  }
  return a.coefficient_ < 0 ? 0 <=> order : order;
}

std::size_t Decimal::Hash() const {
  Uint128 magnitude = Magnitude(coefficient_);
  const int zeros = StripZeros(magnitude, kDecimalDigitsMax);
  const std::int32_t exponent = magnitude == 0 ? 0 : exponent_ + zeros;
  std::uint64_t hash = static_cast<std::uint64_t>(magnitude) * 0x9E3779B97F4A7C15U;
  hash = (hash ^ (hash >> 32) ^ static_cast<std::uint64_t>(magnitude >> 64)) * 0xD6E8FEB86659FD93U;
  hash ^= static_cast<std::uint64_t>(exponent) * 0xC2B2AE3D27D4EB4FU;
  hash ^= static_cast<std::uint64_t>(Sign() + 1) << 61;
  hash ^= static_cast<std::uint64_t>(kind_) << 58;
  return hash ^ (hash >> 29);
}

Decimal Decimal::Negated() const {
  if (!IsFinite()) return Infinity(kind_ == Kind::kPositiveInfinity);
  return Decimal(-coefficient_, exponent_, Kind::kFinite);
}

Result<std::int64_t> Decimal::ToInt64() const {
  const auto bad = [&] {
    return MakeError(ErrorCode::kBadRequest, "`" + ToString() + "` is not a 64-bit integer");
  };
  if (!IsInteger()) return bad();
  Uint128 magnitude = Magnitude(coefficient_);
  if (exponent_ < 0) StripZeros(magnitude, -exponent_);
  const Int128 value = WithSign(magnitude, coefficient_ < 0);
  if (exponent_ > 0 || value > std::numeric_limits<std::int64_t>::max() ||
      value < std::numeric_limits<std::int64_t>::min())
    return bad();
  return static_cast<std::int64_t>(value);
}

double Decimal::ToDouble() const {
  if (!IsFinite()) return Sign() * std::numeric_limits<double>::infinity();
  const std::string text = ToString();
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc::result_out_of_range) return value;
  return exponent_ > 0 ? Sign() * std::numeric_limits<double>::infinity() : 0.0;
}

Result<Decimal> Add(const Decimal& a, const Decimal& b) {
  if (a.IsFinite() && b.IsFinite() && a.exponent_ == b.exponent_) {
    const Int128 sum = a.coefficient_ + b.coefficient_;
    if (a.exponent_ <= 0 && Magnitude(sum) < kCoefficientEnd)
      return Decimal(sum, a.exponent_, Decimal::Kind::kFinite);
    return Decimal::Of(sum, a.exponent_);
  }
  if (!a.IsFinite() || !b.IsFinite()) {
    if (!a.IsFinite() && !b.IsFinite() && a.Sign() != b.Sign())
      return NotDefined("the sum of opposite infinities");
    return a.IsFinite() ? b : a;
  }
  const Decimal& high = a.exponent_ > b.exponent_ ? a : b;
  const Decimal& low = a.exponent_ > b.exponent_ ? b : a;
  if (high.coefficient_ == 0) return low;
  int shift = high.exponent_ - low.exponent_;
  if (high.Digits() + shift <= kDecimalDigitsMax)
    return Decimal::Of(
        high.coefficient_ * static_cast<Int128>(PowerOfTen(shift)) + low.coefficient_,
        low.exponent_);
  Uint128 magnitude = Magnitude(low.coefficient_);
  // What is left of the lower number ends in a digit that the sum has to hold.
  const int spare = low.coefficient_ == 0 ? shift : StripZeros(magnitude, shift);
  shift -= spare;
  if (shift >= static_cast<int>(kPowersOfTen.size())) return DoesNotFit();
  Wide sum = ToWide(Magnitude(high.coefficient_)) * WidePowerOfTen(shift);
  if (high.coefficient_ < 0) sum = -sum;
  sum += low.coefficient_ < 0 ? -ToWide(magnitude) : ToWide(magnitude);
  const bool negative = sum < 0;
  Unrounded exact{negative ? Wide(-sum) : sum, negative, low.exponent_ + spare, false};
  // Zeros taken from the lower number come back where they fit: the sum keeps the larger scale.
  const int room = std::min(spare, kDecimalDigitsMax - WideDigits(exact.magnitude));
  if (room > 0) {
    exact.magnitude *= WidePowerOfTen(room);
    exact.exponent -= room;
  }
  return Exactly(std::move(exact));
}

Result<Decimal> Sub(const Decimal& a, const Decimal& b) { return Add(a, b.Negated()); }

Result<Decimal> Mul(const Decimal& a, const Decimal& b) {
  if (!a.IsFinite() || !b.IsFinite()) {
    if (a.IsZero() || b.IsZero()) return NotDefined("zero times infinity");
    return Decimal::Infinity(a.Sign() != b.Sign());
  }
  const std::int32_t exponent = a.Exponent() + b.Exponent();
  if (a.Digits() + b.Digits() <= 38)
    return Decimal::Of(a.Coefficient() * b.Coefficient(), exponent);
  return Exactly({ToWide(Magnitude(a.Coefficient())) * ToWide(Magnitude(b.Coefficient())),
                  a.IsNegative() != b.IsNegative(), exponent, false});
}

}  // namespace strongroom::scalars
