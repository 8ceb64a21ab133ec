// Decimals for tests: literals, and random ones that favour the edges.
#pragma once

#include <random>
#include <string_view>

#include "scalars/decimal.h"

namespace strongroom::scalars {

inline Decimal D(std::string_view text) { return ParseDecimal(text).value(); }

class DecimalSamples {
 public:
  explicit DecimalSamples(std::uint64_t seed) : random_(seed) {}

  int Between(int low, int high) { return std::uniform_int_distribution(low, high)(random_); }

  Decimal Any() { return Between(0, 9) == 0 ? Wide() : Near(); }
  // Exponents as amounts have them.
  Decimal Near() { return Make(Between(-20, 6)); }
  Decimal Wide() { return Make(Between(0, 3) == 0 ? Between(-6176, 6111) : Between(-90, 90)); }

 private:
  Decimal Make(std::int32_t exponent) {
    const int digits = Between(0, 2) == 0 ? Between(1, 34) : Between(1, 12);
    const int shape = Between(0, 9);
    Int128 coefficient = 0;
    for (int i = 0; i < digits; ++i) {
      const int digit = shape == 0   ? 9
                        : shape == 1 ? (i == 0 ? 1 : 0)
                        : shape == 2 ? (i < digits / 2 ? Between(0, 9) : 0)
                        : shape == 3 ? (i == 0 ? 5 : 0)
                                     : Between(0, 9);
      coefficient = coefficient * 10 + digit;
    }
    const auto made = Decimal::Of(Between(0, 1) == 0 ? coefficient : -coefficient, exponent);
    return made.ok() ? *made : Decimal();
  }

  std::mt19937_64 random_;
};

}  // namespace strongroom::scalars
