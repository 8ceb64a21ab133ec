// Regular expressions: RE2, whose time is linear in the text (security 6.11). Internal.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace strongroom::cel {

// Null, with the reason in `problem`, for what is no expression or too big.
std::unique_ptr<const re2::RE2> CompileRegex(std::string_view pattern, std::string& problem);

// What ten bytes of text cost to match.
inline std::uint64_t RegexFactor(std::string_view pattern) { return 1 + pattern.size() / 25; }

}  // namespace strongroom::cel
