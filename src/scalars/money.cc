#include "scalars/money.h"

#include <fmt/format.h>

#include <algorithm>

#include "scalars/decimal_math.h"

namespace strongroom::scalars {

using base::ErrorCode;
using base::MakeError;
using base::Result;

namespace {

constexpr std::uint16_t kCodes = 26 * 26 * 26;

base::Status SameCurrency(const Money& a, const Money& b) {
  if (a.currency == b.currency) return {};
  return MakeError(ErrorCode::kBadRequest,
                   fmt::format("expected two amounts of one currency, received {} and {}",
                               a.currency.ToString(), b.currency.ToString()),
                   "convert one of the amounts first");
}

Result<Money> Of(Result<Decimal> units, Currency currency) {
  if (!units.ok()) return std::move(units).error();
  return Money{*units, currency};
}

}  // namespace

std::string Currency::ToString() const {
  const auto letter = [](int index) { return static_cast<char>('A' + index); };
  return {letter(number_ / (26 * 26)), letter(number_ / 26 % 26), letter(number_ % 26)};
}

Result<Currency> Currency::FromNumber(std::uint16_t number) {
  if (number < kCodes) return Currency(number);
  return MakeError(ErrorCode::kInternalServerError, "a stored currency is damaged");
}

Result<Currency> ParseCurrency(std::string_view text) {
  const auto is_letter = [](char c) { return c >= 'A' && c <= 'Z'; };
  if (text.size() != 3 || !std::ranges::all_of(text, is_letter))
    return MakeError(ErrorCode::kBadRequest,
                     fmt::format("`{}` is not a currency code", text.substr(0, 16)),
                     "a currency is three upper-case letters, such as USD");
  int number = 0;
  for (const char c : text) number = number * 26 + (c - 'A');
  return Currency(static_cast<std::uint16_t>(number));
}

std::string Money::ToString() const { return units.ToString() + " " + currency.ToString(); }

Result<Money> ParseMoney(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos)
    return MakeError(ErrorCode::kBadRequest,
                     fmt::format("`{}` is not an amount of money", text.substr(0, 48)),
                     "an amount is written as 118.45 USD");
  STRONGROOM_ASSIGN(const Decimal units, ParseDecimal(text.substr(0, space)));
  STRONGROOM_ASSIGN(const Currency currency, ParseCurrency(text.substr(space + 1)));
  return Money{units, currency};
}

Result<Money> Add(const Money& a, const Money& b) {
  STRONGROOM_TRY(SameCurrency(a, b));
  return Of(Add(a.units, b.units), a.currency);
}

Result<Money> Sub(const Money& a, const Money& b) {
  STRONGROOM_TRY(SameCurrency(a, b));
  return Of(Sub(a.units, b.units), a.currency);
}

Result<std::weak_ordering> Compare(const Money& a, const Money& b) {
  STRONGROOM_TRY(SameCurrency(a, b));
  return a.units <=> b.units;
}

Result<Money> Mul(const Money& a, const Decimal& factor) {
  return Of(Mul(a.units, factor), a.currency);
}

Result<Money> Div(const Money& a, const Decimal& divisor) {
  return Of(Quo(a.units, divisor), a.currency);
}

}  // namespace strongroom::scalars
