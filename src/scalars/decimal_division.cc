#include <algorithm>

#include "scalars/decimal_digits.h"
#include "scalars/decimal_math.h"
#include "scalars/decimal_wide.h"

namespace strongroom::scalars {

using base::Result;

namespace {

// The quotient of whole numbers of 10^exponent.
struct Division {
  Wide quotient;
  Wide remainder;
  std::int32_t exponent = 0;  // of the remainder
};

Result<Division> DivideInteger(const Decimal& a, const Decimal& b) {
  Wide dividend = ToWide(Magnitude(a.Coefficient()));
  Wide divisor = ToWide(Magnitude(b.Coefficient()));
  const std::int32_t exponent = std::min(a.Exponent(), b.Exponent());
  const int up = a.Exponent() - exponent;
  const int down = b.Exponent() - exponent;
  if (a.IsZero() || a.Digits() + a.Exponent() < b.Digits() + b.Exponent())
    return Division{0, dividend, a.Exponent()};
  if (a.Digits() + up - b.Digits() - down > kDecimalDigitsMax) return DoesNotFit();
  dividend *= WidePowerOfTen(up);
  divisor *= WidePowerOfTen(down);
  Division division{0, 0, exponent};
  boost::multiprecision::divide_qr(dividend, divisor, division.quotient, division.remainder);
  if (WideDigits(division.quotient) > kDecimalDigitsMax) return DoesNotFit();
  return division;
}

Result<Decimal> QuoInfinite(const Decimal& a, const Decimal& b) {
  if (!a.IsFinite() && !b.IsFinite()) return NotDefined("infinity divided by infinity");
  if (a.IsFinite()) return Decimal();
  return Decimal::Infinity(a.IsNegative() != b.IsNegative());
}

}  // namespace

Result<Decimal> Quo(const Decimal& a, const Decimal& b, int precision, Rounding mode) {
  STRONGROOM_TRY(CheckPrecision(precision));
  if (b.IsZero()) return NotDefined("division by zero");
  if (!a.IsFinite() || !b.IsFinite()) return QuoInfinite(a, b);
  const std::int32_t ideal = a.Exponent() - b.Exponent();
  if (a.IsZero()) return Decimal::Of(0, ideal);
  const int shift = std::max(0, precision + 2 + b.Digits() - a.Digits());
  const Wide dividend = ToWide(Magnitude(a.Coefficient())) * WidePowerOfTen(shift);
  Unrounded value{0, a.IsNegative() != b.IsNegative(), ideal - shift, false};
  Wide remainder;
  boost::multiprecision::divide_qr(dividend, ToWide(Magnitude(b.Coefficient())), value.magnitude,
                                   remainder);
  value.inexact = remainder != 0;
  return RoundWide(std::move(value), precision, mode, ideal);
}

Result<Decimal> QuoInteger(const Decimal& a, const Decimal& b) {
  if (b.IsZero()) return NotDefined("division by zero");
  if (!a.IsFinite() || !b.IsFinite()) return QuoInfinite(a, b);
  STRONGROOM_ASSIGN(Division division, DivideInteger(a, b));
  return Exactly({division.quotient, a.IsNegative() != b.IsNegative(), 0, false});
}

Result<Decimal> Rem(const Decimal& a, const Decimal& b) {
  if (b.IsZero()) return NotDefined("division by zero");
  if (!a.IsFinite()) return NotDefined("the remainder of an infinity");
  if (!b.IsFinite()) return a;
  STRONGROOM_ASSIGN(Division division, DivideInteger(a, b));
  return Exactly({division.remainder, a.IsNegative(), division.exponent, false});
}

}  // namespace strongroom::scalars
