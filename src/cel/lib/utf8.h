// Well-formed UTF-8 counted in code points, as the language counts it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace strongroom::cel {

// The bytes of the code point that starts with `lead`.
constexpr std::size_t Utf8Length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

std::size_t CountCodePoints(std::string_view text);
// Where code point `index` starts; the end of the text for their count; nothing beyond that or
// below 0.
std::optional<std::size_t> OffsetOfCodePoint(std::string_view text, std::int64_t index);
// The first code point of a text that is not empty.
char32_t FirstCodePoint(std::string_view text);
void AppendUtf8(std::string& out, char32_t code_point);
// Unicode's White_Space.
bool IsSpace(char32_t code_point);
std::string_view TrimSpace(std::string_view text);

}  // namespace strongroom::cel
