// RFC 3339 text of base::Timestamp.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"

namespace strongroom::scalars {

// rfc3339 5.6, any offset, up to nine digits of a second; `T` and `Z` in upper case; no leap
// second. Fails with kTimestampParseError, worded as ParseDate's errors are. Instants outside of
// 1677-09-21 to 2262-04-11 do not fit and fail too.
base::Result<base::Timestamp> ParseTimestamp(std::string_view text);

// In UTC with as many digits of a second as needed: `2026-01-28T06:24:05.540808Z`,
// `2026-01-28T06:24:05Z`. (base::FormatTimestamp always prints six.)
std::string PrintTimestamp(base::Timestamp at);

}  // namespace strongroom::scalars
