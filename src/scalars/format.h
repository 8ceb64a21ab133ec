// Money as people read it: MoneyFormatInput (behaviour §4). Symbols, separators and patterns come
// from the table in format_locales.cc; a locale that is not there falls back to its language, then
// to en-US. docs/reference/money-formats.md lists the table.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "scalars/decimal_math.h"
#include "scalars/money.h"

namespace strongroom::scalars {

enum class CurrencyDisplay { kSymbol, kCode, kNone };

inline constexpr int kCurrencyMinorDigits = 255;  // as minDigits: the currency's own number

struct MoneyFormat {
  std::string_view locale = "en-US";  // BCP 47; not kept
  bool group_digits = false;
  bool add_plus_sign = false;
  Rounding rounding = Rounding::kHalfUp;
  CurrencyDisplay currency_display = CurrencyDisplay::kSymbol;
  int min_digits = kCurrencyMinorDigits;  // after the point; 0-20, or kCurrencyMinorDigits
  int max_digits = 6;                     // after the point; 0-20; wins over min_digits
};

// UTF-8. kBadRequest for digits out of range; kLimitExceeded when the digits asked for do not fit
// the 34 of a decimal.
base::Result<std::string> FormatMoney(const Money& money, const MoneyFormat& format = {});

// Digits of the currency's minor unit: USD 2, JPY 0, JOD 3 (ISO 4217; 2 for codes unknown).
int MinorDigits(Currency currency);

}  // namespace strongroom::scalars
