#include "scalars/decimal_wide.h"

#include <fmt/format.h>

#include "scalars/decimal_digits.h"

namespace strongroom::scalars {

using base::ErrorCode;
using base::MakeError;
using base::Result;

Wide ToWide(Uint128 magnitude) {
  return (Wide(static_cast<std::uint64_t>(magnitude >> 64)) << 64) +
         static_cast<std::uint64_t>(magnitude);
}

namespace {

Uint128 FromWide(const Wide& magnitude) {
  const Wide high = magnitude >> 64;
  const Wide low = magnitude & Wide(~std::uint64_t{0});
  return static_cast<Uint128>(static_cast<std::uint64_t>(high)) << 64 |
         static_cast<std::uint64_t>(low);
}

int StripWideZeros(Wide& magnitude, std::int64_t zeros_max) {
  int taken = 0;
  Wide quotient;
  Wide remainder;
  while (taken < zeros_max && magnitude != 0) {
    boost::multiprecision::divide_qr(magnitude, Wide(10), quotient, remainder);
    if (remainder != 0) break;
    magnitude = quotient;
    ++taken;
  }
  return taken;
}

Result<Decimal> Narrow(const Unrounded& value) {
  // Of clamps what is out of range by up to 34 places; beyond that only zero has a form.
  if (value.magnitude != 0 && (value.exponent > kDecimalExponentMax + kDecimalDigitsMax ||
                               value.exponent < kDecimalExponentMin - kDecimalDigitsMax))
    return DoesNotFit();
  const std::int64_t exponent = std::clamp<std::int64_t>(value.exponent, -20000, 20000);
  return Decimal::Of(WithSign(FromWide(value.magnitude), value.negative),
                     static_cast<std::int32_t>(exponent));
}

}  // namespace

Wide WidePowerOfTen(int exponent) {
  Wide power = 1;
  for (; exponent > 38; exponent -= 38) power *= ToWide(PowerOfTen(38));
  return power * ToWide(PowerOfTen(exponent));
}

int WideDigits(const Wide& magnitude) {
  if (magnitude == 0) return 1;
  const auto bits = boost::multiprecision::msb(magnitude) + 1;
  const int guess = static_cast<int>(bits * 1233 >> 12);  // exact below 2^512 as the tests show
  return guess + (magnitude >= WidePowerOfTen(guess) ? 1 : 0);
}

base::Error DoesNotFit() {
  return MakeError(ErrorCode::kLimitExceeded, "the result does not fit a decimal of 34 digits",
                   "round or quantize the operands first");
}

base::Error NotDefined(std::string_view what) {
  return MakeError(ErrorCode::kBadRequest, fmt::format("{} is not defined", what));
}

base::Status CheckPrecision(int precision) {
  if (precision >= 1 && precision <= kDecimalDigitsMax) return {};
  return MakeError(ErrorCode::kBadRequest,
                   fmt::format("expected a precision of 1 to 34 digits, received {}", precision));
}

bool RoundsUp(Rounding mode, bool negative, int last_digit, std::strong_ordering half) {
  switch (mode) {
    case Rounding::kDown: return false;
    case Rounding::kUp: return true;
    case Rounding::kHalfUp: return half >= 0;
    case Rounding::kHalfDown: return half > 0;
    case Rounding::kHalfEven: return half > 0 || (half == 0 && last_digit % 2 != 0);
    case Rounding::kCeiling: return !negative;
    case Rounding::kFloor: return negative;
    case Rounding::k05Up: return last_digit == 0 || last_digit == 5;
  }
  return false;
}

Result<Decimal> Exactly(Unrounded value) {
  if (const int excess = WideDigits(value.magnitude) - kDecimalDigitsMax; excess > 0) {
    if (StripWideZeros(value.magnitude, excess) != excess) return DoesNotFit();
    value.exponent += excess;
  }
  return Narrow(value);
}

Result<Decimal> RoundWide(Unrounded value, int precision, Rounding mode,
                          std::int64_t ideal_exponent) {
  if (!value.inexact && value.exponent < ideal_exponent)
    value.exponent += StripWideZeros(value.magnitude, ideal_exponent - value.exponent);
  const int excess = WideDigits(value.magnitude) - precision;
  if (excess <= 0) {
    STRONGROOM_CHECK(!value.inexact);
    return Narrow(value);
  }
  const Wide unit = WidePowerOfTen(excess);
  Wide quotient;
  Wide remainder;
  boost::multiprecision::divide_qr(value.magnitude, unit, quotient, remainder);
  const bool exact = remainder == 0 && !value.inexact;
  if (!exact) {
    const int order = Wide(remainder * 2).compare(unit);
    const auto half = order != 0      ? order <=> 0
                      : value.inexact ? std::strong_ordering::greater
                                      : std::strong_ordering::equal;
    const int last_digit = static_cast<int>(Wide(quotient % 10));
    if (RoundsUp(mode, value.negative, last_digit, half)) ++quotient;
  }
  value.magnitude = quotient;
  value.exponent += excess;
  if (WideDigits(value.magnitude) > precision) {  // 999.5 became 1000
    value.magnitude /= 10;
    ++value.exponent;
  }
  return Narrow(value);
}

}  // namespace strongroom::scalars
