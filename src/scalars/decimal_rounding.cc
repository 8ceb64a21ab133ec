#include <fmt/format.h>

#include <algorithm>

#include "scalars/decimal_digits.h"
#include "scalars/decimal_math.h"
#include "scalars/decimal_wide.h"

namespace strongroom::scalars {

using base::ErrorCode;
using base::MakeError;
using base::Result;

namespace {

struct NamedRounding {
  std::string_view name;
  Rounding mode;
};
constexpr NamedRounding kRoundings[] = {
    {"down", Rounding::kDown},          {"up", Rounding::kUp},
    {"half_up", Rounding::kHalfUp},     {"half_down", Rounding::kHalfDown},
    {"half_even", Rounding::kHalfEven}, {"ceiling", Rounding::kCeiling},
    {"floor", Rounding::kFloor},        {"05up", Rounding::k05Up},
};

// `d`'s magnitude without its last `drop` digits, rounded.
Uint128 DropDigits(const Decimal& d, int drop, Rounding mode) {
  const Uint128 magnitude = Magnitude(d.Coefficient());
  if (magnitude == 0) return 0;
  const bool all = drop > DigitCount(magnitude);  // then it is below a tenth of a unit
  const Uint128 unit = all ? 0 : PowerOfTen(drop);
  const Uint128 quotient = all ? 0 : magnitude / unit;
  const Uint128 remainder = all ? magnitude : magnitude % unit;
  if (remainder == 0) return quotient;
  const Uint128 rest = all ? 0 : unit - remainder;
  const auto half = all || remainder < rest ? std::strong_ordering::less
                    : remainder > rest      ? std::strong_ordering::greater
                                            : std::strong_ordering::equal;
  const int last_digit = static_cast<int>(quotient % 10);
  return quotient + (RoundsUp(mode, d.IsNegative(), last_digit, half) ? 1 : 0);
}

}  // namespace

std::optional<Rounding> ParseRounding(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  const auto* found = std::ranges::find(kRoundings, lower, &NamedRounding::name);
  if (found == std::end(kRoundings)) return std::nullopt;
  return found->mode;
}

Result<Decimal> Quantize(const Decimal& d, std::int32_t exponent, Rounding mode, int precision) {
  STRONGROOM_TRY(CheckPrecision(precision));
  if (!d.IsFinite()) return NotDefined("quantizing an infinity");
  if (exponent < kDecimalExponentMin || exponent > kDecimalExponentMax)
    return MakeError(ErrorCode::kBadRequest,
                     fmt::format("expected an exponent of -6176 to 6111, received {}", exponent));
  Uint128 magnitude = Magnitude(d.Coefficient());
  const int shift = d.Exponent() - exponent;
  if (shift < 0) {
    magnitude = DropDigits(d, -shift, mode);
  } else if (magnitude != 0) {
    if (DigitCount(magnitude) + shift > precision) return DoesNotFit();
    magnitude *= PowerOfTen(shift);
  }
  if (DigitCount(magnitude) > precision) return DoesNotFit();
  return Decimal::Of(WithSign(magnitude, d.IsNegative()), exponent);
}

Result<Decimal> RoundToPlaces(const Decimal& d, std::int32_t places, Rounding mode) {
  if (places < -kDecimalExponentMax || places > -kDecimalExponentMin)
    return MakeError(ErrorCode::kBadRequest,
                     fmt::format("expected -6111 to 6176 places, received {}", places));
  if (!d.IsFinite() || d.Exponent() >= -places) return d;
  return Quantize(d, -places, mode);
}

Result<Decimal> RoundToPrecision(const Decimal& d, int precision, Rounding mode) {
  STRONGROOM_TRY(CheckPrecision(precision));
  const int excess = d.Digits() - precision;
  if (!d.IsFinite() || excess <= 0) return d;
  const Uint128 magnitude = DropDigits(d, excess, mode);
  return Decimal::Of(WithSign(magnitude, d.IsNegative()), d.Exponent() + excess);
}

Result<Decimal> Ceil(const Decimal& d) { return RoundToPlaces(d, 0, Rounding::kCeiling); }
Result<Decimal> Floor(const Decimal& d) { return RoundToPlaces(d, 0, Rounding::kFloor); }

Decimal Reduce(const Decimal& d) {
  if (!d.IsFinite()) return d;
  Uint128 magnitude = Magnitude(d.Coefficient());
  if (magnitude == 0) return Decimal();
  const int spare = d.Exponent() < 0
                        ? std::min(-d.Exponent(), kDecimalDigitsMax)
                        : std::min(kDecimalExponentMax - d.Exponent(), kDecimalDigitsMax);
  const int taken = StripZeros(magnitude, spare);
  const auto reduced = Decimal::Of(WithSign(magnitude, d.IsNegative()), d.Exponent() + taken);
  return reduced.ok() ? *reduced : d;
}

}  // namespace strongroom::scalars
