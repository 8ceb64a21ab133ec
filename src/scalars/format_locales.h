// What format.cc knows of each locale, as CLDR has it.
#pragma once

#include <span>
#include <string_view>

namespace strongroom::scalars {

struct CurrencySymbol {
  std::string_view code;
  std::string_view symbol;  // the code itself where the locale shows that
};

struct LocaleFormat {
  std::string_view name;  // BCP 47; the first of a language serves that language
  bool symbol_first = true;
  bool spaced = false;  // U+00A0 between symbol and number
  std::string_view decimal_mark = ".";
  std::string_view group_mark = ",";
  int group = 3;                // digits of the last group
  int further_groups = 3;       // digits of the groups before it
  int grouped_from_digits = 4;  // 5: 1234 stays ungrouped
  bool minus_after_symbol = false;
  std::string_view minus = "-";
  std::span<const CurrencySymbol> symbols = {};  // those that differ from the root's
};

std::span<const LocaleFormat> LocaleFormats();
// The locale of that name, the first of its language, or en-US. Names compare without case, and
// `_` counts as `-`.
const LocaleFormat& FindLocale(std::string_view name);
// Empty when the locale shows the code.
std::string_view SymbolOf(const LocaleFormat& locale, std::string_view code);

}  // namespace strongroom::scalars
