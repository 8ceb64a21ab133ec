// Exp, ln, log10 and pow: computed with 100 digits and rounded to 34. A result that lies so close
// to a tie that 100 digits can't tell would be needed to round wrongly.
#include <boost/multiprecision/cpp_dec_float.hpp>
#include <string>

#include "scalars/decimal_digits.h"
#include "scalars/decimal_math.h"
#include "scalars/decimal_wide.h"

namespace strongroom::scalars {

using base::Result;

namespace {

using Float = boost::multiprecision::number<boost::multiprecision::cpp_dec_float<100>,
                                            boost::multiprecision::et_off>;

constexpr int kFloatDigits = 60;       // what is taken of a result before rounding
constexpr double kDecadesMax = 6200;   // past the exponents of a Decimal
constexpr int kExactFactorsMax = 200;  // pow multiplies exactly up to this exponent

Float ToFloat(const Decimal& d) {
  std::string text = ToWide(Magnitude(d.Coefficient())).str();
  text += "e" + std::to_string(d.Exponent());
  const Float value(text);
  return d.IsNegative() ? Float(-value) : value;
}

// `value` is never exact and never zero.
Result<Decimal> FromFloat(const Float& value) {
  const std::string text = abs(value).str(kFloatDigits - 1, std::ios_base::scientific);
  const std::size_t e = text.find('e');
  std::string digits = text.substr(0, 1);
  digits.append(text, 2, e - 2);
  const int exponent = std::stoi(text.substr(e + 1)) - (static_cast<int>(digits.size()) - 1);
  // A leading zero would make Boost read the digits as octal; there is none in this notation.
  return RoundWide({Wide(digits), value < 0, exponent, true}, kDecimalDigitsMax,
                   Rounding::kHalfEven, exponent);
}

// 10^n when `d` is that.
std::optional<std::int32_t> ExactPowerOfTen(const Decimal& d) {
  Uint128 magnitude = Magnitude(d.Coefficient());
  const int zeros = StripZeros(magnitude, kDecimalDigitsMax);
  if (magnitude != 1 || d.IsNegative()) return std::nullopt;
  return d.Exponent() + zeros;
}

Result<Decimal> PowExactly(const Decimal& base, std::int64_t exponent) {
  Decimal result = Decimal::FromInt(1);
  for (std::int64_t i = 0; i < exponent; ++i) {
    STRONGROOM_ASSIGN(result, Mul(result, base));
  }
  return result;
}

Result<Decimal> PowOfZero(const Decimal& exponent) {
  if (exponent.Sign() > 0) return Decimal();
  return NotDefined(exponent.IsZero() ? "zero to the power of zero" : "division by zero");
}

Result<Decimal> PowInfinite(const Decimal& base, const Decimal& exponent) {
  if (exponent.IsFinite()) {
    if (exponent.IsZero()) return Decimal::FromInt(1);
    if (base.IsNegative()) return NotDefined("a power of negative infinity");
    return exponent.IsNegative() ? Decimal() : base;
  }
  if (base.IsNegative()) return NotDefined("a negative number to an infinite power");
  const auto order = base <=> Decimal::FromInt(1);
  if (order == 0) return Decimal::FromInt(1);
  return (order > 0) == exponent.IsNegative() ? Decimal() : Decimal::Infinity();
}

bool IsOdd(const Decimal& integer) { return !Rem(integer, Decimal::FromInt(2)).value().IsZero(); }

Result<Decimal> PowFinite(const Decimal& base, const Decimal& exponent) {
  const bool integer = exponent.IsInteger();
  if (base.IsNegative() && !integer) return NotDefined("a fractional power of a negative number");
  if (const auto small = exponent.ToInt64(); small.ok() && std::abs(*small) <= kExactFactorsMax) {
    const auto power = PowExactly(base, std::abs(*small));
    if (power.ok()) return *small < 0 ? Quo(Decimal::FromInt(1), *power) : power;
  }
  if (base.Absolute() == Decimal::FromInt(1)) {
    const bool odd = base.IsNegative() && exponent.Exponent() <= 0 && IsOdd(exponent);
    return Decimal::FromInt(odd ? -1 : 1);
  }
  const Float logarithm = log(ToFloat(base.Absolute())) * ToFloat(exponent);
  if (abs(logarithm) > kDecadesMax * 2.302585) return DoesNotFit();
  const Float power = exp(logarithm);
  const bool negative = base.IsNegative() && exponent.Exponent() <= 0 && IsOdd(exponent);
  return FromFloat(negative ? Float(-power) : power);
}

}  // namespace

Result<Decimal> Pow(const Decimal& base, const Decimal& exponent) {
  if (base.IsZero()) return PowOfZero(exponent);
  if (!base.IsFinite() || !exponent.IsFinite()) return PowInfinite(base, exponent);
  return PowFinite(base, exponent);
}

Result<Decimal> Exp(const Decimal& d) {
  if (d.IsZero()) return Decimal::FromInt(1);
  if (!d.IsFinite()) return d.IsNegative() ? Decimal() : d;
  if (d.Absolute() > Decimal::FromInt(14300)) return DoesNotFit();
  return FromFloat(exp(ToFloat(d)));
}

Result<Decimal> Ln(const Decimal& d) {
  if (d.Sign() <= 0) return NotDefined("the logarithm of a number that is not positive");
  if (!d.IsFinite()) return d;
  if (d == Decimal::FromInt(1)) return Decimal();
  return FromFloat(log(ToFloat(d)));
}

Result<Decimal> Log10(const Decimal& d) {
  if (d.Sign() <= 0) return NotDefined("the logarithm of a number that is not positive");
  if (!d.IsFinite()) return d;
  if (const auto exponent = ExactPowerOfTen(d)) return Decimal::FromInt(*exponent);
  return FromFloat(log10(ToFloat(d)));
}

}  // namespace strongroom::scalars
