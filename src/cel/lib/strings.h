// Work on texts that more than one library does. Each charges the call's budget; when that is
// refused, the value means nothing.
#pragma once

#include <cstdint>
#include <string_view>

#include "cel/function.h"

namespace strongroom::cel {

// Takes what searching `wanted` costs, which may be compared at every place of `text`.
bool ChargeTextSearch(const Call& call, std::string_view text, std::string_view wanted);
// `text` with the first `limit` occurrences of `old` replaced; all for a negative limit. An empty
// `old` is found before every code point and at the end.
Value ReplaceText(const Call& call, std::string_view text, std::string_view old,
                  std::string_view with, std::int64_t limit);
// The parts of `text`, at most `limit`; all for a negative limit, none for 0. An empty separator
// stands between code points. `text` outlives the value.
Value SplitText(const Call& call, std::string_view text, std::string_view separator,
                std::int64_t limit);
// `text` with its clauses replaced by the elements of `values`.
Value FormatText(const Call& call, std::string_view text, const Value& values);

}  // namespace strongroom::cel
