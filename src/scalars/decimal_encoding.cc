#include "scalars/decimal_encoding.h"

#include <algorithm>
#include <array>

#include "scalars/decimal_digits.h"

namespace strongroom::scalars {

using base::ErrorCode;
using base::MakeError;
using base::Result;

namespace {

constexpr int kKindShift = 6;
constexpr unsigned kSignBit = 0x20;
constexpr unsigned kLengthMask = 0x1F;
constexpr int kOrderedZero = 0x8000;
constexpr int kOrderedBias = 6200;

base::Error Damaged() {
  return MakeError(ErrorCode::kInternalServerError, "a stored decimal is damaged");
}

std::uint8_t Byte(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

Result<std::int32_t> TakeExponent(std::string_view& bytes) {
  std::uint32_t zigzag = 0;
  for (unsigned shift = 0; shift < 21; shift += 7) {
    if (bytes.empty()) return Damaged();
    const std::uint32_t byte = Byte(bytes, 0);
    bytes.remove_prefix(1);
    zigzag |= (byte & 0x7F) << shift;
    if (byte >= 0x80) continue;
    if (byte == 0 && shift > 0) return Damaged();  // a longer spelling than needed
    return static_cast<std::int32_t>(zigzag >> 1) ^ -static_cast<std::int32_t>(zigzag & 1);
  }
  return Damaged();
}

// The digits of `magnitude`, two a byte, in the ordered form; the last pair may end in a zero.
std::size_t Pairs(Uint128 magnitude, std::array<std::uint8_t, 17>& pairs) {
  if (DigitCount(magnitude) % 2 != 0) magnitude *= 10;
  const auto count = static_cast<std::size_t>(DigitCount(magnitude) / 2);
  for (std::size_t i = count; i-- > 0; magnitude /= 100)
    pairs[i] = static_cast<std::uint8_t>(magnitude % 100 * 2 + 1);
  --pairs[count - 1];
  return count;
}

Result<Decimal> TakeOrderedFinite(std::string_view& bytes, int head) {
  const bool negative = head < kOrderedZero;
  const int end = (negative ? kOrderedZero - head : head - kOrderedZero) - kOrderedBias;
  Uint128 magnitude = 0;
  int digits = 0;
  for (bool last = false; !last;) {
    if (bytes.empty() || digits >= kDecimalDigitsMax) return Damaged();
    const unsigned byte = negative ? Byte(bytes, 0) ^ 0xFFU : Byte(bytes, 0);
    bytes.remove_prefix(1);
    last = byte % 2 == 0;
    if (byte / 2 > 99 || (digits == 0 && byte / 2 < 10) || (last && byte == 0)) return Damaged();
    magnitude = magnitude * 100 + byte / 2;
    digits += 2;
  }
  const int spare = StripZeros(magnitude, 1);
  const auto value = Decimal::Of(WithSign(magnitude, negative), end - digits + spare);
  return value.ok() ? value : Result<Decimal>(Damaged());
}

}  // namespace

void AppendDecimal(const Decimal& d, std::string& out) {
  if (!d.IsFinite()) {
    out.push_back(static_cast<char>((d.IsNegative() ? 2U : 1U) << kKindShift));
    return;
  }
  const Uint128 magnitude = Magnitude(d.Coefficient());
  unsigned length = 0;
  while (length < 16 && magnitude >> (8 * length) != 0) ++length;
  out.push_back(static_cast<char>((d.IsNegative() ? kSignBit : 0U) | length));
  auto zigzag =
      static_cast<std::uint32_t>(d.Exponent() * 2) ^ static_cast<std::uint32_t>(d.Exponent() >> 31);
  for (; zigzag >= 0x80; zigzag >>= 7) out.push_back(static_cast<char>(zigzag | 0x80U));
  out.push_back(static_cast<char>(zigzag));
  for (unsigned i = length; i-- > 0;)
    out.push_back(static_cast<char>(static_cast<std::uint8_t>(magnitude >> (8 * i))));
}

Result<Decimal> TakeDecimal(std::string_view& bytes) {
  if (bytes.empty()) return Damaged();
  const unsigned head = Byte(bytes, 0);
  bytes.remove_prefix(1);
  if (head == 1U << kKindShift || head == 2U << kKindShift)
    return Decimal::Infinity(head == 2U << kKindShift);
  const unsigned length = head & kLengthMask;
  const bool negative = (head & kSignBit) != 0;
  if (head >> kKindShift != 0 || length > 15 || (negative && length == 0)) return Damaged();
  STRONGROOM_ASSIGN(const std::int32_t exponent, TakeExponent(bytes));
  if (bytes.size() < length || (length > 0 && bytes[0] == 0)) return Damaged();
  Uint128 magnitude = 0;
  for (unsigned i = 0; i < length; ++i) magnitude = magnitude << 8 | Byte(bytes, i);
  bytes.remove_prefix(length);
  auto value = Decimal::Of(WithSign(magnitude, negative), exponent);
  if (!value.ok() || value->Exponent() != exponent) return Damaged();
  return value;
}

void AppendOrderedDecimal(const Decimal& d, std::string& out) {
  Uint128 magnitude = Magnitude(d.Coefficient());
  const int end = DigitCount(magnitude) + d.Exponent();
  const int distance = d.IsFinite() ? end + kOrderedBias : kOrderedZero - (d.IsNegative() ? 0 : 1);
  const int head = kOrderedZero + d.Sign() * distance;
  out.push_back(static_cast<char>(head >> 8));
  out.push_back(static_cast<char>(head & 0xFF));
  if (magnitude == 0) return;
  StripZeros(magnitude, kDecimalDigitsMax);
  std::array<std::uint8_t, 17> pairs{};
  const std::size_t count = Pairs(magnitude, pairs);
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(static_cast<char>(d.IsNegative() ? pairs[i] ^ 0xFF : pairs[i]));
}

Result<Decimal> TakeOrderedDecimal(std::string_view& bytes) {
  if (bytes.size() < 2) return Damaged();
  const int head = Byte(bytes, 0) << 8 | Byte(bytes, 1);
  bytes.remove_prefix(2);
  if (head == 0 || head == 0xFFFF) return Decimal::Infinity(head == 0);
  if (head == kOrderedZero) return Decimal();
  return TakeOrderedFinite(bytes, head);
}

}  // namespace strongroom::scalars
