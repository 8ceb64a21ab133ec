#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/limits.h"
#include "scalars/decimal.h"
#include "scalars/decimal_digits.h"

namespace strongroom::scalars {
namespace {

using base::ErrorCode;
using base::MakeError;
using base::Result;

constexpr int kPlainScaleMax = 64;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  return std::ranges::equal(
      text, lower, [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
}

base::Error NotADecimal(std::string_view text) {
  constexpr std::size_t kShownMax = 48;
  const std::string shown(text.substr(0, kShownMax));
  return MakeError(
      ErrorCode::kBadRequest,
      fmt::format("`{}{}` is not a decimal", shown, text.size() > kShownMax ? "…" : ""),
      "a decimal is written as -123.45 and has at most 34 significant digits");
}

// The digits before and after the point; what follows them stays in `text`.
struct Digits {
  Uint128 value = 0;
  int significant = 0;  // digits from the first that is not zero
  int seen = 0;
  int after_point = 0;
};

Digits TakeDigits(std::string_view& text) {
  Digits digits;
  bool point = false;
  std::size_t at = 0;
  for (; at < text.size() && (IsDigit(text[at]) || (text[at] == '.' && !point)); ++at) {
    if (text[at] == '.') {
      point = true;
      continue;
    }
    ++digits.seen;
    if (point) ++digits.after_point;
    if (digits.significant > 0 || text[at] != '0') ++digits.significant;
    if (digits.significant <= kDecimalDigitsMax)
      digits.value = digits.value * 10 + static_cast<unsigned>(text[at] - '0');
  }
  text.remove_prefix(at);
  return digits;
}

// `e-7` up to the end of the text; nothing means 0.
std::optional<std::int32_t> ReadExponent(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() != 'e' && text.front() != 'E') return std::nullopt;
  text.remove_prefix(1);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || text.size() > 5 || !std::ranges::all_of(text, IsDigit)) return std::nullopt;
  std::int32_t value = 0;
  for (const char c : text) value = value * 10 + (c - '0');
  return negative ? -value : value;
}

std::string DigitsOf(Uint128 magnitude) {
  constexpr std::uint64_t kHalf = 10'000'000'000'000'000'000U;
  if (magnitude < kHalf) return fmt::format_int(static_cast<std::uint64_t>(magnitude)).str();
  return fmt::format("{}{:019}", static_cast<std::uint64_t>(magnitude / kHalf),
                     static_cast<std::uint64_t>(magnitude % kHalf));
}

}  // namespace

std::string Decimal::ToString() const {
  if (!IsFinite()) return kind_ == Kind::kPositiveInfinity ? "Infinity" : "-Infinity";
  std::string text = DigitsOf(Magnitude(coefficient_));
  if (exponent_ > 0 || exponent_ < -kPlainScaleMax) {
    const int adjusted = exponent_ + static_cast<int>(text.size()) - 1;
    if (text.size() > 1) text.insert(1, 1, '.');
    text += fmt::format("E{:+}", adjusted);
  } else if (exponent_ < 0) {
    const auto scale = static_cast<std::size_t>(-exponent_);
    if (text.size() <= scale) text.insert(0, scale + 1 - text.size(), '0');
    text.insert(text.size() - scale, 1, '.');
  }
  if (coefficient_ < 0) text.insert(0, 1, '-');
  return text;
}

Result<Decimal> ParseDecimal(std::string_view text) {
  if (text.size() > base::limits::kDecimalTextBytesMax) return NotADecimal(text);
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (EqualsIgnoringCase(rest, "inf") || EqualsIgnoringCase(rest, "infinity"))
    return Decimal::Infinity(negative);
  const Digits digits = TakeDigits(rest);
  const std::optional<std::int32_t> exponent = ReadExponent(rest);
  if (digits.seen == 0 || digits.significant > kDecimalDigitsMax || !exponent)
    return NotADecimal(text);
  auto value = Decimal::Of(WithSign(digits.value, negative), *exponent - digits.after_point);
  if (!value.ok()) return NotADecimal(text);
  return value;
}

}  // namespace strongroom::scalars
