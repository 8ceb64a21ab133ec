#include "scalars/decimal_digits.h"
#include "scalars/decimal_math.h"
#include "scalars/decimal_wide.h"

namespace strongroom::scalars {

using base::Result;

namespace {

constexpr int kGuardDigits = 2;  // of the root, beyond the 34 that are kept

// The largest x with x^degree <= n (n > 0), by Newton's method from above.
Wide IntegerRoot(const Wide& n, int degree) {
  Wide x = WidePowerOfTen((WideDigits(n) + degree - 1) / degree);
  while (true) {
    const Wide power = degree == 2 ? x : Wide(x * x);
    const Wide next = (x * (degree - 1) + n / power) / degree;
    if (next >= x) return x;
    x = next;
  }
}

Result<Decimal> Root(const Decimal& d, int degree) {
  const std::int32_t exponent = d.Exponent();
  const std::int32_t ideal =
      exponent >= 0 ? exponent / degree : -((-exponent + degree - 1) / degree);
  if (d.IsZero()) return Decimal::Of(0, ideal);
  int shift = degree * (kDecimalDigitsMax + kGuardDigits) - d.Digits();
  while ((exponent - shift) % degree != 0) ++shift;
  const Wide n = ToWide(Magnitude(d.Coefficient())) * WidePowerOfTen(shift);
  const Wide root = IntegerRoot(n, degree);
  const bool exact = Wide(degree == 2 ? root * root : root * root * root) == n;
  return RoundWide({root, d.IsNegative(), (exponent - shift) / degree, !exact}, kDecimalDigitsMax,
                   Rounding::kHalfEven, ideal);
}

}  // namespace

Result<Decimal> Sqrt(const Decimal& d) {
  if (d.IsNegative()) return NotDefined("the square root of a negative number");
  return d.IsFinite() ? Root(d, 2) : d;
}

Result<Decimal> Cbrt(const Decimal& d) { return d.IsFinite() ? Root(d, 3) : d; }

}  // namespace strongroom::scalars
