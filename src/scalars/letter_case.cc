#include "scalars/letter_case.h"

#include <locale.h>
#include <wctype.h>

#include <algorithm>

#include "cel/lib/utf8.h"

namespace strongroom::scalars {
namespace {

// glibc's C.UTF-8 has Unicode's tables and nobody's customs. Without it, ASCII alone is known.
locale_t Unicode() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

template <typename Map>
std::string Mapped(std::string_view text, Map map) {
  std::string mapped;
  mapped.reserve(text.size());
  while (!text.empty()) {
    cel::AppendUtf8(mapped, map(cel::FirstCodePoint(text)));
    text.remove_prefix(std::min(cel::Utf8Length(text[0]), text.size()));
  }
  return mapped;
}

bool IsAscii(char32_t c, char32_t first, char32_t last) { return c >= first && c <= last; }

}  // namespace

char32_t ToUpper(char32_t c) {
  if (c < 0x80 || Unicode() == nullptr) return IsAscii(c, 'a', 'z') ? c - 'a' + 'A' : c;
  return static_cast<char32_t>(towupper_l(static_cast<wint_t>(c), Unicode()));
}

char32_t ToLower(char32_t c) {
  if (c < 0x80 || Unicode() == nullptr) return IsAscii(c, 'A', 'Z') ? c - 'A' + 'a' : c;
  return static_cast<char32_t>(towlower_l(static_cast<wint_t>(c), Unicode()));
}

bool IsLetterOrDigit(char32_t c) {
  if (c < 0x80 || Unicode() == nullptr)
    return IsAscii(c, '0', '9') || IsAscii(c, 'a', 'z') || IsAscii(c, 'A', 'Z');
  return iswalnum_l(static_cast<wint_t>(c), Unicode()) != 0;
}

std::string ToUpper(std::string_view text) {
  return Mapped(text, [](char32_t c) { return ToUpper(c); });
}

std::string ToLower(std::string_view text) {
  return Mapped(text, [](char32_t c) { return ToLower(c); });
}

std::string ToTitleWords(std::string_view text) {
  bool inside = false;
  return Mapped(text, [&inside](char32_t c) {
    const char32_t mapped = inside ? c : ToUpper(c);
    // Beyond ASCII only white space ends a word.
    inside = IsLetterOrDigit(c) || c == '_' || (c >= 0x80 && !cel::IsSpace(c));
    return mapped;
  });
}

bool EqualFold(std::string_view a, std::string_view b) {
  const auto fold = [](char32_t c) { return ToLower(ToUpper(c)); };
  return Mapped(a, fold) == Mapped(b, fold);
}

}  // namespace strongroom::scalars
