// Upper and lower case of Unicode letters, one code point for one, whatever the process's locale.
#pragma once

#include <string>
#include <string_view>

namespace strongroom::scalars {

char32_t ToUpper(char32_t c);
char32_t ToLower(char32_t c);
bool IsLetterOrDigit(char32_t c);

// Of well-formed UTF-8.
std::string ToUpper(std::string_view text);
std::string ToLower(std::string_view text);
// With the first letter of every word in upper case.
std::string ToTitleWords(std::string_view text);
// Equal when case does not count.
bool EqualFold(std::string_view a, std::string_view b);

}  // namespace strongroom::scalars
