#include "scalars/money.h"

#include <gtest/gtest.h>

#include "scalars/decimal_samples.h"
#include "scalars/format.h"
#include "scalars/format_locales.h"

namespace strongroom::scalars {
namespace {

using base::ErrorCode;

Money M(std::string_view text) { return ParseMoney(text).value(); }

TEST(Currency, IsThreeUpperCaseLetters) {
  for (const char* code : {"USD", "AAA", "ZZZ", "XXX", "JPY"})
    EXPECT_EQ(ParseCurrency(code).value().ToString(), code);
  for (const char* bad : {"", "US", "USDC", "usd", "U5D", "US ", "ÜSD"})
    EXPECT_EQ(ParseCurrency(bad).error().code, ErrorCode::kBadRequest) << bad;
  EXPECT_EQ(Currency().ToString(), "XXX");
  EXPECT_LT(ParseCurrency("EUR").value(), ParseCurrency("USD").value());
  EXPECT_EQ(Currency::FromNumber(ParseCurrency("USD").value().Number()).value().ToString(), "USD");
  EXPECT_FALSE(Currency::FromNumber(17576).ok());
}

TEST(Money, KeepsScaleAndCurrency) {
  EXPECT_EQ(M("118.450 USD").ToString(), "118.450 USD");
  EXPECT_EQ(Add(M("100 USD"), M("18.45 USD")).value().ToString(), "118.45 USD");
  EXPECT_EQ(Sub(M("11.33 USD"), M("11.33 USD")).value().ToString(), "0.00 USD");
  EXPECT_EQ(Mul(M("10.50 USD"), D("0.5")).value().ToString(), "5.250 USD");
  EXPECT_EQ(Div(M("10 USD"), D("4")).value().ToString(), "2.5 USD");
  EXPECT_FALSE(Div(M("10 USD"), D("0")).ok());
  EXPECT_EQ(M("1.0 USD"), M("1.00 USD"));
  EXPECT_FALSE(M("1.0 USD") == M("1.0 EUR"));
  EXPECT_EQ(Compare(M("1 USD"), M("1.01 USD")).value(), std::weak_ordering::less);
  for (const char* bad : {"", "1", "1USD", "1 usd", "x USD", "1  USD", "1 USD "})
    EXPECT_FALSE(ParseMoney(bad).ok()) << bad;
}

TEST(Money, NeverMixesCurrencies) {
  const auto sum = Add(M("1 USD"), M("1 EUR"));
  ASSERT_FALSE(sum.ok());
  EXPECT_EQ(sum.error().message, "expected two amounts of one currency, received USD and EUR");
  EXPECT_FALSE(Sub(M("1 USD"), M("1 EUR")).ok());
  EXPECT_FALSE(Compare(M("1 USD"), M("1 EUR")).ok());
}

std::string Format(std::string_view money, const MoneyFormat& format = {}) {
  const auto text = FormatMoney(M(money), format);
  return text.ok() ? *text : "error: " + text.error().message;
}

TEST(MoneyFormat, DefaultsAreAmericanWithoutGroups) {  // behaviour §4
  EXPECT_EQ(Format("118.45 USD"), "$118.45");
  EXPECT_EQ(Format("100 USD"), "$100.00");
  EXPECT_EQ(Format("9.123456789 USD"), "$9.123457");
  EXPECT_EQ(Format("12345.6 USD"), "$12345.60");
  EXPECT_EQ(Format("-9 USD"), "-$9.00");
  EXPECT_EQ(Format("9.5000000 USD"), "$9.50");
  EXPECT_EQ(Format("inf USD"), "$∞");
}

TEST(MoneyFormat, TakesDigitsFromTheCurrency) {
  EXPECT_EQ(Format("9 JOD"), "JOD\u00A09.000");
  EXPECT_EQ(Format("9 UGX"), "UGX\u00A09");
  EXPECT_EQ(Format("9 JPY"), "¥9");
  EXPECT_EQ(Format("9 USD", {.max_digits = 0}), "$9");
  EXPECT_EQ(Format("9 USD", {.min_digits = 4}), "$9.0000");
  EXPECT_EQ(Format("9 USD", {.min_digits = 0}), "$9");
  EXPECT_EQ(Format("9.123 USD", {.min_digits = 4, .max_digits = 1}), "$9.1");
}

TEST(MoneyFormat, RoundsAsTheTableSays) {  // behaviour §4
  struct Row {
    const char* money;
    Rounding mode;
    const char* expected;
  };
  const Row rows[] = {
      {"9.005 USD", Rounding::kDown, "$9.00"}, {"9.005 USD", Rounding::kHalfDown, "$9.00"},
      {"9.005 USD", Rounding::kUp, "$9.01"},   {"9.005 USD", Rounding::kHalfUp, "$9.01"},
      {"9.006 USD", Rounding::kDown, "$9.00"}, {"9.006 USD", Rounding::kHalfDown, "$9.01"},
      {"9.006 USD", Rounding::kUp, "$9.01"},   {"9.006 USD", Rounding::kHalfUp, "$9.01"},
  };
  for (const Row& row : rows)
    EXPECT_EQ(Format(row.money, {.rounding = row.mode, .max_digits = 2}), row.expected)
        << row.money;
}

TEST(MoneyFormat, DisplaysSymbolCodeOrNothing) {
  EXPECT_EQ(Format("12345.67 USD", {.currency_display = CurrencyDisplay::kCode}),
            "USD\u00A012345.67");
  EXPECT_EQ(Format("12345.67 USD", {.currency_display = CurrencyDisplay::kNone}), "12345.67");
  EXPECT_EQ(Format("9 USD", {.add_plus_sign = true}), "+$9.00");
  EXPECT_EQ(Format("0 USD", {.add_plus_sign = true}), "$0.00");
  EXPECT_EQ(Format("-9 USD", {.add_plus_sign = true}), "-$9.00");
}

TEST(MoneyFormat, FollowsTheLocaleSamples) {  // behaviour §4
  const char* const usd = "123456789.123456789 USD";
  const std::pair<const char*, const char*> plain[] = {
      {"en-US", "$123456789.123457"},         {"zh-CN", "US$123456789.123457"},
      {"es-CO", "US$\u00A0123456789,123457"}, {"fr-FR", "123456789,123457\u00A0$US"},
      {"de-DE", "123456789,123457\u00A0$"},   {"hi-IN", "$123456789.123457"},
      {"ja-JP", "$123456789.123457"},         {"ar-AE", "US$\u00A0123456789.123457"},
      {"en-GB", "US$123456789.123457"},
  };
  for (const auto& [locale, text] : plain) EXPECT_EQ(Format(usd, {.locale = locale}), text);
  const std::pair<const char*, const char*> grouped[] = {
      {"en-US", "$123,456,789.123457"},         {"hi-IN", "$12,34,56,789.123457"},
      {"es-CO", "US$\u00A0123.456.789,123457"}, {"fr-FR", "123\u202F456\u202F789,123457\u00A0$US"},
      {"de-DE", "123.456.789,123457\u00A0$"},
  };
  for (const auto& [locale, text] : grouped)
    EXPECT_EQ(Format(usd, {.locale = locale, .group_digits = true}), text);
  const std::pair<const char*, const char*> euro[] = {
      {"en-US", "€9.50"},       {"en-GB", "€9.50"},       {"zh-CN", "€9.50"},
      {"fr-FR", "9,50\u00A0€"}, {"de-DE", "9,50\u00A0€"}, {"es-CO", "€\u00A09,50"},
  };
  for (const auto& [locale, text] : euro) EXPECT_EQ(Format("9.5 EUR", {.locale = locale}), text);
}

TEST(MoneyFormat, FallsBackToLanguageThenAmerican) {
  EXPECT_EQ(Format("9 EUR", {.locale = "de-LU"}), "9,00\u00A0€");
  EXPECT_EQ(Format("9 EUR", {.locale = "DE_de"}), "9,00\u00A0€");
  EXPECT_EQ(Format("9 USD", {.locale = "xx-YY"}), "$9.00");
  EXPECT_EQ(Format("9 USD", {.locale = ""}), "$9.00");
  EXPECT_EQ(Format("-9 EUR", {.locale = "nl-NL"}), "€\u00A0-9,00");
  EXPECT_EQ(Format("1234 EUR", {.locale = "es-ES", .group_digits = true}), "1234,00\u00A0€");
  EXPECT_EQ(Format("12345 EUR", {.locale = "es-ES", .group_digits = true}), "12.345,00\u00A0€");
}

TEST(MoneyFormat, RefusesDigitsOutOfRange) {
  EXPECT_EQ(Format("9 USD", {.max_digits = 21}),
            "error: expected 0 to 20 digits after the point, received 21");
  EXPECT_EQ(Format("9 USD", {.min_digits = -1}),
            "error: expected 0 to 20 digits after the point, received -1");
  EXPECT_FALSE(FormatMoney(M("1E+40 USD")).ok());
}

TEST(MoneyFormat, EveryLocaleIsFoundByItsName) {
  for (const LocaleFormat& locale : LocaleFormats())
    EXPECT_EQ(&FindLocale(locale.name), &locale) << locale.name;
}

}  // namespace
}  // namespace strongroom::scalars
