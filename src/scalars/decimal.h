// Exact decimal numbers that keep their scale: the General Decimal Arithmetic model with 34 digits
// (IEEE 754 decimal128 class). `100` stays `100`, `21.00` stays `21.00` (behaviour §4).
//
// A Decimal is a coefficient of at most 34 digits times a power of ten, or an infinity. There is no
// NaN and no negative zero: what would yield one is an error. Add, Sub and Mul are exact or fail;
// nothing is ever rounded unless the caller says how. decimal_math.h has the rounding functions.
//
// Canonical form: a positive exponent is kept only where the number would otherwise need more than
// 34 digits. So `1E+3` is read as 1000, every value has exactly one text, and reading that text
// gives back the same value with the same scale.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace strongroom::scalars {

__extension__ using Int128 = __int128;
__extension__ using Uint128 = unsigned __int128;

inline constexpr int kDecimalDigitsMax = 34;
inline constexpr std::int32_t kDecimalExponentMax = 6111;   // as decimal128
inline constexpr std::int32_t kDecimalExponentMin = -6176;  // as decimal128

// A value of 32 bytes, copied freely; threads may read one at the same time.
class Decimal {
 public:
  constexpr Decimal() = default;  // 0

  // coefficient × 10^exponent in canonical form. Fails with kLimitExceeded when that has no exact
  // form of 34 digits within the exponents above; trailing zeros are dropped only to make it fit.
  static base::Result<Decimal> Of(Int128 coefficient, std::int32_t exponent);
  static Decimal FromInt(std::int64_t value);
  static Decimal FromUint(std::uint64_t value);
  static constexpr Decimal Infinity(bool negative = false) {
    return Decimal(0, 0, negative ? Kind::kNegativeInfinity : Kind::kPositiveInfinity);
  }

  bool IsFinite() const { return kind_ == Kind::kFinite; }
  bool IsZero() const { return IsFinite() && coefficient_ == 0; }
  bool IsNegative() const {
    return IsFinite() ? coefficient_ < 0 : kind_ == Kind::kNegativeInfinity;
  }
  bool IsInteger() const;
  // -1, 0 or 1.
  int Sign() const;
  // Of finite values: value = Coefficient() × 10^Exponent(). 0 for infinities.
  Int128 Coefficient() const { return coefficient_; }
  std::int32_t Exponent() const { return exponent_; }
  // Digits after the point: 2 for `21.00`, 0 for `100`.
  std::int32_t Scale() const { return exponent_ < 0 ? -exponent_ : 0; }
  // Digits of the coefficient; 1 for zero.
  int Digits() const;

  // Plain notation up to 64 digits after the point, else scientific as `1E-70`; `Infinity` and
  // `-Infinity`. At most kDecimalTextBytesMax characters.
  std::string ToString() const;

  // By value: 100 equals 100.00.
  friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }
  friend std::weak_ordering operator<=>(const Decimal& a, const Decimal& b);
  // Same value and same scale.
  bool IdenticalTo(const Decimal& other) const {
    return kind_ == other.kind_ && coefficient_ == other.coefficient_ &&
           exponent_ == other.exponent_;
  }
  // Equal values hash alike, whatever their scale.
  std::size_t Hash() const;

  Decimal Negated() const;
  Decimal Absolute() const { return IsNegative() ? Negated() : *this; }
  // The integer's value when it is one that fits; else kBadRequest.
  base::Result<std::int64_t> ToInt64() const;
  // The nearest double; ±infinity stays so.
  double ToDouble() const;

 private:
  enum class Kind : std::uint8_t { kNegativeInfinity, kFinite, kPositiveInfinity };
  constexpr Decimal(Int128 coefficient, std::int32_t exponent, Kind kind)
      : coefficient_(coefficient), exponent_(exponent), kind_(kind) {}
  friend base::Result<Decimal> Add(const Decimal& a, const Decimal& b);

  Int128 coefficient_ = 0;  // INVARIANT: |coefficient_| < 10^34; 0 unless kFinite
  std::int32_t exponent_ = 0;
  Kind kind_ = Kind::kFinite;
};

// Takes `-12.340`, `.5`, `5.`, `+1`, scientific notation (`1.5e-7`), and in any case `inf` and
// `infinity` with a sign. Fails with kBadRequest for anything else (NaN, white space, separators,
// more than 34 significant digits, more than kDecimalTextBytesMax characters). Leading zeros do not
// count; trailing zeros do, they are the scale.
base::Result<Decimal> ParseDecimal(std::string_view text);

// Exact, with the larger scale of the two. kLimitExceeded when the sum needs more than 34 digits;
// kBadRequest for the sum of opposite infinities.
base::Result<Decimal> Add(const Decimal& a, const Decimal& b);
base::Result<Decimal> Sub(const Decimal& a, const Decimal& b);
// Exact, with the sum of the scales. kLimitExceeded as above; kBadRequest for 0 × infinity.
base::Result<Decimal> Mul(const Decimal& a, const Decimal& b);

}  // namespace strongroom::scalars

template <>
struct std::hash<strongroom::scalars::Decimal> {
  std::size_t operator()(const strongroom::scalars::Decimal& d) const noexcept { return d.Hash(); }
};
