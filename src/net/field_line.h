// Characters and lines of HTTP messages (rfc9110 5, rfc9112 5), read strictly.
#pragma once

#include <optional>
#include <string_view>

#include "net/message.h"

namespace strongroom::net {

bool IsToken(std::string_view text);
// No control characters but tab, no white space at the ends.
bool IsFieldValue(std::string_view text);
// "name: value" without its line end; the name in the case received, white space around the value
// cut off. Nothing for anything else: white space before the colon, a folded line, control
// characters.
std::optional<HeaderView> ParseFieldLine(std::string_view line);
bool EqualsIgnoringCase(std::string_view a, std::string_view lower_case);
// A decimal number of at most 18 digits and nothing else.
std::optional<std::uint64_t> ParseDecimal(std::string_view text);

// What stands in a request line and in HTTP/2's pseudo headers.
bool IsMethod(std::string_view text);     // upper-case letters and '-', at most 32
bool IsTarget(std::string_view text);     // '/' and visible ASCII without '#', or "*"
bool IsAuthority(std::string_view text);  // host[:port], nothing of a user

}  // namespace strongroom::net
