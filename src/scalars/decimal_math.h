// The decimal functions that may round. Results hold at most `precision` (1-34) significant digits,
// correctly rounded half to even unless another mode is named; exact results keep the scale that
// the General Decimal Arithmetic specification calls ideal (10/2 = 5, not 5.000).
// Domain errors (division by zero, ln of a negative, infinity - infinity) are kBadRequest; results
// beyond the exponents of decimal.h are kLimitExceeded.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "scalars/decimal.h"

namespace strongroom::scalars {

enum class Rounding {
  kDown,      // towards zero
  kUp,        // away from zero
  kHalfUp,    // to nearest, ties away from zero
  kHalfDown,  // to nearest, ties towards zero
  kHalfEven,  // to nearest, ties to the even digit
  kCeiling,   // towards +infinity
  kFloor,     // towards -infinity
  k05Up,      // away from zero if the last digit would be 0 or 5, else towards zero
};
// "down" "up" "half_up" "half_down" "half_even" "ceiling" "floor" "05up", in any case.
std::optional<Rounding> ParseRounding(std::string_view name);

// `d` with exactly the exponent `exponent` (-2 = cents), or the canonical form of it when that is
// positive. kLimitExceeded when the result would have more than `precision` digits; kBadRequest
// for infinities.
base::Result<Decimal> Quantize(const Decimal& d, std::int32_t exponent, Rounding mode,
                               int precision = kDecimalDigitsMax);
// At most `places` digits after the point; a smaller scale is left as it is. `places` may be
// negative (-2: hundreds). Infinities stay.
base::Result<Decimal> RoundToPlaces(const Decimal& d, std::int32_t places, Rounding mode);
// At most `precision` significant digits.
base::Result<Decimal> RoundToPrecision(const Decimal& d, int precision,
                                       Rounding mode = Rounding::kHalfEven);
// The smallest integer not below `d`; the largest not above.
base::Result<Decimal> Ceil(const Decimal& d);
base::Result<Decimal> Floor(const Decimal& d);
// Without trailing zeros after the point: 1.200 -> 1.2, 100.00 -> 100.
Decimal Reduce(const Decimal& d);

base::Result<Decimal> Quo(const Decimal& a, const Decimal& b, int precision = kDecimalDigitsMax,
                          Rounding mode = Rounding::kHalfEven);
// The quotient's integer part (towards zero); kLimitExceeded when it has more than 34 digits.
base::Result<Decimal> QuoInteger(const Decimal& a, const Decimal& b);
// a - b × QuoInteger(a, b): has the sign of `a`.
base::Result<Decimal> Rem(const Decimal& a, const Decimal& b);

base::Result<Decimal> Pow(const Decimal& base, const Decimal& exponent);
base::Result<Decimal> Exp(const Decimal& d);
base::Result<Decimal> Ln(const Decimal& d);
base::Result<Decimal> Log10(const Decimal& d);
base::Result<Decimal> Sqrt(const Decimal& d);
base::Result<Decimal> Cbrt(const Decimal& d);

}  // namespace strongroom::scalars
