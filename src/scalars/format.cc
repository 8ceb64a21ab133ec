#include "scalars/format.h"

#include <fmt/format.h>

#include <algorithm>

#include "scalars/format_locales.h"

namespace strongroom::scalars {

using base::ErrorCode;
using base::MakeError;
using base::Result;

namespace {

constexpr int kDigitsAfterPointMax = 20;
constexpr std::string_view kNoBreakSpace = "\u00A0";

// Minor digits other than 2, ISO 4217.
constexpr std::string_view kWithoutMinorUnit[] = {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY",
                                                  "KMF", "KRW", "PYG", "RWF", "UGX", "UYI",
                                                  "VND", "VUV", "XAF", "XOF", "XPF"};
constexpr std::string_view kWithThreeDigits[] = {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"};
constexpr std::string_view kWithFourDigits[] = {"CLF", "UYW"};

struct DigitRange {
  int min = 0;
  int max = 0;
};

Result<DigitRange> DigitsAsked(const Money& money, const MoneyFormat& format) {
  const bool own = format.min_digits == kCurrencyMinorDigits;
  const int min = own ? MinorDigits(money.currency) : format.min_digits;
  for (const int digits : {min, format.max_digits})
    if (digits < 0 || digits > kDigitsAfterPointMax)
      return MakeError(ErrorCode::kBadRequest,
                       fmt::format("expected 0 to 20 digits after the point, received {}", digits));
  return DigitRange{std::min(min, format.max_digits), format.max_digits};
}

std::string Grouped(std::string_view digits, const LocaleFormat& locale) {
  if (static_cast<int>(digits.size()) < locale.grouped_from_digits) return std::string(digits);
  std::string text(digits);
  auto size = static_cast<std::size_t>(locale.group);
  for (std::size_t at = text.size(); at > size;) {
    at -= size;
    text.insert(at, locale.group_mark);
    size = static_cast<std::size_t>(locale.further_groups);
  }
  return text;
}

// The absolute value with the marks of the locale.
Result<std::string> Number(const Decimal& units, const DigitRange& digits,
                           const LocaleFormat& locale, const MoneyFormat& format) {
  if (!units.IsFinite()) return std::string("∞");
  STRONGROOM_ASSIGN(const Decimal rounded, RoundToPlaces(units, digits.max, format.rounding));
  if (rounded.Exponent() > 0)
    return MakeError(ErrorCode::kLimitExceeded, "the amount is too large to be formatted");
  const std::string text = rounded.Absolute().ToString();
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string whole = text.substr(0, point);
  std::string minor = point < text.size() ? text.substr(point + 1) : "";
  const auto min = static_cast<std::size_t>(digits.min);
  while (minor.size() > min && minor.back() == '0') minor.pop_back();
  if (minor.size() < min) minor.append(min - minor.size(), '0');
  if (format.group_digits) whole = Grouped(whole, locale);
  return minor.empty() ? whole : whole + std::string(locale.decimal_mark) + minor;
}

std::string_view Display(const LocaleFormat& locale, std::string_view code,
                         CurrencyDisplay display) {
  if (display == CurrencyDisplay::kNone) return {};
  const std::string_view symbol =
      display == CurrencyDisplay::kSymbol ? SymbolOf(locale, code) : std::string_view();
  return symbol.empty() ? code : symbol;
}

// A letter next to a digit needs
// a space (CLDR, currency spacing).
bool IsLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

}  // namespace

int MinorDigits(Currency currency) {
  const std::string code = currency.ToString();
  if (std::ranges::find(kWithoutMinorUnit, code) != std::end(kWithoutMinorUnit)) return 0;
  if (std::ranges::find(kWithThreeDigits, code) != std::end(kWithThreeDigits)) return 3;
  return std::ranges::find(kWithFourDigits, code) != std::end(kWithFourDigits) ? 4 : 2;
}

Result<std::string> FormatMoney(const Money& money, const MoneyFormat& format) {
  const LocaleFormat& locale = FindLocale(format.locale);
  STRONGROOM_ASSIGN(const DigitRange digits, DigitsAsked(money, format));
  STRONGROOM_ASSIGN(const std::string number, Number(money.units, digits, locale, format));
  const std::string code = money.currency.ToString();
  const std::string_view symbol = Display(locale, code, format.currency_display);
  const std::string_view sign = money.units.IsNegative() ? locale.minus
                                : format.add_plus_sign && money.units.Sign() > 0
                                    ? std::string_view("+")
                                    : std::string_view();
  if (symbol.empty()) return fmt::format("{}{}", sign, number);
  const bool letter = IsLetter(locale.symbol_first ? symbol.back() : symbol.front());
  const std::string_view space = locale.spaced || letter ? kNoBreakSpace : std::string_view();
  if (!locale.symbol_first) return fmt::format("{}{}{}{}", sign, number, space, symbol);
  if (locale.minus_after_symbol && money.units.IsNegative())
    return fmt::format("{}{}{}{}", symbol, space, sign, number);
  return fmt::format("{}{}{}{}", sign, symbol, space, number);
}

}  // namespace strongroom::scalars
