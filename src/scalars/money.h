// An amount of one currency. Arithmetic across currencies is an error, never a conversion.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "scalars/decimal.h"

namespace strongroom::scalars {

// Three upper-case letters, as ISO 4217 spells them; whether the code is assigned is not checked.
// Two bytes; ordered alphabetically. Default: `XXX`, the code for "no currency".
class Currency {
 public:
  constexpr Currency() = default;
  std::string ToString() const;
  auto operator<=>(const Currency&) const = default;
  // 0-17575 in alphabetical order; a stable key for storage.
  std::uint16_t Number() const { return number_; }
  static base::Result<Currency> FromNumber(std::uint16_t number);

 private:
  friend base::Result<Currency> ParseCurrency(std::string_view text);
  constexpr explicit Currency(std::uint16_t number) : number_(number) {}
  std::uint16_t number_ = 26 * 26 * 26 - 1 - 2 * (26 * 26 + 26 + 1);  // XXX
};

// kBadRequest unless `text` is three letters A-Z.
base::Result<Currency> ParseCurrency(std::string_view text);

struct Money {
  Decimal units;
  Currency currency;

  // `118.45 USD`.
  std::string ToString() const;
  // Equal when the currencies are the same and the units are equal by value.
  friend bool operator==(const Money& a, const Money& b) {
    return a.currency == b.currency && a.units == b.units;
  }
};

// Reads what ToString prints. kBadRequest.
base::Result<Money> ParseMoney(std::string_view text);

// Exact (see Add of decimals). kBadRequest when the currencies differ.
base::Result<Money> Add(const Money& a, const Money& b);
base::Result<Money> Sub(const Money& a, const Money& b);
base::Result<std::weak_ordering> Compare(const Money& a, const Money& b);
// Exact.
base::Result<Money> Mul(const Money& a, const Decimal& factor);
// 34 digits, half to even.
base::Result<Money> Div(const Money& a, const Decimal& divisor);

}  // namespace strongroom::scalars
