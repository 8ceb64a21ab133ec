// Intermediate results wider than a coefficient, and how they become a Decimal again. Included by
// decimal*.cc only: Boost.Multiprecision stays out of the other headers.
#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>

#include "base/result.h"
#include "scalars/decimal.h"
#include "scalars/decimal_math.h"

namespace strongroom::scalars {

// Up to 154 digits; the widest intermediate here, a cube under its root, has 111.
using Wide = boost::multiprecision::int512_t;

Wide ToWide(Uint128 magnitude);
Wide WidePowerOfTen(int exponent);
int WideDigits(const Wide& magnitude);

// ±magnitude × 10^exponent, and, if `inexact`, a little more than that (by less than one unit).
struct Unrounded {
  Wide magnitude;  // not negative
  bool negative = false;
  std::int64_t exponent = 0;
  bool inexact = false;
};

// The exact Decimal, or kLimitExceeded.
base::Result<Decimal> Exactly(Unrounded value);
// Rounded to `precision` digits. An inexact value must come with more digits than `precision`.
// Exact values lose trailing zeros while their exponent is below `ideal_exponent`.
base::Result<Decimal> RoundWide(Unrounded value, int precision, Rounding mode,
                                std::int64_t ideal_exponent);

base::Error DoesNotFit();
base::Error NotDefined(std::string_view what);
base::Status CheckPrecision(int precision);
// True when a magnitude with this last digit and this remainder goes up by one unit. `half` tells
// the remainder's order against half a unit; it is not zero.
bool RoundsUp(Rounding mode, bool negative, int last_digit, std::strong_ordering half);

}  // namespace strongroom::scalars
