#include "scalars/format_locales.h"

#include <algorithm>

namespace strongroom::scalars {

namespace {

#define NBSP "\u00A0"
#define NNBSP "\u202F"

// What a locale shows unless it has its own.
constexpr CurrencySymbol kRoot[] = {
    {"AUD", "A$"},   {"BRL", "R$"},  {"CAD", "CA$"},  {"CNY", "CN¥"}, {"EUR", "€"},
    {"GBP", "£"},    {"HKD", "HK$"}, {"ILS", "₪"},    {"INR", "₹"},   {"JPY", "JP¥"},
    {"KRW", "₩"},    {"MXN", "MX$"}, {"NZD", "NZ$"},  {"PHP", "₱"},   {"TWD", "NT$"},
    {"USD", "US$"},  {"VND", "₫"},   {"XAF", "FCFA"}, {"XCD", "EC$"}, {"XOF", "F" NNBSP "CFA"},
    {"XPF", "CFPF"},
};

constexpr CurrencySymbol kEnUs[] = {{"USD", "$"}, {"JPY", "¥"}};
constexpr CurrencySymbol kEnCa[] = {{"CAD", "$"}, {"JPY", "JP¥"}};
constexpr CurrencySymbol kEnIn[] = {{"USD", "$"}};
constexpr CurrencySymbol kDe[] = {{"USD", "$"}, {"AUD", "AU$"}, {"JPY", "¥"}, {"XPF", "CFPF"}};
constexpr CurrencySymbol kFr[] = {{"USD", "$US"}, {"CAD", "$CA"}, {"AUD", "$AU"}, {"GBP", "£GB"},
                                  {"HKD", "$HK"}, {"MXN", "$MX"}, {"NZD", "$NZ"}, {"JPY", "JPY"},
                                  {"CNY", "CNY"}, {"TWD", "TWD"}, {"ARS", "$AR"}, {"CLP", "$CL"},
                                  {"COP", "$CO"}};
constexpr CurrencySymbol kFrCa[] = {
    {"CAD", "$"}, {"USD", "$" NBSP "US"}, {"AUD", "$" NBSP "AU"}, {"JPY", "¥"}};
constexpr CurrencySymbol kEs[] = {{"JPY", "JPY"}, {"CNY", "CNY"}, {"CAD", "CAD"}, {"AUD", "AUD"},
                                  {"MXN", "MXN"}, {"GBP", "GBP"}, {"INR", "INR"}, {"BRL", "BRL"}};
constexpr CurrencySymbol kEsCo[] = {{"COP", "$"}};
constexpr CurrencySymbol kEsMx[] = {{"MXN", "$"}, {"USD", "USD"}, {"EUR", "EUR"}, {"JPY", "JPY"}};
constexpr CurrencySymbol kIt[] = {{"USD", "USD"}, {"JPY", "JPY"}, {"CNY", "CN¥"}, {"BRL", "BRL"}};
constexpr CurrencySymbol kSv[] = {{"SEK", "kr"}, {"JPY", "JPY"}};
constexpr CurrencySymbol kDa[] = {{"DKK", "kr."}, {"USD", "$"}};
constexpr CurrencySymbol kPl[] = {{"PLN", "zł"}, {"USD", "USD"}, {"JPY", "JPY"}};
constexpr CurrencySymbol kRu[] = {{"RUB", "₽"}, {"USD", "$"}, {"UAH", "₴"}, {"JPY", "¥"}};
constexpr CurrencySymbol kTr[] = {{"TRY", "₺"}, {"USD", "$"}};
constexpr CurrencySymbol kJa[] = {{"JPY", "￥"}, {"USD", "$"}, {"CNY", "元"}};
constexpr CurrencySymbol kZhCn[] = {{"CNY", "¥"}};
constexpr CurrencySymbol kZhTw[] = {{"TWD", "$"}, {"JPY", "¥"}};
constexpr CurrencySymbol kHi[] = {{"USD", "$"}};
constexpr CurrencySymbol kTh[] = {{"THB", "฿"}};
constexpr CurrencySymbol kId[] = {{"IDR", "Rp"}, {"INR", "Rs"}};
constexpr CurrencySymbol kCh[] = {{"USD", "$"}, {"AUD", "AU$"}, {"JPY", "¥"}};

constexpr LocaleFormat kLocales[] = {
    {.name = "en-US", .symbols = kEnUs},
    {.name = "en-GB"},
    {.name = "en-CA", .symbols = kEnCa},
    {.name = "en-IN", .further_groups = 2, .symbols = kEnIn},
    {.name = "de-DE",
     .symbol_first = false,
     .spaced = true,
     .decimal_mark = ",",
     .group_mark = ".",
     .symbols = kDe},
    {.name = "de-AT", .spaced = true, .decimal_mark = ",", .group_mark = NBSP, .symbols = kDe},
    {.name = "de-CH",
     .spaced = true,
     .group_mark = "’",
     .minus_after_symbol = true,
     .symbols = kCh},
    {.name = "fr-FR",
     .symbol_first = false,
     .spaced = true,
     .decimal_mark = ",",
     .group_mark = NNBSP,
     .symbols = kFr},
    {.name = "fr-CA",
     .symbol_first = false,
     .spaced = true,
     .decimal_mark = ",",
     .group_mark = NBSP,
     .symbols = kFrCa},
    {.name = "es-ES",
     .symbol_first = false,
     .spaced = true,
     .decimal_mark = ",",
     .group_mark = ".",
     .grouped_from_digits = 5,
     .symbols = kEs},
    {.name = "es-CO", .spaced = true, .decimal_mark = ",", .group_mark = ".", .symbols = kEsCo},
    {.name = "es-MX", .symbols = kEsMx},
    {.name = "it-IT",
     .symbol_first = false,
     .spaced = true,
     .decimal_mark = ",",
     .group_mark = ".",
     .symbols = kIt},
    {.name = "pt-BR", .spaced = true, .decimal_mark = ",", .group_mark = "."},
    {.name = "nl-NL",
     .spaced = true,
     .decimal_mark = ",",
     .group_mark = ".",
     .minus_after_symbol = true},
    {.name = "sv-SE",
     .symbol_first = false,
     .spaced = true,
     .decimal_mark = ",",
     .group_mark = NBSP,
     .minus = "−",
     .symbols = kSv},
    {.name = "da-DK",
     .symbol_first = false,
     .spaced = true,
     .decimal_mark = ",",
     .group_mark = ".",
     .symbols = kDa},
    {.name = "pl-PL",
     .symbol_first = false,
     .spaced = true,
     .decimal_mark = ",",
     .group_mark = NBSP,
     .grouped_from_digits = 5,
     .symbols = kPl},
    {.name = "ru-RU",
     .symbol_first = false,
     .spaced = true,
     .decimal_mark = ",",
     .group_mark = NBSP,
     .symbols = kRu},
    {.name = "tr-TR", .decimal_mark = ",", .group_mark = ".", .symbols = kTr},
    {.name = "ja-JP", .symbols = kJa},
    {.name = "ko-KR"},
    {.name = "zh-CN", .symbols = kZhCn},
    {.name = "zh-TW", .symbols = kZhTw},
    {.name = "hi-IN", .further_groups = 2, .symbols = kHi},
    {.name = "ar-AE", .spaced = true},
    {.name = "th-TH", .symbols = kTh},
    {.name = "vi-VN",
     .symbol_first = false,
     .spaced = true,
     .decimal_mark = ",",
     .group_mark = "."},
    {.name = "id-ID", .spaced = true, .decimal_mark = ",", .group_mark = ".", .symbols = kId},
};

#undef NBSP
#undef NNBSP

char Fold(char c) { return c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool SameName(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, Fold, Fold);
}

std::string_view Language(std::string_view name) {
  return name.substr(0, name.find_first_of("-_"));
}

}  // namespace

std::span<const LocaleFormat> LocaleFormats() { return kLocales; }

const LocaleFormat& FindLocale(std::string_view name) {
  for (const LocaleFormat& locale : kLocales)
    if (SameName(locale.name, name)) return locale;
  for (const LocaleFormat& locale : kLocales)
    if (SameName(Language(locale.name), Language(name))) return locale;
  return kLocales[0];
}

std::string_view SymbolOf(const LocaleFormat& locale, std::string_view code) {
  for (const auto symbols : {locale.symbols, std::span<const CurrencySymbol>(kRoot)})
    for (const CurrencySymbol& symbol : symbols)
      if (symbol.code == code) return symbol.symbol == code ? std::string_view() : symbol.symbol;
  return {};
}

}  // namespace strongroom::scalars
