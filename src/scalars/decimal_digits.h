// Powers of ten and digit counts of 128-bit coefficients: the arithmetic under decimal*.cc.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "scalars/decimal.h"

namespace strongroom::scalars {

inline constexpr std::array<Uint128, 39> kPowersOfTen = [] {
  std::array<Uint128, 39> table{};
  Uint128 power = 1;
  for (Uint128& entry : table) {
    entry = power;
    power *= 10;
  }
  return table;
}();

inline constexpr Uint128 kCoefficientEnd = kPowersOfTen[kDecimalDigitsMax];  // 10^34

constexpr Uint128 Magnitude(Int128 value) {
  return value < 0 ? -static_cast<Uint128>(value) : static_cast<Uint128>(value);
}

constexpr Int128 WithSign(Uint128 magnitude, bool negative) {
  return negative ? -static_cast<Int128>(magnitude) : static_cast<Int128>(magnitude);
}

// 1 for zero; at most 39.
constexpr int DigitCount(Uint128 magnitude) {
  const auto high = static_cast<std::uint64_t>(magnitude >> 64);
  const int bits =
      high != 0 ? 128 - std::countl_zero(high)
                : 64 - std::countl_zero(static_cast<std::uint64_t>(magnitude) | std::uint64_t{1});
  const int guess = bits * 1233 >> 12;  // floor(bits × log10(2)), exact for bits ≤ 128
  return guess + (magnitude >= kPowersOfTen[static_cast<std::size_t>(guess)] ? 1 : 0) +
         (magnitude == 0 ? 1 : 0);
}

constexpr Uint128 PowerOfTen(int exponent) {
  return kPowersOfTen[static_cast<std::size_t>(exponent)];
}

// Divides trailing zeros away, at most `zeros_max` of them, and returns how many it took.
constexpr int StripZeros(Uint128& magnitude, int zeros_max) {
  int taken = 0;
  if (magnitude == 0) return 0;
  while (taken < zeros_max && magnitude >> 64 != 0 && magnitude % 10 == 0) {
    magnitude /= 10;
    ++taken;
  }
  if (magnitude >> 64 != 0) return taken;
  auto small = static_cast<std::uint64_t>(magnitude);  // 64-bit division is ten times as fast
  for (; taken < zeros_max && small % 10 == 0; ++taken) small /= 10;
  magnitude = small;
  return taken;
}

}  // namespace strongroom::scalars
