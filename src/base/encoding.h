// Hexadecimal, base64 and base64url. Decoding is strict: one spelling for every value.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace strongroom::base {

// 0-15, or -1 for a character that is not a hexadecimal digit.
int HexDigit(char c);
std::string EncodeHex(std::string_view bytes);         // lower case
Result<std::string> DecodeHex(std::string_view text);  // either case

// rfc4648 4, with padding.
std::string EncodeBase64(std::string_view bytes);
Result<std::string> DecodeBase64(std::string_view text);
// rfc4648 5, without padding. Refuses padding, white space, and unused bits that are not zero
// (security 1.4).
std::string EncodeBase64Url(std::string_view bytes);
Result<std::string> DecodeBase64Url(std::string_view text);

inline std::string_view AsChars(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline std::span<const std::uint8_t> AsBytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// True for well-formed UTF-8 (rfc3629), without overlong forms and surrogates.
bool IsUtf8(std::string_view text);

}  // namespace strongroom::base
